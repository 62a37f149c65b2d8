-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
select
    flux.*,
    flux.region_code || '/' || flux.genre_structure as declarant,
    null::date as fermeture,
    'region' as territoire_niveau,
    flux.region_code as territoire_code,
    make_date(left(flux.trimestre, 4)::integer, 3 * right(flux.trimestre, 1)::integer - 2, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'structure', 'modalite': flux.genre_structure}
    ] as ventilations
from flux_plan_aval as flux
