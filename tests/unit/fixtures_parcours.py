"""Rows of the small release for the four feeds of pathways: housing, downstream care, outcomes, outreach rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Cell = tuple[str, tuple[str, str], str, str, tuple[str, str]]

# Regions that host people referred from Île-de-France; one of them has no return.
HOSTS = (("28", "Normandie"), ("84", "Auvergne-Rhône-Alpes"), ("94", "Corse"))
TERRITORIES = tuple(("region", code, name, "france", "FR") for code, name in HOSTS)
SERVICES = ("assore", "phase")
LINES = ("M4", "M12")
WHOLE = ("ensemble", "tous")
REGION = ("region", "11")
TABLE = """
hebergement_places hebergement plan_hebergement places effectif aucun Places_ouvertes Places_open
hebergement_taux_occupation hebergement plan_hebergement pourcent part aucun Taux_d'occupation Occupancy
hebergement_entrees hebergement plan_hebergement entrees effectif aucun Entrées Entries
hebergement_sorties hebergement plan_hebergement sorties effectif aucun Sorties Exits
hebergement_part_sorties_logement hebergement plan_hebergement pourcent part wilson Vers_un_logement To_housing
hebergement_part_sorties_soins hebergement plan_hebergement pourcent part wilson Vers_les_soins To_care
hebergement_part_sorties_rue hebergement plan_hebergement pourcent part wilson Retour_à_la_rue Back_to_the_street
hebergement_part_sorties_autres hebergement plan_hebergement pourcent part wilson Autres_sorties Other_exits
aval_places aval plan_aval places effectif aucun Places_d'aval Downstream_places
aval_orientations aval plan_aval orientations effectif aucun Orientations Referrals
aval_admissions aval plan_aval admissions effectif aucun Admissions_d'aval Downstream_admissions
aval_sejours_termines aval plan_aval sejours effectif aucun Séjours_menés_à_terme Stays_completed
aval_delai_median_jours aval plan_aval jours mesure aucun Délai_d'aval Downstream_delay
resultats_cohorte resultats plan_resultats personnes effectif aucun Cohorte Cohort
resultats_part_revu_j8 resultats plan_resultats pourcent part wilson Revue_à_8_jours Seen_at_day_8
resultats_part_soins_3_mois resultats plan_resultats pourcent part wilson En_soins_à_3_mois In_care_at_3_months
resultats_part_soins_6_mois resultats plan_resultats pourcent part wilson En_soins_à_6_mois In_care_at_6_months
resultats_part_soins_12_mois resultats plan_resultats pourcent part wilson En_soins_à_12_mois In_care_at_12_months
resultats_part_logement_6_mois resultats plan_resultats pourcent part wilson Logée_à_6_mois Housed_at_6_months
resultats_part_droits_ouverts resultats plan_resultats pourcent part wilson Droits_ouverts Rights_opened
resultats_part_sortie_precoce resultats plan_resultats pourcent part wilson Sortie_précoce Early_exit
resultats_part_passage_urgences resultats plan_resultats pourcent part wilson Passage_aux_urgences Emergency_visit
maraudes_nombre rdr plan_maraudes maraudes effectif aucun Maraudes_faites Rounds_made
maraudes_contacts rdr plan_maraudes contacts effectif aucun Contacts Contacts
maraudes_contacts_par_maraude rdr plan_maraudes par_maraude rapport aucun Contacts_par_maraude Contacts_per_round
maraudes_orientations rdr plan_maraudes orientations effectif aucun Orientations_de_maraude Referrals_of_rounds
maraudes_kits rdr plan_maraudes materiels effectif aucun Kits_remis Kits_handed_out
maraudes_personnes rdr plan_maraudes personnes mesure aucun Personnes_rencontrées People_met
"""
CODES = {line.split()[0]: line.split()[2] for line in TABLE.split("\n") if line}


def _of(feed: str) -> tuple[str, ...]:
    return tuple(code for code, source in CODES.items() if source == feed)


def _housing(quarters: Sequence[str]) -> Iterator[Cell]:
    cuts = (WHOLE, *(("service", service) for service in SERVICES))
    for code in _of("plan_hebergement"):
        yield from ((code, REGION, "trimestre", quarter, cut) for cut in cuts for quarter in quarters)


def _downstream(quarters: Sequence[str]) -> Iterator[Cell]:
    """Annual rows for 2025 only: the four quarters of 2026 are not there yet. Corse reports nothing."""
    places = [("france", "FR"), *(("region", code) for code, _ in HOSTS[:2])]
    spans = [*(("trimestre", quarter) for quarter in quarters), ("annee", "2025"), ("annee", "2026")]
    for code in _of("plan_aval"):
        delay = code == "aval_delai_median_jours"
        kept = [span for span in spans if span[0] == "trimestre" or not delay]
        for cut in (WHOLE, ("structure", "smr_a")):
            yield from ((code, place, *span, cut) for place in places[delay:] for span in kept)


def _outcomes(quarters: Sequence[str]) -> Iterator[Cell]:
    places = (REGION, ("departement", "75"), ("departement", "93"))
    spans = [*(("trimestre", quarter) for quarter in quarters), ("annee", "2025"), ("annee", "2026")]
    for code in _of("plan_resultats"):
        yield from ((code, place, *span, WHOLE) for place in places for span in spans)


def _rounds(quarters: Sequence[str], months: Sequence[str]) -> Iterator[Cell]:
    fine = (("arrondissement", "75118"), ("commune", "93055"))
    for code in _of("plan_maraudes"):
        people = code == "maraudes_personnes"
        spans = [("mois", month) for month in months] if people else [("trimestre", quarter) for quarter in quarters]
        where = [*((place, WHOLE) for place in fine), *((REGION, ("ligne_metro", line)) for line in LINES)]
        where += [] if people else [(REGION, WHOLE)]
        yield from ((code, place, *span, cut) for place, cut in where for span in spans)


def cells(quarters: Sequence[str], months: Sequence[str]) -> Iterator[Cell]:
    """Indicator, place, granularity, period and breakdown of every row."""
    yield from _housing(quarters)
    yield from _downstream(quarters)
    yield from _outcomes(quarters)
    yield from _rounds(quarters, months)
