-- Each target with the published quarters of the indicator that measures it, where one has its unit and its territory. An
-- action that was given up will not be completed: the others are the most there can be (`plafond`).
with
plafonds as (
    select
        'pilotage_actions_realisees' as indicateur,
        territoire_niveau,
        territoire_code,
        periode,
        attendues - valeur as plafond
    from publiees
    where indicateur = 'pilotage_actions_abandonnees' and granularite = 'trimestre' and ventilation = 'ensemble'
)
select
    objectifs.id as objectif,
    objectifs.indicateur,
    objectifs.operateur,
    objectifs.valeur_cible,
    objectifs.echeance,
    publiees.periode,
    publiees.valeur,
    publiees.borne_basse,
    publiees.borne_haute,
    publiees.numerateur,
    publiees.denominateur,
    publiees.statut,
    publiees.provisoire,
    publiees.attendues,
    publiees.recues,
    publiees.origine,
    plafonds.plafond
from objectifs
left join publiees
    on publiees.indicateur = objectifs.indicateur
    and publiees.unite = objectifs.unite
    and publiees.territoire_niveau = objectifs.territoire_niveau
    and publiees.territoire_code = objectifs.territoire_code
    and publiees.granularite = 'trimestre'
    and publiees.ventilation = 'ensemble'
left join plafonds
    on plafonds.indicateur = publiees.indicateur
    and plafonds.territoire_niveau = publiees.territoire_niveau
    and plafonds.territoire_code = publiees.territoire_code
    and plafonds.periode = publiees.periode
order by objectifs.id, publiees.periode_debut
