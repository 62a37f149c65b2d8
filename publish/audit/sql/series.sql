-- What each indicator shows of which quantity, in each role. A measure and the one that it is another name of are one
-- quantity. Kept: the quantities that count persons, and what they are parts of.
with
noms as (
    select mesures.*, coalesce(identique_a, mesure) as quantite from mesures
),
touts as (
    select distinct noms.flux, entiers.quantite
    from noms
    join noms as entiers on entiers.flux = noms.flux and entiers.mesure = noms.partie_de
    where noms.sensible
),
roles as (
    select version, indicateur, flux, genre, intervalle, 'numerateur' as role, numerateur as mesure from indicateurs
    union all
    select version, indicateur, flux, genre, intervalle, 'denominateur', denominateur from indicateurs
    where denominateur is not null
),
retenus as (
    select roles.*, noms.quantite, entiers.sensible, entiers.temps, entiers.territoire
    from roles
    join noms using (flux, mesure)
    join noms as entiers on entiers.flux = noms.flux and entiers.mesure = noms.quantite
    where entiers.sensible or (noms.flux, noms.quantite) in (select (flux, quantite) from touts)
)
select
    version,
    dense_rank() over (order by indicateur, role, flux, mesure)::integer as serie,
    dense_rank() over (order by flux, quantite)::integer as quantite_id,
    indicateur,
    role,
    flux,
    genre,
    mesure,
    quantite,
    sensible,
    temps,
    territoire
from retenus
