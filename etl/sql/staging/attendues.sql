-- The declarations expected, each with what was received. A reporter is expected at every period of the feed, from its
-- first declaration to the last period of the feed, or to its closing.
with
bornes as (
    select max(debut) as dernier from lignes
),
declarants as (
    select
        declarant,
        min(debut) as premier,
        max(fermeture) as fermeture,
        arg_max(territoire_niveau, debut) as territoire_niveau,
        arg_max(territoire_code, debut) as territoire_code,
        arg_max(ventilations, debut) as ventilations,
        arg_max(origine, debut) as origine
    from lignes
    group by declarant
),
calendrier as (
    select
        declarants.*,
        unnest(generate_series(premier::timestamp, least(dernier, coalesce(fermeture, dernier))::timestamp, $pas::interval))::date as debut
    from declarants, bornes
)
select
    lignes.* exclude (declarant, debut, territoire_niveau, territoire_code, ventilations, origine, fermeture),
    lignes.declarant is not null as recue,
    calendrier.declarant,
    calendrier.debut,
    coalesce(lignes.territoire_niveau, calendrier.territoire_niveau) as territoire_niveau,
    coalesce(lignes.territoire_code, calendrier.territoire_code) as territoire_code,
    coalesce(lignes.ventilations, calendrier.ventilations) as ventilations,
    coalesce(lignes.origine, calendrier.origine) as origine
from calendrier
left join lignes using (declarant, debut)
