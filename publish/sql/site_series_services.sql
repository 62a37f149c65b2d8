-- One series to draw for each service: the first of the given indicators that it has, else the fullest.
with
candidates as (
    select modalite, indicateur, granularite, territoire_niveau, territoire_code, count(valeur) as connues
    from observations
    where ventilation = 'service'
    group by all
    having count(valeur) >= $points
),
choisies as (
    select *
    from candidates
    qualify row_number() over (
        partition by modalite
        order by
            coalesce(array_position($premiers, indicateur), 99),
            array_position(['trimestre', 'mois', 'annee'], granularite),
            connues desc,
            indicateur,
            array_position(['commune', 'arrondissement', 'departement', 'region', 'france'], territoire_niveau),
            territoire_code
    ) = 1
)
select observations.*
from observations
join choisies using (modalite, indicateur, granularite, territoire_niveau, territoire_code)
where ventilation = 'service'
order by modalite, periode_debut
