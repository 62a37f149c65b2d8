-- Published rows that show a quotient or an interval, but not the counts it was computed from.
select
    lignes.version,
    lignes.valeur,
    lignes.borne_basse,
    lignes.borne_haute,
    lignes.numerateur as compte,
    indicateurs.genre,
    indicateurs.intervalle,
    indicateurs.echelle,
    hauts.noeud as numerateur,
    bas.noeud as denominateur,
    coalesce(
        lignes.denominateur,
        if(indicateurs.denominateur = 'population', habitants.population, autres.denominateur)
    ) as base
from lignes
join indicateurs using (version, indicateur)
join cellules using (niveau, code, granularite, debut, ventilation, modalite)
left join series as n on n.version = lignes.version and n.indicateur = lignes.indicateur and n.role = 'numerateur'
left join presences as hauts on hauts.version = lignes.version and hauts.serie = n.serie and hauts.cellule = cellules.cellule
left join series as d on d.version = lignes.version and d.indicateur = lignes.indicateur and d.role = 'denominateur'
left join presences as bas on bas.version = lignes.version and bas.serie = d.serie and bas.cellule = cellules.cellule
asof left join population as habitants
    on habitants.niveau = lignes.niveau and habitants.code = lignes.code and year(lignes.debut) >= habitants.annee
left join (
    select
        l.version, i.flux, i.numerateur as mesure, l.niveau, l.code, l.granularite, l.debut, l.ventilation, l.modalite,
        l.recues, max(l.numerateur) as denominateur
    from lignes as l
    join indicateurs as i using (version, indicateur)
    where i.genre = 'effectif' and l.numerateur is not null
    group by all
) as autres
    on autres.version = lignes.version and autres.flux = indicateurs.flux and autres.mesure = indicateurs.denominateur
    and autres.niveau = lignes.niveau and autres.code = lignes.code and autres.granularite = lignes.granularite
    and autres.debut = lignes.debut and autres.ventilation = lignes.ventilation and autres.modalite = lignes.modalite
    and autres.recues = lignes.recues
where indicateurs.genre <> 'mesure'
  and coalesce(lignes.valeur, lignes.borne_basse, lignes.borne_haute) is not null
  and (lignes.numerateur is null or (lignes.denominateur is null and indicateurs.denominateur is not null))
  and (hauts.valeur is null or bas.valeur is null)
  and (hauts.noeud is not null or bas.noeud is not null)
