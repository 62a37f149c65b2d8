-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
-- Each status is counted by itself: carried out and partly carried out are never added.
select
    flux.*,
    flux.action_id as declarant,
    null::date as fermeture,
    'region' as territoire_niveau,
    '11' as territoire_code,
    make_date(left(flux.trimestre, 4)::integer, 3 * right(flux.trimestre, 1)::integer - 2, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'axe', 'modalite': flux.axe},
        {'ventilation': 'pilote', 'modalite': flux.pilote}
    ] as ventilations,
    1 as actions,
    (flux.statut = 'non_engagee')::integer as non_engagees,
    (flux.statut = 'engagee')::integer as engagees,
    (flux.statut = 'partiellement_realisee')::integer as partiellement_realisees,
    (flux.statut = 'realisee')::integer as realisees,
    (flux.statut = 'abandonnee')::integer as abandonnees,
    (flux.statut not in ('realisee', 'abandonnee') and flux.echeance < make_date(left(flux.trimestre, 4)::integer, 3 * right(flux.trimestre, 1)::integer - 2, 1) + interval 3 month)::integer as en_retard
from flux_plan_actions as flux
