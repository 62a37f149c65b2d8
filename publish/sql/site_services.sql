-- The last value of each indicator of each service. The rows of a service are repeated in every place that holds it:
-- those of the smallest are kept.
with
grains as (
    select modalite, indicateur, granularite, territoire_niveau, territoire_code, max(periode_debut) as periode_debut
    from observations
    where ventilation = 'service'
    group by modalite, indicateur, granularite, territoire_niveau, territoire_code
    qualify row_number() over (
        partition by modalite, indicateur
        order by
            array_position(['trimestre', 'mois', 'annee'], granularite),
            array_position(['commune', 'arrondissement', 'departement', 'region', 'france'], territoire_niveau),
            territoire_code
    ) = 1
)
select observations.*
from observations
join grains using (modalite, indicateur, granularite, territoire_niveau, territoire_code, periode_debut)
where ventilation = 'service'
order by modalite, indicateur
