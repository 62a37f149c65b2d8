-- The sums of each release that hold an unknown or contradict themselves, each once. `ecart`: reports of the whole that
-- none of its parts shows; the sum is an equation where there are none, else the whole exceeds it by what they told.
with
additives as (
    select distinct version, serie, quantite_id, mesure, temps = 'somme' as temps_somme
    from series
    where sensible and territoire = 'somme'
),
sans_trimestre as (
    select version, serie
    from presences
    join cellules using (cellule)
    group by all
    having not bool_or(granularite = 'trimestre')
),
-- A series is added up within itself or, where both tell every report, under the other names of its measure.
paires as (
    select tous.version, tous.serie, parts.serie as serie_parts, tous.temps_somme, sans_trimestre.serie is not null as sans_trimestre
    from additives as tous
    join additives as parts
        on parts.version = tous.version and parts.quantite_id = tous.quantite_id
        and (parts.serie = tous.serie or parts.mesure <> tous.mesure)
    left join sans_trimestre on sans_trimestre.version = tous.version and sans_trimestre.serie = tous.serie
),
cumuls as (
    select
        tous.version,
        tous.serie,
        paires.serie_parts,
        liens.genre,
        tous.noeud as tout,
        any_value(tous.cellule) as cellule,
        any_value(tous.valeur) as valeur,
        any_value(tous.recues) - sum(parts.recues) as ecart,
        count(*) filter (where parts.valeur is null) + any_value(if(tous.valeur is null, 1, 0)) as inconnues,
        sum(parts.valeur) as connu,
        any_value(tous.propre) = 0 and max(parts.propre) = 0 as entieres,
        list(parts.noeud order by parts.noeud) as parties
    from presences as tous
    join paires on paires.version = tous.version and paires.serie = tous.serie
    join liens on liens.tout = tous.cellule
    join presences as parts
        on parts.version = tous.version and parts.serie = paires.serie_parts and parts.cellule = liens.partie
    where (paires.temps_somme or not starts_with(liens.genre, 'temps'))
      and (paires.sans_trimestre or liens.genre <> 'temps_mois')
    group by tous.version, tous.serie, paires.serie_parts, liens.genre, tous.noeud
),
entiers as (
    select *
    from cumuls
    where ecart >= 0 and (serie = serie_parts or (ecart = 0 and entieres))
    -- Of the ways to add territories up, those that are whole make the others useless.
    qualify not starts_with(genre, 'territoire') or ecart = 0
        or min(ecart) over (partition by version, serie, serie_parts, tout, starts_with(genre, 'territoire')) > 0
),
utiles as (
    select * from entiers where inconnues > 0 or ecart > 0 or abs(valeur - connu) > 0.5
)
select
    case
        when starts_with(genre, 'territoire') then 'territoire'
        when starts_with(genre, 'temps') then 'temps'
        else genre
    end as genre,
    tout,
    parties,
    ecart > 0 as reste,
    max(version) as version,
    max(serie) as serie
from utiles
group by all
