-- The main series of each indicator: with values rather than without, over all rather than by breakdown, the place of
-- its target, else the region the plan is about, by quarter where it has quarters.
with
cibles as (
    select indicateur, arg_min(territoire_niveau, id) as niveau, arg_min(territoire_code, id) as code
    from objectifs
    group by indicateur
),
candidates as (
    select indicateur, ventilation, modalite, territoire_niveau, territoire_code, granularite, count(valeur) as connues
    from observations
    group by all
),
choisies as (
    select candidates.*
    from candidates
    left join cibles using (indicateur)
    qualify row_number() over (
        partition by indicateur
        order by
            connues = 0,
            ventilation <> 'ensemble',
            (territoire_niveau, territoire_code) is distinct from (niveau, code),
            (territoire_niveau, territoire_code) <> ('region', '11'),
            territoire_niveau <> 'france',
            array_position(['trimestre', 'mois', 'annee'], granularite),
            connues desc,
            territoire_niveau,
            territoire_code,
            ventilation,
            modalite
    ) = 1
)
select observations.*
from observations
join choisies using (indicateur, ventilation, modalite, territoire_niveau, territoire_code, granularite)
order by indicateur, periode_debut
