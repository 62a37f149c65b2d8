-- Numerators and denominators of one feed's indicators, rolled up: first over periods for each reporter, then over
-- reporters for each territory and breakdown, each measure as the catalogue says. A declaration counts for an indicator
-- only where it carries both: a share of women is taken over the caseload of the services that told both. Of nobody, « not
-- applicable » is an answer too: a delay counts the month without admission, over the same returns as the admissions.
-- An outcome is expected once the time it takes (`recul`) has passed since the end of the period of the cohort.
-- A measure that does not roll up is given only where one reporter has always stood behind it: a series would stop where
-- a second one begins. A breakdown is given at the reporter's own territory and at the highest level of its feed, a day
-- only where it is measured.
with
fin as (
    select max(debut) + $pas::interval as jour from longues
),
granularites as (
    select *
    from (values ('jour', 'day'), ('mois', 'month'), ('trimestre', 'quarter'), ('annee', 'year')) as g (granularite, partie)
),
paires as (
    select
        numerateurs.* exclude (mesure, valeur),
        indicateurs.indicateur,
        indicateurs.jusqua,
        numerateurs.mesure as mesure_numerateur,
        denominateurs.mesure as mesure_denominateur,
        numerateurs.absence is not distinct from 'non concerné' as non_concerne,
        non_concerne and denominateurs.valeur is not distinct from 0 as de_personne,
        case
            when denominateurs.mesure is not null and denominateurs.valeur is null then null
            when de_personne and indicateurs.genre <> 'mesure' then 0
            else numerateurs.valeur
        end as numerateur,
        if(numerateurs.valeur is null and not de_personne, null, denominateurs.valeur) as denominateur,
        non_concerne and (de_personne or indicateurs.genre <> 'mesure' or denominateurs.mesure is null) as sans_objet,
        granularites.granularite,
        date_trunc(granularites.partie, numerateurs.debut)::date as periode_debut
    from indicateurs
    join longues as numerateurs on numerateurs.mesure = indicateurs.numerateur
    join granularites on list_contains(indicateurs.granularites, granularites.granularite)
    left join longues as denominateurs
        on denominateurs.mesure = indicateurs.denominateur
        and denominateurs.declarant = numerateurs.declarant
        and denominateurs.debut = numerateurs.debut
    where indicateurs.flux = $flux
),
regles as (
    select
        paires.*,
        regles_n.temps,
        regles_n.territoire,
        regles_d.temps as temps_d,
        regles_d.territoire as territoire_d,
        numerateur is null and coalesce(debut + $pas::interval + duree(regles_n.recul) > fin.jour, false) as a_venir
    from paires
    cross join fin
    join mesures as regles_n on regles_n.flux = $flux and regles_n.mesure = paires.mesure_numerateur
    left join mesures as regles_d on regles_d.flux = $flux and regles_d.mesure = paires.mesure_denominateur
),
par_declarant as (
    select
        declarant,
        territoire_niveau,
        territoire_code,
        indicateur,
        jusqua,
        granularite,
        periode_debut,
        any_value(ventilations) as ventilations,
        any_value(territoire) as territoire,
        any_value(territoire_d) as territoire_d,
        cumul(any_value(temps), numerateur, debut) as numerateur,
        cumul(any_value(temps_d), denominateur, debut) as denominateur,
        count(*) filter (not a_venir) as attendues,
        count(*) filter (numerateur is not null or de_personne) as recues,
        bool_and(sans_objet or a_venir) as sans_objet,
        bool_or(a_venir) as a_venir,
        bool_or(origine = 'simule') as simule
    from regles
    group by all
    having any_value(temps) <> 'aucune' or count(*) = 1
),
ventiles as (
    select par_declarant.* exclude (ventilations), unnest(ventilations, recursive := true)
    from par_declarant
),
situes as (
    select
        ventiles.* exclude (territoire_niveau, territoire_code),
        ancetres.ancetre_niveau as territoire_niveau,
        ancetres.ancetre_code as territoire_code
    from ventiles
    join ancetres on ancetres.niveau = ventiles.territoire_niveau and ancetres.code = ventiles.territoire_code
    where (ancetres.ancetre_niveau <> 'france' or jusqua = 'france')
      and (ventilation = 'ensemble' or ancetres.ancetre_niveau in (ancetres.niveau, jusqua))
      and (granularite <> 'jour' or (ventilation <> 'ensemble' and ancetres.ancetre_niveau = ancetres.niveau))
),
partages as (
    select
        indicateur,
        territoire_niveau,
        territoire_code,
        ventilation,
        modalite
    from situes
    where territoire = 'aucune'
    group by all
    having min(declarant) <> max(declarant)
)
select
    indicateur,
    territoire_niveau,
    territoire_code,
    granularite,
    periode_debut,
    ventilation,
    modalite,
    cumul(any_value(territoire), numerateur, null) as numerateur,
    cumul(any_value(territoire_d), denominateur, null) as denominateur,
    sum(attendues)::bigint as attendues,
    sum(recues)::bigint as recues,
    bool_and(sans_objet) as sans_objet,
    bool_or(a_venir) as a_venir,
    bool_or(simule) as simule
from situes
anti join partages using (indicateur, territoire_niveau, territoire_code, ventilation, modalite)
group by all
