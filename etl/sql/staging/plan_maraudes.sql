-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
-- A metro line crosses territories: its rounds belong to the region of the team's department.
select
    flux.*,
    flux.equipe_id || '/' || flux.lieu_code as declarant,
    services.date_fin as fermeture,
    if(lieux.niveau is null, regions.parent_niveau, lieux.niveau) as territoire_niveau,
    if(lieux.niveau is null, regions.parent_code, flux.lieu_code) as territoire_code,
    (flux.mois || '-01')::date as debut,
    list_concat(
        [{'ventilation': 'ensemble', 'modalite': 'tous'}, {'ventilation': 'service', 'modalite': flux.equipe_id}],
        if(lieux.niveau is null, [{'ventilation': 'ligne_metro', 'modalite': flux.lieu_code}], [])
    ) as ventilations
from flux_plan_maraudes as flux
join services on services.service_id = flux.equipe_id
join territoires as regions
    on regions.niveau = services.territoire_niveau and regions.code = services.territoire_code
left join territoires as lieux
    on lieux.code = flux.lieu_code and lieux.niveau in ('arrondissement', 'commune')
