-- The observations as they may be published: one is secret if a cell that it shows is hidden. Why a cell is hidden, by
-- the rule, to shield another or because it was before, is not told.
with
secretes as (
    select distinct roles.rang
    from roles
    join motif using (cellule)
    where motif.cachee
)
select observees.* exclude (rang) replace (
    if(secretes.rang is null, valeur, null) as valeur,
    if(secretes.rang is null, numerateur, null) as numerateur,
    if(secretes.rang is null, denominateur, null) as denominateur,
    if(secretes.rang is null, borne_basse, null) as borne_basse,
    if(secretes.rang is null, borne_haute, null) as borne_haute,
    if(secretes.rang is null, statut, 'secret') as statut,
    if(secretes.rang is null, obs_status, 'Q') as obs_status,
    if(secretes.rang is null, conf_status, 'C') as conf_status
)
from observees
left join secretes on secretes.rang = observees.rang
