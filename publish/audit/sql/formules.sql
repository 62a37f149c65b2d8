-- What ties two measures over one cell: a part and its whole, the parts that make a whole, one measure over fewer
-- reports, the lowest and highest of a period. `juge`: the difference counts persons and is guarded like them.
with
noms as (
    select mesures.*, coalesce(identique_a, mesure) as quantite from mesures
),
quantites as (
    select distinct flux, quantite, quantite_id, sensible from series
),
parts_declarees as (
    select distinct parts.quantite_id as partie_id, entiers.quantite_id as tout_id, false as juge
    from noms
    join quantites as parts on parts.flux = noms.flux and parts.quantite = noms.quantite
    join noms as haut on haut.flux = noms.flux and haut.mesure = noms.partie_de
    join quantites as entiers on entiers.flux = noms.flux and entiers.quantite = haut.quantite
    where parts.sensible
),
-- The complement of a share that is shown: the denominator less the numerator, over the same reports.
complements as (
    select distinct
        'complement' as genre,
        bas.noeud as tout,
        [haut.noeud] as parties,
        true as reste,
        true as juge,
        max(haut.version) as version,
        min(haut.serie) as serie
    from series as n
    join series as d
        on d.version = n.version and d.indicateur = n.indicateur and d.role = 'denominateur' and n.role = 'numerateur'
    join presences as haut on haut.version = n.version and haut.serie = n.serie
    join presences as bas on bas.version = d.version and bas.serie = d.serie and bas.cellule = haut.cellule
    where n.genre = 'part' and n.sensible and d.sensible
    group by bas.noeud, haut.noeud
),
parts as (
    select
        'partie' as genre,
        tous.noeud as tout,
        [parties.noeud] as parties,
        true as reste,
        bool_or(parts_declarees.juge) as juge,
        max(parties.version) as version,
        min(parties.serie) as serie
    from parts_declarees
    join presences as parties on parties.quantite_id = parts_declarees.partie_id
    join presences as tous
        on tous.quantite_id = parts_declarees.tout_id and tous.version = parties.version
        and tous.cellule = parties.cellule
    where (tous.recues = parties.recues or tous.recues > parties.recues)
      and (tous.niveau < 2 and parties.niveau < 2)
      and (tous.valeur is null or parties.valeur is null)
    group by tous.noeud, parties.noeud
    having (tous.noeud, parties.noeud) not in (select (tout, parties[1]) from complements)
    -- The whole with the fewest reports that hold those of the part is the tightest: the others follow from it.
    qualify any_value(tous.recues) = min(any_value(tous.recues)) over (partition by parties.noeud, any_value(tous.quantite_id))
),
groupes as (
    select flux, entiers.quantite as tout, groupe, count(distinct noms.quantite) as membres, list(distinct noms.quantite) as quantites
    from noms
    join (select flux, mesure as partie_de, quantite from noms) as entiers using (flux, partie_de)
    where groupe is not null
    group by all
),
sommes_de_parts as (
    select
        'groupe' as genre,
        tous.noeud as tout,
        list(distinct parts.noeud order by parts.noeud) as parties,
        count(distinct parts.quantite_id) < any_value(groupes.membres) as reste,
        true as juge,
        max(tous.version) as version,
        min(tous.serie) as serie
    from groupes
    join quantites as q on q.flux = groupes.flux and q.quantite = groupes.tout
    join quantites as m on m.flux = groupes.flux and list_contains(groupes.quantites, m.quantite)
    join (select distinct version, quantite_id, cellule, recues, niveau, noeud, serie from presences) as tous
        on tous.quantite_id = q.quantite_id
    join (select distinct version, quantite_id, cellule, recues, niveau, noeud from presences) as parts
        on parts.quantite_id = m.quantite_id and parts.version = tous.version
        and parts.cellule = tous.cellule and parts.recues = tous.recues
    where tous.niveau < 2 and parts.niveau < 2
    group by groupes.flux, groupes.groupe, tous.version, tous.noeud, tous.serie
    having count(distinct parts.noeud) = count(distinct parts.quantite_id)
),
-- One measure over one cell with fewer reports: what the others told is left between them.
rangs as (
    select noeuds.*, noeuds.propre = 0 and noeuds.indic = 0 as entiere
    from noeuds
    join (select distinct quantite_id from series where sensible and territoire = 'somme') using (quantite_id)
),
ordres as (
    select
        'declarations' as genre,
        plus.noeud as tout,
        [moins.noeud] as parties,
        true as reste,
        true as juge,
        max(plus.version) as version,
        min(plus.serie) as serie
    from rangs as moins
    join rangs as plus
        on plus.quantite_id = moins.quantite_id and plus.cellule = moins.cellule
        and plus.recues > moins.recues and plus.entiere
        and (plus.edition = moins.edition)
    group by plus.noeud, moins.noeud
    qualify any_value(plus.recues) = min(any_value(plus.recues)) over (partition by moins.noeud)
),
extremes as (
    select distinct version, serie, temps, territoire from series where sensible and territoire = 'maximum'
),
hauts as (
    select
        'maximum' as genre,
        tous.noeud as tout,
        [parts.noeud] as parties,
        true as reste,
        false as juge,
        max(tous.version) as version,
        min(tous.serie) as serie
    from extremes
    join presences as tous using (version, serie)
    join liens on liens.tout = tous.cellule and (extremes.temps = 'maximum' or not starts_with(liens.genre, 'temps'))
    join presences as parts
        on parts.version = tous.version and parts.serie = tous.serie and parts.cellule = liens.partie
    where tous.valeur is null or parts.valeur is null
    group by tous.noeud, parts.noeud
)
select * from complements
union all
select * from parts
union all
select * from sommes_de_parts
union all
select * from ordres
union all
select * from hauts
