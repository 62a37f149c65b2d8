-- What stands of a feed: for each key of its contract, the row of the file received last.
with
recus as (
    select lignes.*, instantanes.sequence
    from read_parquet($fichiers, hive_partitioning = false, union_by_name = true, filename = 'fichier') as lignes
    join (select unnest($fichiers) as fichier, unnest($sequences) as sequence) as instantanes using (fichier)
),
dernieres as (
    select *
    from recus
    qualify row_number() over (partition by {cle} order by sequence desc) = 1
)
select * exclude (fichier, sequence)
from dernieres
order by {cle}
