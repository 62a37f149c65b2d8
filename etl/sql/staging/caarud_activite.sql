-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
select
    flux.*,
    flux.service_id as declarant,
    services.date_fin as fermeture,
    services.territoire_niveau,
    services.territoire_code,
    make_date(flux.annee, 1, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'service', 'modalite': flux.service_id}
    ] as ventilations
from flux_caarud_activite as flux
join services using (service_id)
