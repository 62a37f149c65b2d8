-- Returns expected and received of the periods that ended in the quarter reviewed; of a feed that has none, those of
-- its last period that had ended.
with closes as (
    select
        *,
        (periode_debut + case granularite
            when 'jour' then interval 1 day
            when 'mois' then interval 1 month
            when 'trimestre' then interval 3 month
            when 'semestre' then interval 6 month
            else interval 1 year
        end - interval 1 day)::date as periode_fin
    from couverture
),

echues as (
    select * from closes
    where periode_fin <= $fin
    qualify periode_fin >= $debut or periode_fin = max(periode_fin) over (partition by flux)
)

select
    flux,
    min_by(periode, periode_debut) as premiere,
    max_by(periode, periode_debut) as derniere,
    sum(attendues)::integer as attendues,
    sum(recues)::integer as recues,
    (count(distinct declarant) filter (recues < attendues))::integer as incomplets,
    max(origine) as origine
from echues
group by flux
order by flux
