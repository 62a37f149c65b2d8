-- The observations as they may be published. A count of persons, or of acts on persons, from 1 to 10 is not published;
-- neither is what is computed from it: the share, the rate, the mean, the interval, and the complement of a share.
-- A measure taken over fewer than 11 persons (its base) is protected too.
with
sensibilites as (
    select
        observations.*,
        indicateurs.genre,
        coalesce(numerateurs.sensible, false) as numerateur_sensible,
        coalesce(denominateurs.sensible, false) as denominateur_sensible,
        if(indicateurs.genre = 'mesure', observations.valeur, observations.numerateur) as compte
    from observations
    join indicateurs using (indicateur)
    left join mesures as numerateurs
        on numerateurs.flux = indicateurs.flux and numerateurs.mesure = indicateurs.numerateur
    left join mesures as denominateurs
        on denominateurs.flux = indicateurs.flux and denominateurs.mesure = indicateurs.denominateur
),
jugees as (
    select
        *,
        coalesce(
            (numerateur_sensible and compte > 0 and compte < $seuil)
            or (denominateur_sensible and denominateur > 0 and denominateur < $seuil)
            or (
                genre = 'part' and numerateur_sensible and denominateur_sensible
                and denominateur - numerateur > 0 and denominateur - numerateur < $seuil
            )
            -- Nobody, or everybody, in a small group: that would tell something of each member.
            or (
                genre = 'part' and numerateur_sensible and denominateur_sensible
                and numerateur in (0, denominateur) and denominateur > 0 and denominateur < $petit_groupe
            ),
            false
        ) as secrete
    from sensibilites
)
select * exclude (genre, numerateur_sensible, denominateur_sensible, compte, secrete) replace (
    if(secrete, null, valeur) as valeur,
    if(secrete, null, numerateur) as numerateur,
    if(secrete, null, denominateur) as denominateur,
    if(secrete, null, borne_basse) as borne_basse,
    if(secrete, null, borne_haute) as borne_haute,
    if(secrete, 'secret', statut) as statut,
    if(secrete, 'Q', obs_status) as obs_status,
    if(secrete, 'C', conf_status) as conf_status
)
from jugees
