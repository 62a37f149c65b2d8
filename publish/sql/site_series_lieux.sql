-- One series to draw for each place: the first of the given indicators that it has, else the fullest.
with
candidates as (
    select territoire_niveau, territoire_code, indicateur, granularite, count(valeur) as connues
    from observations
    where ventilation = 'ensemble'
    group by all
    having count(valeur) >= $points
),
choisies as (
    select *
    from candidates
    qualify row_number() over (
        partition by territoire_niveau, territoire_code
        order by
            coalesce(array_position($premiers, indicateur), 99),
            array_position(['trimestre', 'mois', 'annee'], granularite),
            connues desc,
            indicateur
    ) = 1
)
select observations.*
from observations
join choisies using (territoire_niveau, territoire_code, indicateur, granularite)
where ventilation = 'ensemble'
order by territoire_niveau, territoire_code, periode_debut
