-- Which cells a reader may add up into which, by kind of sum. Whether the sum is whole is for their reports to say.
with
ensembles as (
    select * from cellules where ventilation = 'ensemble'
),
ventilees as (
    select * from cellules where ventilation <> 'ensemble'
),
ascendance as (
    select niveau, code, parent_niveau, parent_code from territoires where parent_code is not null
),
lignee as (
    with recursive montee as (
        select niveau, code, parent_niveau, parent_code from ascendance
        union
        select montee.niveau, montee.code, ascendance.parent_niveau, ascendance.parent_code
        from montee
        join ascendance on ascendance.niveau = montee.parent_niveau and ascendance.code = montee.parent_code
    )
    select * from montee
),
calendrier as (
    select *
    from (values
        ('temps', 'annee', 'trimestre', 'year'),
        ('temps', 'trimestre', 'mois', 'quarter'),
        ('temps', 'mois', 'jour', 'month'),
        ('temps_mois', 'annee', 'mois', 'year')
    ) as c (genre, longue, courte, partie)
),
temps as (
    select calendrier.genre, longue.cellule as tout, courte.cellule as partie
    from cellules as courte
    join calendrier on calendrier.courte = courte.granularite
    join cellules as longue
        on longue.granularite = calendrier.longue
        and longue.debut = date_trunc(calendrier.partie, courte.debut)::date
        and longue.niveau = courte.niveau and longue.code = courte.code
        and longue.ventilation = courte.ventilation and longue.modalite = courte.modalite
),
territoires_freres as (
    select tout.cellule as tout, partie.cellule as partie
    from ensembles as partie
    join ascendance using (niveau, code)
    join ensembles as tout
        on tout.niveau = ascendance.parent_niveau and tout.code = ascendance.parent_code
        and tout.granularite = partie.granularite and tout.debut = partie.debut
),
-- Who reports for the territory itself rather than for one below it.
directes as (
    select
        'territoire_' || ventilees.ventilation as genre,
        ensembles.cellule as tout,
        ventilees.cellule as partie
    from ventilees
    join ensembles using (niveau, code, granularite, debut)
    left join services
        on services.service_id = ventilees.modalite
        and services.territoire_niveau = ventilees.niveau and services.territoire_code = ventilees.code
    where ventilees.ventilation = 'ligne_metro' or (ventilees.ventilation = 'service' and services.service_id is not null)
),
ventilations as (
    select 'ventilation_' || ventilees.ventilation as genre, ensembles.cellule as tout, ventilees.cellule as partie
    from ventilees
    join ensembles using (niveau, code, granularite, debut)
),
modalites as (
    select 'modalite' as genre, tout.cellule as tout, partie.cellule as partie
    from ventilees as partie
    join lignee using (niveau, code)
    join ventilees as tout
        on tout.niveau = lignee.parent_niveau and tout.code = lignee.parent_code
        and tout.granularite = partie.granularite and tout.debut = partie.debut
        and tout.ventilation = partie.ventilation and tout.modalite = partie.modalite
    where tout.niveau in ('region', 'france')
),
imbriquees as (
    select 'imbrication_' || partie.ventilation as genre, tout.cellule as tout, partie.cellule as partie
    from ventilees as partie
    join imbrications on imbrications.partie = partie.ventilation
    join ventilees as tout
        on tout.niveau = partie.niveau and tout.code = partie.code
        and tout.granularite = partie.granularite and tout.debut = partie.debut
        and tout.ventilation = imbrications.tout
        and tout.modalite = split_part(partie.modalite, '/', 1)
)
select * from temps
union all
select 'territoire', tout, partie from territoires_freres
union all
select distinct directes.genre, territoires_freres.tout, territoires_freres.partie
from territoires_freres
join directes using (tout)
union all
select * from directes
union all
select * from ventilations
union all
select * from modalites
union all
select * from imbriquees
