-- The scenes of Paris and its inner ring, quarter by quarter, as they are published: each territory with those of its
-- neighbours whose value is published for the same quarter.
with
scenes as (
    select publiees.*
    from publiees
    join territoires
        on territoires.niveau = publiees.territoire_niveau and territoires.code = publiees.territoire_code
    where publiees.indicateur in ('scenes_presence_max', 'scenes_part_jours_actifs')
      and publiees.granularite = 'trimestre'
      and publiees.ventilation = 'ensemble'
      and (
          (territoires.niveau = 'arrondissement' and territoires.parent_code = '75')
          or (territoires.niveau = 'commune' and territoires.parent_code in ('92', '93', '94'))
      )
),
liens as (
    select
        voisines.indicateur,
        voisines.periode,
        adjacences.code,
        list(adjacences.voisin_code order by adjacences.voisin_code) as voisins
    from adjacences
    join scenes as voisines
        on voisines.territoire_niveau = adjacences.voisin_niveau and voisines.territoire_code = adjacences.voisin_code
    where voisines.valeur is not null
    group by all
)
select
    scenes.indicateur,
    scenes.periode,
    scenes.territoire_code,
    scenes.statut,
    scenes.valeur,
    coalesce(liens.voisins, []) as voisins,
    scenes.provisoire,
    scenes.origine
from scenes
left join liens
    on liens.indicateur = scenes.indicateur
    and liens.periode = scenes.periode
    and liens.code = scenes.territoire_code
order by scenes.indicateur, scenes.periode, scenes.territoire_code
