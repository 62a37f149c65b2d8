-- The sums that a reader can write: a whole, its parts, and what the parts leave (`reste`) where some of what the whole
-- counts is shown nowhere. An equation is complete where its parts count as many declarations as its whole.
with
durees as (
    select *
    from (values ('jour', 1), ('mois', 2), ('trimestre', 3), ('semestre', 4), ('annee', 5)) as d (granularite, duree)
),
pas as (
    select series.serie, durees.granularite, max_by(fines.granularite, fines.duree) as granularite_fine
    from (select distinct serie, granularite from lignes) as series
    join durees using (granularite)
    join (select distinct serie, granularite from lignes) as autres using (serie)
    join durees as fines on fines.granularite = autres.granularite and fines.duree < durees.duree
    group by series.serie, durees.granularite
),
-- The period that a finer line falls in, laid down first: the engine then joins on it instead of trying every pair.
situees as materialized (
    select
        lignes.*,
        pas.granularite as granularite_du_tout,
        date_trunc(
            case pas.granularite when 'mois' then 'month' when 'trimestre' then 'quarter' else 'year' end, lignes.debut
        )::date as debut_du_tout
    from lignes
    join pas on pas.serie = lignes.serie and pas.granularite_fine = lignes.granularite
),
dans_le_temps as (
    select 'temps' as genre, p.cellule as tout, c.cellule as partie
    from lignes as p
    join situees as c
        on c.serie = p.serie
        and c.niveau = p.niveau
        and c.code = p.code
        and c.ventilation = p.ventilation
        and c.modalite = p.modalite
        and c.granularite_du_tout = p.granularite
        and c.debut_du_tout = p.debut
    where p.tete
),
entre_territoires as (
    select 'territoire' as genre, p.cellule as tout, c.cellule as partie
    from lignes as c
    join territoires as t on t.niveau = c.niveau and t.code = c.code
    join lignes as p
        on p.serie = c.serie
        and p.niveau = t.parent_niveau
        and p.code = t.parent_code
        and p.granularite = c.granularite
        and p.debut = c.debut
        and p.ventilation = 'ensemble'
    where p.tete and c.ventilation = 'ensemble'
),
ventiles as (
    select 'ventilation ' || c.ventilation as genre, p.cellule as tout, c.cellule as partie
    from lignes as c
    join lignes as p
        on p.serie = c.serie
        and p.niveau = c.niveau
        and p.code = c.code
        and p.granularite = c.granularite
        and p.debut = c.debut
        and p.ventilation = 'ensemble'
    where p.tete and c.ventilation <> 'ensemble'
),
meme_modalite as (
    select 'modalite' as genre, p.cellule as tout, c.cellule as partie
    from lignes as c
    join ancetres as a on a.niveau = c.niveau and a.code = c.code and a.ancetre_niveau <> a.niveau
    join lignes as p
        on p.serie = c.serie
        and p.niveau = a.ancetre_niveau
        and p.code = a.ancetre_code
        and p.granularite = c.granularite
        and p.debut = c.debut
        and p.ventilation = c.ventilation
        and p.modalite = c.modalite
    where p.tete and c.ventilation <> 'ensemble'
),
imbriques as (
    select 'imbrication' as genre, p.cellule as tout, c.cellule as partie
    from lignes as c
    join imbrications as i on i.partie = c.ventilation
    join lignes as p
        on p.serie = c.serie
        and p.niveau = c.niveau
        and p.code = c.code
        and p.granularite = c.granularite
        and p.debut = c.debut
        and p.ventilation = i.tout
        and p.modalite = split_part(c.modalite, '/', 1)
    where p.tete
),
sommes as (
    select distinct genre, tout, partie
    from (
        from dans_le_temps union all from entre_territoires union all from ventiles union all from meme_modalite
        union all from imbriques
    )
),
equations as (
    select
        genre,
        tout,
        list(partie order by partie) as parties,
        any_value(w.recues) - sum(c.recues) as recues_du_reste,
        any_value(w.valeur) - sum(c.valeur) as reste
    from sommes
    join cellules as w on w.cellule = tout
    join cellules as c on c.cellule = partie
    group by genre, tout
    having recues_du_reste >= 0 and reste >= 0
),
-- What a territory counts beyond its parts may be shown too: the services or the metro lines of the territory itself.
directes as (
    select e.tout, c.ventilation, list(distinct c.cellule order by c.cellule) as parties
    from equations as e
    join lignes as p on p.cellule = e.tout and p.tete
    join lignes as c
        on c.serie = p.serie
        and c.niveau = p.niveau
        and c.code = p.code
        and c.granularite = p.granularite
        and c.debut = p.debut
        and c.ventilation in ('service', 'ligne_metro')
    left join services as s on c.ventilation = 'service' and s.service_id = c.modalite
    where e.genre = 'territoire'
      and e.recues_du_reste > 0
      and (c.ventilation <> 'service' or (s.territoire_niveau = p.niveau and s.territoire_code = p.code))
    group by e.tout, e.recues_du_reste, c.ventilation
    having sum(c.recues) = e.recues_du_reste
),
completees as (
    select tout, arg_min(parties, ventilation) as directes
    from directes
    group by tout
)
select
    any_value(genre) as genre,
    tout,
    list_concat(parties, coalesce(if(genre = 'territoire', directes, null), [])) as parties,
    if(recues_du_reste = 0 or (genre = 'territoire' and directes is not null), null, reste)::bigint as reste
from equations
left join completees using (tout)
group by tout, parties, genre, directes, recues_du_reste, reste
order by tout, genre
