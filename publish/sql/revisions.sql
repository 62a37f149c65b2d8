-- How much a release changed the overall figures of the one before it, one row per figure that both publish. What the
-- later release corrected, defined otherwise or protects is no revision.
with
nouvelles as (
    select
        *,
        {cle} as cle
    from read_parquet($apres, hive_partitioning = false)
    where ventilation = 'ensemble' and valeur is not null
),
ecartees as (
    select distinct cle
    from differences
    where jeu = 'observations' and champ in ('valeur', '*') and cause in ('definition', 'correction')
)
select
    $paire as paire,
    indicateur,
    -- Whole quarters from the end of the period to the release that gave the old figure.
    least(greatest(datesub('month', anciennes.periode_fin + 1, $publiee_le::date) // 3, 0), 8)::int as age_trimestres,
    nouvelles.unite,
    anciennes.valeur as ancienne,
    nouvelles.valeur as nouvelle,
    if(anciennes.origine = 'simule', anciennes.origine, nouvelles.origine) as origine
from nouvelles
join read_parquet($avant, hive_partitioning = false) as anciennes
    using (indicateur, territoire_niveau, territoire_code, granularite, periode, ventilation, modalite)
anti join ecartees using (cle)
where anciennes.valeur is not null
