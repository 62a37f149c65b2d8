-- Who was expected and who reported, by feed, reporter and period; a daily feed is counted by month.
with
situees as (
    select
        *,
        case frequence
            when 'P3M' then 'trimestre'
            when 'P6M' then 'semestre'
            when 'P1Y' then 'annee'
            else 'mois'
        end as granularite,
        if(frequence = 'P1D', date_trunc('month', debut)::date, debut) as periode_debut
    from declarations
)
select
    flux,
    declarant,
    arg_max(territoire_niveau, debut) as territoire_niveau,
    arg_max(territoire_code, debut) as territoire_code,
    granularite,
    case granularite
        when 'mois' then strftime(periode_debut, '%Y-%m')
        when 'trimestre' then year(periode_debut) || '-T' || quarter(periode_debut)
        when 'semestre' then year(periode_debut) || '-S' || if(month(periode_debut) < 7, 1, 2)
        else year(periode_debut)::varchar
    end as periode,
    periode_debut,
    count(*) as attendues,
    count(*) filter (where recue) as recues,
    case
        when count(*) = count(*) filter (where recue) then 'complete'
        when bool_or(recue) then 'partielle'
        else 'aucune'
    end as statut,
    if(bool_or(origine = 'simule'), 'simule', 'reel') as origine
from situees
group by flux, declarant, granularite, periode_debut
