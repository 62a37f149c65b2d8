-- One row per declaration: who declares, where, when, and along which breakdowns it is read.
select
    flux.*,
    flux.territoire_code || '/' || flux.genre_scene as declarant,
    null::date as fermeture,
    territoires.niveau as territoire_niveau,
    make_date(left(flux.trimestre, 4)::integer, 3 * right(flux.trimestre, 1)::integer - 2, 1) as debut,
    [
        {'ventilation': 'ensemble', 'modalite': 'tous'},
        {'ventilation': 'genre_scene', 'modalite': flux.genre_scene}
    ] as ventilations,
    (flux.jours_actifs > 0)::integer as scenes_actives,
    if(flux.tendance is null, null, 1) as releves,
    (flux.tendance = 'hausse')::integer as releves_hausse,
    (flux.tendance = 'baisse')::integer as releves_baisse
from flux_trend_scenes as flux
join territoires on territoires.code = flux.territoire_code and territoires.niveau in ('arrondissement', 'commune')
