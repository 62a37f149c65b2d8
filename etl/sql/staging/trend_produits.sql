-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
-- Opinions of a site are evidence, not quantities: no measure is computed from them, only their coverage.
select
    flux.*,
    flux.site || '/' || flux.produit as declarant,
    null::date as fermeture,
    'france' as territoire_niveau,
    'FR' as territoire_code,
    make_date(left(flux.semestre, 4)::integer, 6 * right(flux.semestre, 1)::integer - 5, 1) as debut,
    [{'ventilation': 'ensemble', 'modalite': 'tous'}] as ventilations
from flux_trend_produits as flux
