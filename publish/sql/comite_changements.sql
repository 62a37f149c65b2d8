-- Rows that changed since the release before, by dataset and cause.
select
    jeu,
    cause,
    (count(distinct cle) filter (nature = 'ajout'))::integer as ajouts,
    (count(distinct cle) filter (nature = 'modification'))::integer as modifications,
    (count(distinct cle) filter (nature = 'retrait'))::integer as retraits,
    max(version_avant) as version_avant
from differences
group by jeu, cause
order by jeu, cause
