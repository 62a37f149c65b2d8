-- The series whose cells add up: a measure where every declaration counts, and an indicator where only some do. A cell
-- heads the equations of its own series (`tete`); in another series it is only a part.
with
series as (
    select cellule, flux || '/' || mesure as serie, true as tete
    from cellules
    where additive and large
    union all
    select distinct cellule, indicateur || '/' || role as serie, not large as tete
    from roles
    where additive and (indicateur, role) in (select distinct indicateur, role from roles where not large)
)
select series.serie, series.tete, cellules.*
from series
join cellules using (cellule)
