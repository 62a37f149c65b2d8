-- The values that a release showed.
select distinct flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a, recues, valeur
from cellules
where valeur is not null
