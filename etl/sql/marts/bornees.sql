-- The observations of one feed with their interval, and the SDMX statuses that say the same as ours.
select
    valeurs.* exclude (genre, intervalle, echelle),
    if(bornes.rang is null, null, least(round(bornes.borne_basse, 6), valeurs.valeur)) as borne_basse,
    if(bornes.rang is null, null, greatest(round(bornes.borne_haute, 6), valeurs.valeur)) as borne_haute,
    case
        when statut = 'non_applicable' then 'M'
        when statut = 'non_rapporte' then 'O'
        when provisoire then 'P'
        else 'A'
    end as obs_status,
    'F' as conf_status
from valeurs
left join bornes on bornes.rang = valeurs.rowid
