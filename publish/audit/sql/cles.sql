-- The node of each row of `roles`: the same measure over the same cell with the same reports is one quantity, in every
-- indicator and release. Indicators that take fewer reports than another may take different ones: each has its own.
-- What was redone (`refontes`) starts anew. What two rows show with different values is kept apart, by release or, within
-- one, by indicator (`separees` adds those that an equation showed to differ).
with
portees as (
    select
        roles.*,
        recues = max(recues) over (partition by version, quantite_id, cellule) as entiere,
        coalesce(refonte, 0) as refonte
    from roles
    left join refontes using (version, quantite_id, cellule)
),
situees as (
    select *, if(entiere, 0, serie) as propre from portees
),
dites as (
    select quantite_id, cellule, recues, propre, refonte, version, count(distinct valeur) as valeurs, min(valeur) as valeur
    from situees
    group by all
),
niveaux as (
    select
        quantite_id,
        cellule,
        recues,
        propre,
        refonte,
        greatest(
            if(max(valeurs) > 1, 2, if(count(distinct valeur) > 1, 1, 0)),
            coalesce(any_value(separees.niveau), 0)
        ) as niveau
    from dites
    left join separees using (quantite_id, cellule, recues, propre, refonte)
    group by all
    having niveau > 0
)
select
    situees.*,
    coalesce(niveaux.niveau, 0) as niveau,
    if(niveau > 0, version + 1, -refonte) as edition,
    if(niveau > 1, serie, 0) as indic
from situees
left join niveaux using (quantite_id, cellule, recues, propre, refonte)
