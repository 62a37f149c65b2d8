-- What each release shows, or hides, of each quantity over each cell: no row where nothing was reported.
with
lues as (
    select
        lignes.version,
        series.serie,
        series.quantite_id,
        cellules.cellule,
        coalesce(lignes.recues, 0) as recues,
        case
            when series.role = 'denominateur' then lignes.denominateur
            when series.genre = 'mesure' then lignes.valeur
            when series.genre = 'effectif' then coalesce(lignes.numerateur, lignes.valeur)
            else lignes.numerateur
        end as valeur,
        lignes.statut = 'secret' as secret,
        lignes.valeur is not null or lignes.borne_basse is not null as partielle
    from lignes
    join series using (version, indicateur)
    join cellules using (niveau, code, granularite, debut, ventilation, modalite)
)
select version, serie, quantite_id, cellule, recues, valeur, secret
from lues
where valeur is not null or secret or partielle
