-- What a release told of each cell: the values shown, or nothing where it was secret wherever it could have been shown.
select distinct flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a, recues, valeur
from cellules
qualify valeur is not null or count(valeur) over (
    partition by flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a, recues
) = 0
