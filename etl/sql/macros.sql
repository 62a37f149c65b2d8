-- An ISO 8601 duration of days or months.
create or replace temp macro duree(iso) as
    (regexp_extract(iso, '\d+') || if(iso like '%D', ' days', ' months'))::interval;

-- How a measure rolls up, as the catalogue names it; `rang` orders the values for "dernier". "aucune" leaves one value.
create or replace temp macro cumul(regle, valeur, rang) as case regle
    when 'somme' then sum(valeur)
    when 'maximum' then max(valeur)
    when 'minimum' then min(valeur)
    when 'dernier' then arg_max(valeur, rang)
    else any_value(valeur)
end
