-- Figures of the audited release that break the rule by themselves, without any sum: what a secret row shows, a small
-- count in the open, the complement of a share, nobody or everybody in a small group, a quantile that bounds a hidden count.
with
jugees as (
    select
        lignes.*,
        n.sensible as n_sensible,
        d.sensible as d_sensible,
        coalesce(n.genre, d.genre) as genre,
        if(n.genre in ('mesure', 'effectif'), lignes.valeur, lignes.numerateur) as compte
    from lignes
    left join series as n
        on n.version = lignes.version and n.indicateur = lignes.indicateur and n.role = 'numerateur' and n.sensible
    left join series as d
        on d.version = lignes.version and d.indicateur = lignes.indicateur and d.role = 'denominateur' and d.sensible
    where lignes.version = $version
),
situees as (
    select l.indicateur, l.niveau, l.code, l.granularite, l.debut, l.ventilation, l.modalite
    from lignes as l
    join indicateurs as i using (version, indicateur)
    join mesures as m on m.flux = i.flux and m.mesure = i.numerateur
    join series as s on s.version = l.version and s.flux = m.flux and s.mesure = m.borne
    join lignes as cachee
        on cachee.version = l.version and cachee.indicateur = s.indicateur
        and cachee.niveau = l.niveau and cachee.code = l.code and cachee.granularite = l.granularite
        and cachee.debut = l.debut and cachee.ventilation = l.ventilation and cachee.modalite = l.modalite
    where l.version = $version and l.valeur is not null and cachee.statut = 'secret'
),
nommees as (
    select
        *,
        case
            when statut = 'secret' and coalesce(valeur, numerateur, denominateur, borne_basse, borne_haute) is not null
                then 'ligne_secrete'
            when statut = 'secret' then null
            when n_sensible and compte > 0 and compte < $seuil then 'petit_effectif'
            when d_sensible and denominateur > 0 and denominateur < $seuil then 'petite_base'
            when genre = 'part' and n_sensible and d_sensible and denominateur - numerateur > 0
                and denominateur - numerateur < $seuil
                then 'complement'
            when genre = 'part' and n_sensible and d_sensible and numerateur in (0, denominateur)
                and denominateur > 0 and denominateur < $petit_groupe
                then 'unanimite'
            when (indicateur, niveau, code, granularite, debut, ventilation, modalite) in (from situees) then 'quantile'
        end as raison
    from jugees
)
select raison, indicateur, niveau, code, periode, ventilation, modalite
from nommees
where raison is not null
order by all
