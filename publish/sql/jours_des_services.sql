-- The published days of each rest space, oldest first.
select
    publiees.indicateur,
    publiees.modalite as service_id,
    publiees.periode_debut as jour,
    publiees.valeur,
    publiees.origine
from publiees
where publiees.granularite = 'jour' and publiees.ventilation = 'service'
order by publiees.indicateur, service_id, jour
