-- The indicators of one feed: numerator over denominator, as the catalogue says, with the status of each value.
with
periodes as (
    select distinct
        granularite,
        periode_debut,
        case granularite
            when 'jour' then periode_debut
            when 'mois' then last_day(periode_debut)
            when 'trimestre' then last_day((periode_debut + interval 2 month)::date)
            else make_date(year(periode_debut), 12, 31)
        end as periode_fin,
        case granularite
            when 'jour' then strftime(periode_debut, '%Y-%m-%d')
            when 'mois' then strftime(periode_debut, '%Y-%m')
            when 'trimestre' then year(periode_debut) || '-T' || quarter(periode_debut)
            else year(periode_debut)::varchar
        end as periode
    from cumuls
),
-- The feed goes as far as its finest periods do: a year that it has begun ends later.
fin as (
    select min(fin) + 1 as lendemain
    from (select max(periode_fin) as fin from periodes group by granularite)
),
habitants as (
    select cles.*, population.population::double as habitants
    from (select distinct territoire_niveau, territoire_code, periode_debut from cumuls) as cles
    asof join population
        on population.niveau = cles.territoire_niveau
        and population.code = cles.territoire_code
        and year(cles.periode_debut) >= population.annee
),
quotients as (
    select
        cumuls.* exclude (denominateur),
        indicateurs.* exclude (indicateur, granularites, numerateur, denominateur),
        if(indicateurs.denominateur = 'population', habitants.habitants, cumuls.denominateur) as denominateur
    from cumuls
    join indicateurs using (indicateur)
    left join habitants using (territoire_niveau, territoire_code, periode_debut)
    -- A rate exists only for the years whose population is known, and for no single service.
    where indicateurs.genre <> 'taux' or (habitants.habitants is not null and cumuls.ventilation = 'ensemble')
),
valeurs as (
    select
        *,
        case
            when genre in ('effectif', 'mesure') then numerateur
            when denominateur > 0 then echelle * numerateur / denominateur
        end as valeur
    from quotients
)
select
    valeurs.indicateur,
    valeurs.territoire_niveau,
    valeurs.territoire_code,
    periodes.periode,
    valeurs.periode_debut,
    periodes.periode_fin,
    valeurs.granularite,
    valeurs.ventilation,
    valeurs.modalite,
    round(valeurs.valeur, 6) as valeur,
    if(valeurs.genre = 'mesure', null, round(valeurs.numerateur, 6)) as numerateur,
    round(valeurs.denominateur, 6) as denominateur,
    valeurs.unite,
    case
        when valeurs.valeur = 0 then 'zero'
        when valeurs.valeur is not null then 'valeur'
        when valeurs.sans_objet or (valeurs.numerateur is not null and valeurs.denominateur = 0) then 'non_applicable'
        else 'non_rapporte'
    end as statut,
    valeurs.a_venir or periodes.periode_fin + 1 > (select lendemain - $provisoire::interval from fin) as provisoire,
    valeurs.attendues,
    valeurs.recues,
    if(valeurs.simule, 'simule', 'reel') as origine,
    valeurs.flux as source,
    valeurs.genre,
    valeurs.intervalle,
    valeurs.echelle
from valeurs
join periodes using (granularite, periode_debut)
