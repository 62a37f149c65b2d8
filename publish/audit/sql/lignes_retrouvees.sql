-- Hidden rows of which nothing stays hidden: each quantity that counts persons is told within too few values, or shown.
-- What an earlier release showed alone is public already: it is knowledge, not a leak of this release. How many a hidden
-- quantile is taken over does not tell it.
with
montrees as (
    select version, noeud, bool_or(montree) as montree from presences group by all
)
select distinct
    min(presences.noeud) as noeud
from presences
join montrees using (version, noeud)
join (
    select distinct version, serie, indicateur
    from series
    where sensible and not (genre = 'mesure' and role = 'denominateur')
) as series using (version, serie)
left join etroits using (noeud)
where presences.secret
group by presences.version, series.indicateur, presences.cellule
having bool_and(etroits.noeud is not null or presences.valeur is not null)
   and bool_or(etroits.noeud is not null or montrees.montree)
order by noeud
