-- Why each gap between two releases is there: a change of definition, an error that the register declares, secrecy,
-- a revision (other returns, or a value that was provisional), a table that follows the observations, new data; or none
-- of these, and then it is said. The first cause that applies is the one told.
with recursive
-- The territory of each error declared for these releases, and those that contain it: their totals were wrong too.
declarees as (select * from corrections where list_contains($corrections, id)),
touches as (
    select id, territoire_niveau as niveau, territoire_code as code from declarees where territoire_code is not null
    union
    select touches.id, parents.parent_niveau, parents.parent_code
    from touches
    join territoires as parents on parents.niveau = touches.niveau and parents.code = touches.code
    where parents.parent_code is not null
),
corrigees as (
    select ecarts.jeu, ecarts.cle, min(declarees.id) as correction
    from ecarts
    join declarees
        on declarees.jeu = ecarts.jeu
        and coalesce(declarees.flux = ecarts.flux, declarees.flux is null)
        and coalesce(declarees.indicateur = ecarts.indicateur, declarees.indicateur is null)
        and coalesce(declarees.ligne = ecarts.premiere, declarees.ligne is null)
        and coalesce(ecarts.fin >= declarees.date_debut::date, declarees.date_debut is null)
        and coalesce(ecarts.debut <= declarees.date_fin::date, declarees.date_fin is null)
    left join touches
        on touches.id = declarees.id and touches.niveau = ecarts.niveau and touches.code = ecarts.code
    where declarees.territoire_code is null or touches.id is not null
    group by ecarts.jeu, ecarts.cle
),
jugees as (
    select
        ecarts.*,
        corrigees.correction as declaree,
        case
            when ecarts.jeu in ('schemas', 'indicateurs', 'mesures') or ecarts.cle = '{}'
                or list_contains($redefinis, ecarts.indicateur)
                or list_contains($colonnes, ecarts.jeu || '.' || ecarts.champ)
                then 'definition'
            when corrigees.correction is not null then 'correction'
            when ecarts.secrete and ecarts.nature = 'modification' then 'protection'
            when list_contains($calcules, ecarts.jeu) then 'recalcul'
            when ecarts.jeu in ('calendrier', 'corrections', 'decisions') then 'registre'
            when ecarts.nature = 'ajout' then 'nouvelle_donnee'
            when ecarts.nature = 'modification' and ecarts.attendue then 'revision'
            else 'non_declaree'
        end as cause
    from ecarts
    left join corrigees using (jeu, cle)
)
select
    jeu,
    cle,
    champ,
    nature,
    cause,
    -- A value that is or was secret is not told again, whatever changed it.
    if(secrete and jeu <> 'schemas' and champ not in ('statut', 'obs_status', 'conf_status'), null, avant) as avant,
    if(secrete and jeu <> 'schemas' and champ not in ('statut', 'obs_status', 'conf_status'), null, apres) as apres,
    indicateur,
    if(cause = 'correction', declaree, null) as correction,
    $version as version_avant
from jugees
