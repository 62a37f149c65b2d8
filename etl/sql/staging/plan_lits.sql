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
    ] as ventilations,
    (flux.unite like 'observation-orientation-%' and flux.lits_ouverts > 0)::integer as unites_observation,
    if(flux.unite like 'observation-orientation-%', flux.lits_ouverts, 0) as lits_observation
from flux_plan_lits as flux
join services on services.service_id = flux.etablissement_id
