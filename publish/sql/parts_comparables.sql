-- Shares whose favourable direction is declared, by territory, beside the same share of the territory that encloses it:
-- whole, final and published on both sides, at the last quarter for which the indicator has such a pair.
with parts as (
    select publiees.*, indicateurs.polarite
    from publiees
    join indicateurs using (indicateur)
    where indicateurs.genre = 'part'
      and indicateurs.polarite <> 'aucune'
      and publiees.granularite = 'trimestre'
      and publiees.ventilation = 'ensemble'
      and publiees.statut in ('valeur', 'zero')
      and not publiees.provisoire
),

paires as (
    select
        ici.indicateur,
        ici.territoire_niveau,
        ici.territoire_code,
        ici.periode,
        ici.valeur,
        ici.borne_basse,
        ici.borne_haute,
        ici.unite,
        ici.polarite,
        autour.territoire_niveau as reference_niveau,
        autour.territoire_code as reference_code,
        autour.valeur as reference_valeur,
        greatest(ici.origine, autour.origine) as origine
    from parts as ici
    join territoires
        on territoires.niveau = ici.territoire_niveau and territoires.code = ici.territoire_code
    join parts as autour
        on autour.indicateur = ici.indicateur
        and autour.periode = ici.periode
        and autour.territoire_niveau = territoires.parent_niveau
        and autour.territoire_code = territoires.parent_code
    where ici.borne_basse is not null
    qualify ici.periode = max(ici.periode) over (partition by ici.indicateur)
)

select paires.*, tendances.formulation
from paires
join tendances
    on tendances.indicateur = paires.indicateur
    and tendances.territoire_niveau = paires.territoire_niveau
    and tendances.territoire_code = paires.territoire_code
    and tendances.ventilation = 'ensemble'
order by all
