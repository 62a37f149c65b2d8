-- One row per region, edition, sex and age: its respondents, and the users of each product among them. The respondents
-- are the same for every product: they are taken once.
select
    flux.region_code || '/' || flux.sexe || '/' || flux.classe_age as declarant,
    null::date as fermeture,
    'region' as territoire_niveau,
    flux.region_code as territoire_code,
    make_date(flux.edition, 1, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'sexe', 'modalite': flux.sexe},
        {'ventilation': 'age', 'modalite': flux.classe_age}
    ] as ventilations,
    if(bool_or(flux.origine = 'simule'), 'simule', 'reel') as origine,
    any_value(flux.repondants) as repondants,
    any_value(flux.repondants__absence) as repondants__absence,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'cocaine') as usagers_cocaine,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'cocaine_poudre') as usagers_cocaine_poudre,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'cocaine_basee') as usagers_cocaine_basee,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'heroine') as usagers_heroine,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'cannabis') as usagers_cannabis,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'alcool') as usagers_alcool,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'opioides_medicaments') as usagers_opioides,
    any_value(flux.usagers_30_jours) filter (where flux.produit = 'benzodiazepines') as usagers_benzodiazepines,
    any_value(flux.usagers_injection) filter (where flux.produit = 'cocaine') as cocaine_injectee,
    any_value(flux.usagers_inhalation) filter (where flux.produit = 'cocaine') as cocaine_inhalee
from flux_caarud_profils as flux
group by flux.region_code, flux.edition, flux.sexe, flux.classe_age
