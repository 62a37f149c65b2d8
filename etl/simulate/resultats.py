"""Simulated outcomes: quarterly cohorts by department, each outcome told only once its follow-up has passed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_AVAILABLE,
    Bools,
    Ints,
    Setting,
    cells,
    overdispersed,
    part,
    quarter_names,
    quarters_since,
    some,
    table,
)
from etl.simulate.register import OTHER_DEPARTMENTS

FIRST_QUARTER = 4 * 2021
COHORTS: Mapping[str, float] = {"75": 95, "77": 4, "78": 5, "91": 6, "92": 16, "93": 52, "94": 18, "95": 9}
OTHER_COHORT = 7.0
DEPARTMENTS_PER_SCALE = 8
LATE_DEPARTMENT = "78"
# Share with the outcome in the first and last cohorts, quarters of follow-up that the outcome needs.
OUTCOMES: Mapping[str, tuple[float, float, int]] = {
    "revu_j8": (0.36, 0.48, 1),
    "soins_3_mois": (0.34, 0.42, 1),
    "soins_6_mois": (0.24, 0.31, 2),
    "soins_12_mois": (0.15, 0.20, 4),
    "logement_6_mois": (0.22, 0.30, 2),
    "droits_ouverts": (0.40, 0.55, 2),
    "sortie_precoce": (0.33, 0.24, 0),
    "passage_urgences": (0.29, 0.24, 1),
}


def _cohorts(setting: Setting) -> dict[str, float]:
    added = islice(OTHER_DEPARTMENTS, DEPARTMENTS_PER_SCALE * (setting.scale - 1))
    return {**COHORTS, **dict.fromkeys(added, OTHER_COHORT)}


def _too_early(quarters: Ints) -> Bools:
    """(outcome, 1, quarter): True where the follow-up has not passed at the end of the last quarter."""
    needed = np.array([wait for *_, wait in OUTCOMES.values()])[:, None, None]
    return np.asarray(quarters + needed > quarters[-1])


def plan_resultats(setting: Setting) -> pd.DataFrame:
    """One row per (department, outcome, cohort quarter): the columns of contract ``plan_resultats`` as text."""
    means, quarters, rng = _cohorts(setting), quarters_since(FIRST_QUARTER, setting.until), setting.rng
    departments = np.array(list(means))
    size = overdispersed(rng, np.array(list(means.values()))[:, None] * np.linspace(0.7, 1.2, len(quarters)), shape=40)
    shape = (len(OUTCOMES), *size.shape)
    shares = np.array([np.linspace(first, last, len(quarters)) for first, last, _ in OUTCOMES.values()])[:, None, :]
    found = part(rng, np.broadcast_to(size, shape), np.broadcast_to(shares, shape))
    untold = {NOT_AVAILABLE: np.broadcast_to(_too_early(quarters), shape) | some(rng, shape, 0.03)}
    columns = {
        "departement_code": departments[:, None],
        "resultat": np.array(list(OUTCOMES))[:, None, None],
        "trimestre": quarter_names(quarters),
        "effectif_cohorte": size,
        "effectif_resultat": cells(found, untold),
    }
    late = np.isin(departments, [LATE_DEPARTMENT])[:, None] & (quarters == quarters[-1])
    return table(columns, shape, ~late)
