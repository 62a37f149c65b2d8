-- The observations that a release kept secret.
select
    indicateur, territoire_niveau, territoire_code, granularite, periode_debut, ventilation, modalite, recues
from observations
where statut = 'secret'
