-- The usual size of a revision by indicator and age of the figure: mean revision, mean absolute revision and relative
-- mean absolute revision, as in the OECD / Eurostat Guidelines on Revisions Policy and Analysis (recommended statistical
-- measures for interpreting the outputs of revision analyses).
select
    indicateur,
    age_trimestres,
    last(unite order by paire) as unite,
    count(*) as comparaisons,
    count(*) filter (nouvelle <> ancienne) as revisees,
    round(avg(nouvelle - ancienne), 6) as biais,
    round(avg(abs(nouvelle - ancienne)), 6) as ecart_absolu_moyen,
    round(sum(abs(nouvelle - ancienne)) / nullif(sum(abs(nouvelle)), 0), 6) as ecart_relatif,
    round(max(abs(nouvelle - ancienne)), 6) as ecart_absolu_max,
    count(distinct paire) as versions,
    max(origine) as origine
from paires
group by indicateur, age_trimestres
