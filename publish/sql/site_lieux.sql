-- The last value of each indicator in each place, over all, with that of the same period a year before.
with
grains as (
    select territoire_niveau, territoire_code, indicateur, granularite, max(periode_debut) as periode_debut
    from observations
    where ventilation = 'ensemble'
    group by territoire_niveau, territoire_code, indicateur, granularite
    qualify row_number() over (
        partition by territoire_niveau, territoire_code, indicateur
        order by array_position(['trimestre', 'mois', 'annee'], granularite)
    ) = 1
),
toutes as (select * from observations where ventilation = 'ensemble')
select toutes.*, avant.periode as avant_periode, avant.valeur as avant_valeur, avant.statut as avant_statut
from toutes
join grains using (territoire_niveau, territoire_code, indicateur, granularite, periode_debut)
left join toutes as avant
    on avant.indicateur = toutes.indicateur
    and avant.territoire_niveau = toutes.territoire_niveau
    and avant.territoire_code = toutes.territoire_code
    and avant.granularite = toutes.granularite
    and avant.modalite = toutes.modalite
    and avant.periode_debut = toutes.periode_debut - interval 1 year
order by toutes.territoire_niveau, toutes.territoire_code, toutes.indicateur
