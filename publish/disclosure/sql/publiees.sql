-- The observations as they may be published: one is secret if a cell that it shows is hidden, or one that it
-- bounds, as a median does of those below a threshold. Why a cell is hidden, by the rule, to shield another or because it was
-- before, is not told.
with
secretes as (
    select distinct roles.rang
    from roles
    join motif using (cellule)
    where motif.cachee
    union
    select o.rang
    from observees as o
    join indicateurs as i using (indicateur)
    join mesures as m on m.flux = o.source and m.mesure = i.numerateur
    join cellules as c
        on c.flux = o.source
        and c.mesure = m.borne
        and c.niveau = o.territoire_niveau
        and c.code = o.territoire_code
        and c.granularite = o.granularite
        and c.debut = o.periode_debut
        and c.ventilation = o.ventilation
        and c.modalite = o.modalite
    join motif on motif.cellule = c.cellule
    where motif.cachee and o.valeur is not null
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
