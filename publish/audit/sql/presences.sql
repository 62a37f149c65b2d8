-- Which node each series of each release shows over each cell.
select
    cles.version,
    cles.serie,
    cles.quantite_id,
    cles.cellule,
    cles.recues,
    cles.propre,
    cles.niveau,
    noeuds.noeud,
    noeuds.valeur,
    cles.secret,
    cles.valeur is not null as montree
from cles
join noeuds using (quantite_id, cellule, recues, propre, edition, indic)
