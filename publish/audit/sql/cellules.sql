-- The cells of every release known: one a territory, period and modality.
select
    row_number() over (order by niveau, code, granularite, debut, ventilation, modalite)::integer as cellule,
    *
from (
    select niveau, code, granularite, debut, ventilation, modalite, any_value(periode) as periode
    from lignes
    group by all
)
