-- For each cell, whether the rule hides it, whether everyone knows it already, and whether it was secret before. Hidden:
-- a count from 1 to the threshold; nobody or everybody in a small group. Known: what counts no persons; a zero that such a
-- measure gives (no rounds made, nobody met); what an earlier release showed with the same value over the same declarations. Secret before: an observation that shows it was, over the
-- same declarations, or it is still under the threshold.
with
petits_groupes as (
    select n.cellule
    from roles as n
    join roles as d on d.rang = n.rang and d.role = 'denominateur'
    join indicateurs as i on i.indicateur = n.indicateur and i.genre = 'part'
    where n.role = 'numerateur' and n.sensible and d.sensible
      and n.valeur in (0, d.valeur) and d.valeur > 0 and d.valeur < $petit_groupe
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
        bool_or(a.valeur = c.valeur and a.recues = c.recues) as connue
    from cellules as c
    join cellules_anciennes as a
        using (flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a)
    group by c.cellule
),
nulles as (
    select distinct c.cellule
    from cellules as c
    join mesures as m on m.flux = c.flux and m.mesure = c.mesure
    join indicateurs as i on i.genre = 'effectif' and i.numerateur = m.nulle_si
    join observees as o
        on o.indicateur = i.indicateur
        and o.source = c.flux
        and o.territoire_niveau = c.niveau
        and o.territoire_code = c.code
        and o.granularite = c.granularite
        and o.periode_debut = c.debut
        and o.ventilation = c.ventilation
        and o.modalite = c.modalite
        and o.recues >= c.recues
    where o.valeur = 0 and c.valeur = 0
),
tues as (
    select distinct r.cellule
    from observees as o
    join lignes_tues as t
        using (indicateur, territoire_niveau, territoire_code, granularite, periode_debut, ventilation, modalite)
    join roles as r on r.rang = o.rang
    where t.recues = o.recues or r.valeur < $seuil
)
select
    c.cellule,
    not c.sensible or coalesce(a.connue, false) or nulles.cellule is not null as publique,
    not publique and c.cellule in (from tues) as tue,
    not publique and (
        c.valeur between 1 and $seuil - 1 or c.cellule in (from petits_groupes)
    ) as primaire
from cellules as c
left join anciennes as a using (cellule)
left join nulles using (cellule)
