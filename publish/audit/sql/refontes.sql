-- How many times the figures of a feed were redone, up to each release: by quarter, or by year for what is told by the
-- year. Redone: of the figures, zeros apart, that a release and the one before both show over the same reports, most
-- differ. Who sees that has no reason to take the hidden ones as unchanged.
with
situees as (
    select
        roles.*,
        series.flux,
        if(cellules.granularite = 'annee', 'annee', 'trimestre') as pas,
        date_trunc(if(cellules.granularite = 'annee', 'year', 'quarter'), cellules.debut) as moment
    from roles
    join series using (version, serie, quantite_id)
    join cellules using (cellule)
),
comparees as (
    select
        apres.flux, apres.pas, apres.moment, apres.version,
        count(*) as vues,
        count(*) filter (where abs(apres.valeur - avant.valeur) > 0.5) as changees
    from situees as apres
    join situees as avant
        on avant.version = apres.version - 1 and avant.serie = apres.serie
        and avant.quantite_id = apres.quantite_id and avant.cellule = apres.cellule and avant.recues = apres.recues
    where greatest(apres.valeur, avant.valeur) > 0 and apres.valeur is not null and avant.valeur is not null
    group by all
),
presentes as (
    select distinct flux, pas, moment, version from situees
),
comptees as (
    select
        flux, pas, moment, version,
        count(*) filter (where vues >= $vues and changees > vues / 2)
            over (partition by flux, pas, moment order by version)::integer as refonte
    from presentes
    left join comparees using (flux, pas, moment, version)
)
select distinct cellule, quantite_id, version, refonte
from situees
join comptees using (flux, pas, moment, version)
where refonte > 0
