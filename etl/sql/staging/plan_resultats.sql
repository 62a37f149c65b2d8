-- One row per department and cohort: for each outcome its cohort and the people in whom it was found. A cohort counts for
-- an outcome only where the outcome is told: people not yet followed long enough are in neither.
with
cohortes as (
    select
        *,
        make_date(left(flux.trimestre, 4)::integer, 3 * right(flux.trimestre, 1)::integer - 2, 1) as debut,
        if(effectif_resultat is null, null, effectif_cohorte) as suivis
    from flux_plan_resultats as flux
)
select
    departement_code as declarant,
    null::date as fermeture,
    'departement' as territoire_niveau,
    departement_code as territoire_code,
    debut,
    [{'ventilation': 'ensemble', 'modalite': 'tous'}] as ventilations,
    if(bool_or(origine = 'simule'), 'simule', 'reel') as origine,
    max(effectif_cohorte) as cohorte,
    any_value(suivis) filter (where resultat = 'revu_j8') as suivis_revu_j8,
    any_value(effectif_resultat) filter (where resultat = 'revu_j8') as revu_j8,
    any_value(suivis) filter (where resultat = 'soins_3_mois') as suivis_soins_3_mois,
    any_value(effectif_resultat) filter (where resultat = 'soins_3_mois') as soins_3_mois,
    any_value(suivis) filter (where resultat = 'soins_6_mois') as suivis_soins_6_mois,
    any_value(effectif_resultat) filter (where resultat = 'soins_6_mois') as soins_6_mois,
    any_value(suivis) filter (where resultat = 'soins_12_mois') as suivis_soins_12_mois,
    any_value(effectif_resultat) filter (where resultat = 'soins_12_mois') as soins_12_mois,
    any_value(suivis) filter (where resultat = 'logement_6_mois') as suivis_logement_6_mois,
    any_value(effectif_resultat) filter (where resultat = 'logement_6_mois') as logement_6_mois,
    any_value(suivis) filter (where resultat = 'droits_ouverts') as suivis_droits_ouverts,
    any_value(effectif_resultat) filter (where resultat = 'droits_ouverts') as droits_ouverts,
    any_value(suivis) filter (where resultat = 'sortie_precoce') as suivis_sortie_precoce,
    any_value(effectif_resultat) filter (where resultat = 'sortie_precoce') as sortie_precoce,
    any_value(suivis) filter (where resultat = 'passage_urgences') as suivis_passage_urgences,
    any_value(effectif_resultat) filter (where resultat = 'passage_urgences') as passage_urgences
from cohortes
group by departement_code, debut
