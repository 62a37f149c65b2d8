-- A quantity in the words of the release: what it counts, and over which cell.
select
    noeuds.noeud,
    s.flux || '.' || s.quantite as mesure,
    cellules.niveau,
    cellules.code,
    cellules.periode,
    cellules.ventilation,
    cellules.modalite,
    noeuds.recues,
    noeuds.version,
    s.indicateurs
from noeuds
join cellules using (cellule)
join (
    select quantite_id, any_value(flux) as flux, any_value(quantite) as quantite,
        list(distinct indicateur order by indicateur) as indicateurs
    from series
    group by quantite_id
) as s using (quantite_id)
where list_contains($noeuds, noeuds.noeud)
