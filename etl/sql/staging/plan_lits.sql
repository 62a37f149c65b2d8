-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
select
    flux.*,
    flux.etablissement_id || '/' || flux.unite as declarant,
    services.date_fin as fermeture,
    services.territoire_niveau,
    services.territoire_code,
    (flux.mois || '-01')::date as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'service', 'modalite': flux.etablissement_id},
        {'ventilation': 'unite', 'modalite': flux.etablissement_id || '/' || flux.unite}
    ] as ventilations
from flux_plan_lits as flux
join services on services.service_id = flux.etablissement_id
