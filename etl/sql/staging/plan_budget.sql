-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
select
    flux.*,
    flux.financeur || '/' || flux.axe as declarant,
    null::date as fermeture,
    'region' as territoire_niveau,
    '11' as territoire_code,
    make_date(flux.annee, 1, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'axe', 'modalite': flux.axe},
        {'ventilation': 'financeur', 'modalite': flux.financeur}
    ] as ventilations
from flux_plan_budget as flux
