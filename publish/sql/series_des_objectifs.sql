-- Each target with the published quarters of the indicator that measures it, where one has its unit and its territory.
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
    publiees.origine
from objectifs
left join publiees
    on publiees.indicateur = objectifs.indicateur
    and publiees.unite = objectifs.unite
    and publiees.territoire_niveau = objectifs.territoire_niveau
    and publiees.territoire_code = objectifs.territoire_code
    and publiees.granularite = 'trimestre'
    and publiees.ventilation = 'ensemble'
order by objectifs.id, publiees.periode_debut
