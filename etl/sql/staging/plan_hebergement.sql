-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
-- A mean of places over a month becomes place-days, which add up over months of different lengths.
select
    flux.*,
    flux.service_id as declarant,
    services.date_fin as fermeture,
    services.territoire_niveau,
    services.territoire_code,
    (flux.mois || '-01')::date as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'service', 'modalite': flux.service_id}
    ] as ventilations,
    flux.places_ouvertes * day(last_day((flux.mois || '-01')::date)) as journees_places,
    flux.places_occupees_moyenne * day(last_day((flux.mois || '-01')::date)) as journees_occupees,
    (services.genre = 'ctr' and services.territoire_code = '75' and flux.places_ouvertes > 0)::integer as stabilisation_paris
from flux_plan_hebergement as flux
join services using (service_id)
