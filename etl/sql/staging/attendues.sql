-- The declarations expected, each with what was received. Who is expected when is said by the contract of the feed:
-- by default a reporter is expected at every period, from its first declaration to the last period of the feed or to its
-- closing; « editions » expects it at the periods of which the feed holds at least one row; « aucune » expects nothing.
with
bornes as (
    select max(debut) as dernier from lignes
),
editions as (
    select distinct debut from lignes
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
    where $attendu = 'periodes'
    union all
    select declarants.*, editions.debut
    from declarants
    join editions on editions.debut >= declarants.premier and editions.debut <= coalesce(declarants.fermeture, editions.debut)
    where $attendu = 'editions'
    union all
    select declarants.*, lignes.debut
    from declarants
    join lignes using (declarant)
    where $attendu = 'aucune'
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
