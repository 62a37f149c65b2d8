-- Indicators known by arrondissement or commune, at their finest common grain: all periods, since the limits of the
-- classes are those of the whole series, and the last one is drawn.
with
grains as (
    select indicateur, granularite
    from observations
    where ventilation = 'ensemble' and territoire_niveau in ('arrondissement', 'commune')
    group by indicateur, granularite
    having count(valeur) > 0 and count(distinct territoire_code) >= $territoires
    qualify row_number() over (
        partition by indicateur order by array_position(['trimestre', 'mois', 'annee'], granularite)
    ) = 1
)
select observations.*
from observations
join grains using (indicateur, granularite)
where ventilation = 'ensemble' and territoire_niveau in ('arrondissement', 'commune')
order by indicateur, periode_debut, territoire_niveau, territoire_code
