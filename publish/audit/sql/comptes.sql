-- Rows of the audited release by indicator: all, hidden.
select indicateur, count(*) as lignes, count(*) filter (where statut = 'secret') as secretes
from lignes
where version = $version
group by indicateur
order by indicateur
