-- Cells of one place and period that hold each other: a share and its complement, parts that add up to their whole, a
-- part of another measure, and the same measure over fewer declarations. What is left is a count of persons where it is
-- the complement of a share or the declarations that told only one of two measures (`compte`).
with
parts as (
    select distinct 'complement' as genre, d.cellule as tout, [n.cellule] as parties, true as compte
    from roles as n
    join roles as d on d.rang = n.rang and d.role = 'denominateur'
    join indicateurs as i on i.indicateur = n.indicateur and i.genre = 'part'
    where n.role = 'numerateur' and n.sensible and d.sensible
),
inegalites as (
    select 'partie' as genre, w.cellule as tout, [p.cellule] as parties, false as compte
    from cellules as p
    join mesures as m on m.flux = p.flux and m.mesure = p.mesure and m.groupe is null
    join mesures as whole on whole.flux = m.flux and whole.mesure = m.partie_de
    join cellules as w
        on w.flux = m.flux
        and w.mesure = coalesce(whole.identique_a, whole.mesure)
        and w.niveau = p.niveau
        and w.code = p.code
        and w.granularite = p.granularite
        and w.debut = p.debut
        and w.ventilation = p.ventilation
        and w.modalite = p.modalite
        and w.recues >= p.recues
        and w.large
    where p.sensible
),
groupes as (
    select 'groupe ' || m.groupe as genre, w.cellule as tout, list(p.cellule order by p.cellule) as parties, false as compte
    from cellules as p
    join mesures as m on m.flux = p.flux and m.mesure = p.mesure and m.groupe is not null
    join cellules as w
        on w.flux = m.flux
        and w.mesure = m.partie_de
        and w.niveau = p.niveau
        and w.code = p.code
        and w.granularite = p.granularite
        and w.debut = p.debut
        and w.ventilation = p.ventilation
        and w.modalite = p.modalite
        and w.recues = p.recues
    group by m.flux, m.groupe, m.partie_de, w.cellule
    having count(distinct p.mesure) = (
        select count(*) from mesures as g where g.flux = m.flux and g.groupe = m.groupe and g.partie_de = m.partie_de
    ) and count(*) = count(distinct p.mesure)
),
restreintes as (
    select 'declarations' as genre, w.cellule as tout, [p.cellule] as parties, true as compte
    from cellules as p
    join cellules as w
        on w.flux = p.flux
        and w.mesure = p.mesure
        and w.niveau = p.niveau
        and w.code = p.code
        and w.granularite = p.granularite
        and w.debut = p.debut
        and w.ventilation = p.ventilation
        and w.modalite = p.modalite
    where w.large and not p.large and p.additive
),
tous as (
    from parts union all from inegalites union all from groupes union all from restreintes
)
select
    tous.genre,
    tous.tout,
    tous.parties,
    tous.compte,
    if(tous.genre like 'groupe %', null, any_value(w.valeur) - sum(p.valeur))::bigint as reste
from tous
join cellules as w on w.cellule = tous.tout
cross join unnest(tous.parties) as u (partie)
join cellules as p on p.cellule = u.partie
group by tous.genre, tous.tout, tous.parties, tous.compte
having any_value(w.valeur) >= sum(p.valeur)
order by tous.tout, tous.genre, tous.parties
