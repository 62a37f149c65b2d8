-- The usual size of a revision by indicator and age of the figure. Statistics: McKenzie and Gamba, Interpreting the
-- results of revision analyses: recommended summary statistics, OECD, 2008 (mean revision, mean absolute revision,
-- relative mean absolute revision).
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
