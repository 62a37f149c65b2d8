-- The quarterly series a trend can be tested on: counts of events and shares of them, as they are published. A stock
-- (beds funded, places open) follows decisions: its last value is a fact, not a sample. A quarter that a feed begins in, a month
-- or two of it, is no lower than the others.
with
premieres as (
    select source, max(debut) as debut
    from (select source, min(periode_debut) as debut from publiees group by source, granularite)
    group by source
)
select
    publiees.indicateur,
    publiees.territoire_niveau,
    publiees.territoire_code,
    publiees.ventilation,
    publiees.modalite,
    publiees.periode,
    publiees.numerateur,
    if(indicateurs.genre = 'part', publiees.denominateur, null) as denominateur,
    publiees.statut,
    publiees.provisoire,
    publiees.origine,
    publiees.source,
    indicateurs.genre,
    indicateurs.polarite
from publiees
join indicateurs using (indicateur)
join premieres using (source)
join mesures on mesures.flux = indicateurs.flux and mesures.mesure = indicateurs.numerateur
where publiees.granularite = 'trimestre'
  and indicateurs.genre in ('effectif', 'part')
  and mesures.temps = 'somme'
  and publiees.periode_debut >= premieres.debut
