-- The quantities an attacker reasons about, numbered in a fixed order; `valeur` where some release shows it.
select
    row_number() over (order by quantite_id, cellule, recues, propre, edition, indic)::integer - 1 as noeud,
    quantite_id,
    cellule,
    recues,
    propre,
    edition,
    indic,
    any_value(niveau) as niveau,
    any_value(refonte) as refonte,
    max(valeur) as valeur,
    bool_or(secret) as secret,
    max(version) as version,
    max(version) filter (where valeur is not null) as version_vue,
    min(serie) as serie
from cles
group by quantite_id, cellule, recues, propre, edition, indic
