-- For each cell, whether the rule hides it, whether everyone knows it already, and whether it was secret before. Hidden:
-- a count from 1 to the threshold; nobody or everybody in a small group. Known: shown by an earlier release with the same
-- value over the same declarations. A cell that was secret costs the reader nothing more if it is hidden again.
with
petits_groupes as (
    select n.cellule
    from roles as n
    join roles as d on d.rang = n.rang and d.role = 'denominateur'
    join indicateurs as i on i.indicateur = n.indicateur and i.genre = 'part'
    where n.role = 'numerateur' and n.valeur in (0, d.valeur) and d.valeur > 0 and d.valeur < $petit_groupe
    union
    select c.cellule
    from equations as e
    cross join unnest(e.parties) as u (cellule)
    join cellules as c using (cellule)
    join cellules as w on w.cellule = e.tout
    where list_contains($attributs, c.ventilation) and w.ventilation = 'ensemble'
      and c.valeur = w.valeur and w.valeur > 0 and w.valeur < $petit_groupe
),
anciennes as (
    select
        c.cellule,
        bool_or(a.valeur is not distinct from c.valeur and a.recues = c.recues) as publique,
        bool_or(a.valeur is null and a.recues = c.recues) as tue
    from cellules as c
    join cellules_anciennes as a
        using (flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a)
    group by c.cellule
)
select
    c.cellule,
    coalesce(a.publique, false) as publique,
    coalesce(a.tue, false) as tue,
    not coalesce(a.publique, false) and (
        c.valeur between 1 and $seuil - 1 or c.cellule in (from petits_groupes)
    ) as primaire
from cellules as c
left join anciennes as a using (cellule)
