-- What each release shows, or hides, of each quantity over each cell: no row where nothing was reported. Zero without being
-- written: what is taken over nobody (a median « not applicable »), and what a measure that counts no persons says (no rounds
-- made, nobody met).
with
nulles as (
    select l.version, q.quantite_id, cellules.cellule, max(l.recues) as recues
    from lignes as l
    join indicateurs as i using (version, indicateur)
    join mesures as m on m.flux = i.flux and m.nulle_si = i.numerateur
    join (select distinct flux, quantite, quantite_id from series) as q
        on q.flux = m.flux and q.quantite = coalesce(m.identique_a, m.mesure)
    join cellules using (niveau, code, granularite, debut, ventilation, modalite)
    where i.genre = 'effectif' and l.valeur = 0
    group by all
),
lues as (
    select
        lignes.version,
        series.serie,
        series.quantite_id,
        cellules.cellule,
        series.genre = 'mesure' and lignes.statut = 'non_applicable' as de_personne,
        coalesce(if(de_personne, lignes.attendues, lignes.recues), 0) as recues,
        case
            when series.role = 'denominateur' then coalesce(lignes.denominateur, if(de_personne, 0, null))
            when series.genre = 'mesure' then lignes.valeur
            when series.genre = 'effectif' then coalesce(lignes.numerateur, lignes.valeur)
            else lignes.numerateur
        end as dite,
        if(lignes.statut = 'secret' and nulles.cellule is not null, 0, dite) as valeur,
        lignes.statut = 'secret' as secret,
        lignes.valeur is not null or lignes.borne_basse is not null as partielle
    from lignes
    join series using (version, indicateur)
    join cellules using (niveau, code, granularite, debut, ventilation, modalite)
    left join nulles
        on nulles.version = lignes.version and nulles.quantite_id = series.quantite_id
        and nulles.cellule = cellules.cellule and nulles.recues >= lignes.recues
)
select version, serie, quantite_id, cellule, recues, valeur, secret
from lues
where valeur is not null or secret or partielle
