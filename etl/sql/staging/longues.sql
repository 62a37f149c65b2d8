-- The measures of a feed, one a row: the list holds one structure a measure, with its value and why it is absent.
select
    declarant,
    debut,
    territoire_niveau,
    territoire_code,
    ventilations,
    origine,
    unnest([{mesures}], recursive := true)
from attendues
