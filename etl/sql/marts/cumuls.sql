-- The measures of one feed rolled up: first over periods for each reporter, then over reporters for each territory and
-- breakdown, each measure as the catalogue says. A measure that does not roll up is kept only where one declaration
-- stands behind it. A breakdown is given at the reporter's own territory and for its region, a day only where it is
-- measured.
with
granularites as (
    select *
    from (values ('jour', 'day'), ('mois', 'month'), ('trimestre', 'quarter'), ('annee', 'year')) as g (granularite, partie)
    where list_contains($granularites, granularite)
),
par_declarant as (
    select
        longues.declarant,
        longues.territoire_code,
        longues.mesure,
        granularites.granularite,
        date_trunc(granularites.partie, longues.debut)::date as periode_debut,
        any_value(longues.ventilations) as ventilations,
        any_value(mesures.territoire) as cumul_territoire,
        case any_value(mesures.temps)
            when 'somme' then sum(longues.valeur)
            when 'maximum' then max(longues.valeur)
            when 'minimum' then min(longues.valeur)
            when 'dernier' then arg_max(longues.valeur, longues.debut)
            else if(count(*) = 1, any_value(longues.valeur), null)
        end as valeur,
        count(*) as attendues,
        count(longues.valeur) as recues,
        bool_and(longues.absence is not distinct from 'non concerné') as sans_objet,
        bool_or(longues.origine = 'simule') as simule
    from longues
    join mesures on mesures.flux = $flux and mesures.mesure = longues.mesure
    cross join granularites
    group by all
    having any_value(mesures.temps) <> 'aucune' or count(*) = 1
),
ventiles as (
    select par_declarant.* exclude (ventilations), unnest(ventilations, recursive := true)
    from par_declarant
),
situes as (
    select ventiles.*, ancetres.ancetre_niveau as territoire_niveau, ancetres.ancetre_code as territoire_code_cumul
    from ventiles
    join ancetres on ancetres.code = ventiles.territoire_code and ancetres.niveau in ('arrondissement', 'commune')
    where ancetres.ancetre_niveau <> 'france'
      and (ventilation = 'ensemble' or ancetre_niveau in ('arrondissement', 'commune', 'region'))
      and (granularite <> 'jour' or (ventilation <> 'ensemble' and ancetre_niveau = ancetres.niveau))
)
select
    territoire_niveau,
    territoire_code_cumul as territoire_code,
    granularite,
    periode_debut,
    ventilation,
    modalite,
    mesure,
    case any_value(cumul_territoire)
        when 'somme' then sum(valeur)
        when 'maximum' then max(valeur)
        when 'minimum' then min(valeur)
        else any_value(valeur)
    end as valeur,
    sum(attendues)::bigint as attendues,
    sum(recues)::bigint as recues,
    bool_and(sans_objet) as sans_objet,
    bool_or(simule) as simule
from situes
group by all
having any_value(cumul_territoire) <> 'aucune' or count(*) = 1
