-- The cells of the linked table.
select
    cellule,
    any_value(flux) as flux,
    any_value(mesure) as mesure,
    any_value(niveau) as niveau,
    any_value(code) as code,
    any_value(granularite) as granularite,
    any_value(debut) as debut,
    any_value(ventilation) as ventilation,
    any_value(modalite) as modalite,
    any_value(recues) as recues,
    any_value(if(large, '', indicateur)) as propre_a,
    any_value(valeur)::bigint as valeur,
    bool_or(large) as large,
    bool_or(sensible) as sensible,
    bool_or(additive) as additive,
    count(distinct rang) as montrees
from roles
group by cellule
