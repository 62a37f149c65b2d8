-- The observations of one release, as a reader downloads them.
select
    $version::integer as version,
    indicateur,
    territoire_niveau as niveau,
    territoire_code as code,
    granularite,
    periode,
    periode_debut::date as debut,
    ventilation,
    modalite,
    valeur,
    numerateur,
    denominateur,
    borne_basse,
    borne_haute,
    statut,
    recues,
    attendues
from read_parquet($fichier, hive_partitioning = false)
