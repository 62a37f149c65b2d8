-- One row per department and month in which a sample was collected. No return is expected: a month without a sample has no
-- row. A content is summed beside the number of samples it was measured on, by product: contents of two products are not
-- averaged together.
with
echantillons as (
    select
        *,
        (mois || '-01')::date as debut,
        teneur_pourcent is not null and produit_principal = 'cocaine_poudre' as poudre_dosee,
        teneur_pourcent is not null and produit_principal = 'cocaine_basee' as basee_dosee
    from flux_sintes_analyses
)
select
    departement_code as declarant,
    null::date as fermeture,
    'departement' as territoire_niveau,
    departement_code as territoire_code,
    debut,
    [{'ventilation': 'ensemble', 'modalite': 'tous'}] as ventilations,
    if(bool_or(origine = 'simule'), 'simule', 'reel') as origine,
    count(*) as echantillons,
    count(*) filter (where produit_presume = 'cocaine_basee') as echantillons_basee,
    count(*) filter (where coupe_1 is not null) as echantillons_coupes,
    count(produit_principal) as echantillons_identifies,
    count(*) filter (where produit_principal = produit_presume) as echantillons_conformes,
    count(*) filter (where poudre_dosee) as poudre_dosees,
    coalesce(sum(teneur_pourcent) filter (where poudre_dosee), 0) as poudre_teneurs,
    count(*) filter (where basee_dosee) as basee_dosees,
    coalesce(sum(teneur_pourcent) filter (where basee_dosee), 0) as basee_teneurs
from echantillons
group by departement_code, debut
