-- What each observation shows of a measure that counts persons or acts on persons, or of what such a measure is a part of:
-- one line a role (numerator, denominator). A cell is a measure over a place, a period, a breakdown and a set of
-- declarations: the indicators that count the largest number of declarations count the same ones, and share their cell;
-- with fewer, a cell belongs to its indicator alone. Two values under one name are two cells.
with
tenues as (
    select flux, mesure, sensible, coalesce(identique_a, mesure) as base
    from mesures
    where sensible or (flux, mesure) in (select (flux, partie_de) from mesures where sensible and partie_de is not null)
),
roles as (
    select
        o.rang,
        dit.role,
        o.indicateur,
        o.source as flux,
        tenues.sensible,
        bases.mesure,
        tenues.sensible and bases.temps = 'somme' and bases.territoire = 'somme' as additive,
        dit.valeur,
        o.territoire_niveau as niveau,
        o.territoire_code as code,
        o.granularite,
        o.periode_debut as debut,
        o.ventilation,
        o.modalite,
        o.recues,
        o.statut = 'secret' as secrete
    from observees as o
    join indicateurs as i using (indicateur)
    cross join unnest([
        {'role': 'numerateur', 'mesure': i.numerateur, 'valeur': if(i.genre = 'mesure', o.valeur, o.numerateur)},
        {'role': 'denominateur', 'mesure': i.denominateur, 'valeur': o.denominateur}
    ]) as dits (dit)
    join tenues on tenues.flux = o.source and tenues.mesure = dit.mesure
    join mesures as bases on bases.flux = tenues.flux and bases.mesure = tenues.base
    where o.statut <> 'non_rapporte' and (dit.valeur is not null or o.statut = 'secret')
),
mesurees as (
    select
        *,
        recues = max(recues) over (
            partition by flux, mesure, niveau, code, granularite, debut, ventilation, modalite
        ) as large
    from roles
)
select
    (dense_rank() over (
        order by
            flux, mesure, niveau, code, granularite, debut, ventilation, modalite, recues, if(large, '', indicateur),
            valeur
    ) - 1)::integer as cellule,
    *
from mesurees
