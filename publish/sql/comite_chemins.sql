-- The published series that measures each target, in its unit and on its territory, at the finest grain above the day,
-- up to the end of the quarter reviewed.
select objectifs.id as objectif, observations.*
from objectifs
join observations
    on observations.indicateur = objectifs.indicateur
    and observations.unite = objectifs.unite
    and observations.territoire_niveau = objectifs.territoire_niveau
    and observations.territoire_code = objectifs.territoire_code
    and observations.ventilation = 'ensemble'
    and observations.granularite <> 'jour'
    and observations.periode_fin <= $fin
qualify dense_rank() over (
    partition by objectifs.id
    order by list_position(['mois', 'trimestre', 'semestre', 'annee'], observations.granularite)
) = 1
order by objectifs.id, observations.periode_debut
