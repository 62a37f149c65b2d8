-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
-- People are distinct within one day only: their sum over days is an amount of person-days, and bears that name.
select
    flux.*,
    flux.service_id as declarant,
    services.date_fin as fermeture,
    services.territoire_niveau,
    services.territoire_code,
    flux.jour as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'service', 'modalite': flux.service_id}
    ] as ventilations,
    (flux.heures_ouverture > 0)::integer as jours_ouverts,
    if(flux.heures_ouverture > 0, flux.capacite, 0) as places_jours,
    flux.personnes as personnes_jours,
    flux.femmes as femmes_jours
from flux_plan_espaces_repos as flux
join services using (service_id)
