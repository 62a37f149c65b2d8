-- The last periods of each indicator in every place, at the grain of its main series: what its page shows as a table.
with
grains as (select distinct indicateur, granularite from series),
rangees as (
    select
        observations.*,
        dense_rank() over (partition by indicateur order by periode_debut desc) as recul
    from observations
    join grains using (indicateur, granularite)
    where ventilation = 'ensemble'
)
select * exclude (recul)
from rangees
where recul <= $periodes
order by indicateur, territoire_niveau, territoire_code, periode_debut
