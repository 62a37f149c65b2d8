-- What earlier releases showed of the present cells over more or fewer declarations, each a cell that everyone knows
-- (`ancienne`, numbered after the others): beside the present one it leaves what the declarations between the two told.
-- Where a feed was redone (of at least ten figures of a quarter, or of a year for what is told by the year, that a release
-- and the next both tell over the same declarations, zeros apart, most differ), what was before is no part of what is now.
with
situees as (
    select
        *,
        if(granularite = 'annee', 'annee', 'trimestre') as pas,
        date_trunc(if(granularite = 'annee', 'year', 'quarter'), debut) as moment
    from (
        from cellules_anciennes
        union all by name
        select flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a, recues, valeur, $version as version
        from cellules
    )
),
refontes as (
    select flux, pas, moment, apres.version
    from situees as apres
    join situees as avant
        using (flux, mesure, niveau, code, granularite, debut, ventilation, modalite, propre_a, recues, pas, moment)
    where avant.version = apres.version - 1 and greatest(avant.valeur, apres.valeur) > 0
    group by all
    having count(*) >= 10 and count(*) filter (where avant.valeur <> apres.valeur) > count(*) / 2
),
paires as (
    select distinct c.cellule, c.valeur, a.valeur as connue, a.recues, a.recues > c.recues as plus
    from cellules as c
    join protections as p using (cellule)
    join situees as a using (flux, mesure, niveau, code, granularite, debut, ventilation, modalite)
    where a.version < $version
      and c.additive
      and not p.publique
      and if(plus, a.propre_a = '', c.large and a.recues < c.recues)
      and not exists (
          from refontes as r
          where r.flux = a.flux and r.pas = a.pas and r.moment = a.moment and r.version > a.version
      )
),
numerotees as (
    select *, (select count(*) from cellules) + row_number() over (order by cellule, recues, connue) - 1 as ancienne
    from paires
    where if(plus, connue >= valeur, valeur >= connue)
)
select
    'versions' as genre,
    ancienne,
    if(plus, ancienne, cellule)::integer as tout,
    [if(plus, cellule, ancienne)::integer] as parties,
    true as compte,
    abs(connue - valeur)::bigint as reste,
    connue::bigint as valeur
from numerotees
order by ancienne
