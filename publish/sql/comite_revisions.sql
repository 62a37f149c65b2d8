-- Indicators whose published figures changed since the release before, and why, beside the usual size of the revision
-- of their youngest figures.
with changees as (
    select indicateur, cause, count(distinct cle)::integer as valeurs
    from differences
    where jeu = 'observations' and champ = 'valeur' and nature = 'modification'
    group by indicateur, cause
)

select
    changees.indicateur,
    changees.cause,
    changees.valeurs,
    habituelles.comparaisons,
    habituelles.revisees,
    habituelles.ecart_relatif
from changees
left join (
    select * from revisions qualify age_trimestres = min(age_trimestres) over (partition by indicateur)
) as habituelles using (indicateur)
order by changees.valeurs desc, changees.indicateur, changees.cause
