"""Simulated steering: the state of 33 actions whose list no document gives, and the budget of the plan.

Published: 4 axes and 33 actions, 19 under way in June 2021, 85 % of those of the first stage carried out in whole or in
part in November 2023, about 9 million euros planned and 25 spent over 2019-2021. The rest is drawn at random: an
action here is called « Action simulée 2.3 » and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    Floats,
    Ints,
    Setting,
    Texts,
    cells,
    quarter_names,
    quarters_since,
    table,
)

ACTIONS_BY_AXIS = (11, 9, 7, 6)  # 33 actions; how they divide between axes is not published
PILOTS = ("ars", "prefecture_region", "prefecture_police", "parquet", "ville_paris", "mildeca")
PILOT_SHARE = np.array(
    [
        [0.6, 0.1, 0.0, 0.05, 0.15, 0.1],
        [0.3, 0.4, 0.0, 0.0, 0.3, 0.0],
        [0.2, 0.1, 0.3, 0.1, 0.3, 0.0],
        [0.4, 0.0, 0.0, 0.0, 0.1, 0.5],
    ]
)
LINKED = {
    1: "caarud_kits_base lits_part_admis_5_jours resultats_part_soins_6_mois",
    2: "hebergement_places repos_passages",
    3: "maraudes_contacts scenes_part_jours_actifs",
    4: "produits_echantillons profils_part_cocaine_basee",
}
FIRST_QUARTER = 4 * 2019 + 1  # 2019-T2, that of the protocol
JUNE_2021, AUTUMN_2023 = 4 * 2021 + 1, 4 * 2023 + 3
BEGUN_BY_JUNE_2021 = 19
PARTLY_BY_2023 = 28  # 28 of 33 is 85 %
REALISED_BY_2023 = 17
GIVEN_UP = 2
NEVER = 10**6
LATE_ACTION = "4.6"


def _between(rng: np.random.Generator, low: Ints | int, high: int, size: int) -> Ints:
    return rng.integers(low, high + 1, size)


def _course(rng: np.random.Generator) -> dict[str, Ints]:
    """Quarter at which each action is begun, partly carried out, carried out, given up (NEVER where it is not)."""
    number = sum(ACTIONS_BY_AXIS)
    going = number - GIVEN_UP
    begun = np.full(number, NEVER)
    begun[:BEGUN_BY_JUNE_2021] = _between(rng, FIRST_QUARTER + 1, JUNE_2021, BEGUN_BY_JUNE_2021)
    begun[BEGUN_BY_JUNE_2021:going] = _between(rng, JUNE_2021 + 1, JUNE_2021 + 8, going - BEGUN_BY_JUNE_2021)
    partly, realised, given_up = (np.full(number, NEVER) for _ in range(3))
    partly[:PARTLY_BY_2023] = _between(rng, begun[:PARTLY_BY_2023], AUTUMN_2023, PARTLY_BY_2023)
    partly[PARTLY_BY_2023:going] = _between(rng, AUTUMN_2023 + 1, AUTUMN_2023 + 8, going - PARTLY_BY_2023)
    realised[:REALISED_BY_2023] = _between(rng, partly[:REALISED_BY_2023], AUTUMN_2023, REALISED_BY_2023)
    realised[REALISED_BY_2023 : going - 4] = AUTUMN_2023 + _between(rng, 2, 16, going - 4 - REALISED_BY_2023)
    realised = np.where(realised < partly, partly, realised)
    given_up[going:] = _between(rng, AUTUMN_2023 - 3, AUTUMN_2023, GIVEN_UP)
    mixed = rng.permutation(number)
    steps = {"engagee": begun, "partiellement_realisee": partly, "realisee": realised, "abandonnee": given_up}
    return {name: quarters[mixed] for name, quarters in steps.items()}


def _statuses(course: Mapping[str, Ints], quarters: Ints) -> Texts:
    """(action, quarter): the last step passed."""
    statuses = np.full((sum(ACTIONS_BY_AXIS), len(quarters)), "non_engagee", dtype="U22")
    for status, since in course.items():
        statuses[quarters >= since[:, None]] = status
    return statuses


def _progress(statuses: Texts, quarters: Ints) -> Ints:
    elapsed = np.minimum(np.arange(len(quarters)), 18)
    by_status = {"engagee": 5 + 2 * elapsed, "partiellement_realisee": 45 + 2 * elapsed, "realisee": 100 + 0 * elapsed}
    progress = np.zeros(statuses.shape, dtype=np.int64)
    for status, values in by_status.items():
        progress = np.where(statuses == status, values, progress)
    return progress


def plan_actions(setting: Setting) -> pd.DataFrame:
    """One row per (action, quarter): the columns of contract ``plan_actions`` as text."""
    quarters, rng = quarters_since(FIRST_QUARTER, setting.until), setting.rng
    axes = np.repeat(np.arange(1, 5), ACTIONS_BY_AXIS)
    names = np.array([f"{axis}.{rank}" for axis, n in enumerate(ACTIONS_BY_AXIS, 1) for rank in range(1, n + 1)])
    statuses = _statuses(_course(rng), quarters)
    pilots = np.array([rng.choice(PILOTS, p=PILOT_SHARE[axis - 1]) for axis in axes])
    due = np.array([f"{year}-12-31" for year in rng.choice([2020, 2021, 2023, 2026], len(names))])
    columns = {
        "action_id": names[:, None],
        "trimestre": quarter_names(quarters),
        "axe": np.char.add("axe_", axes.astype(str))[:, None],
        "intitule": np.char.add("Action simulée ", names)[:, None],
        "pilote": pilots[:, None],
        "statut": statuses,
        "avancement_pourcent": _progress(statuses, quarters),
        "echeance": due[:, None],
        "indicateurs_lies": np.array([LINKED[int(axis)] for axis in axes])[:, None],
    }
    late = (names == LATE_ACTION)[:, None] & (quarters == quarters[-1])
    return table(columns, statuses.shape, ~late)


# ── Budget ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FIRST_YEAR = 2019
FUNDERS = {"ars": 0.42, "prefecture_region": 0.30, "ville_paris": 0.18, "mildeca": 0.06, "prefecture_police": 0.04}
AXIS_SHARE = (0.32, 0.44, 0.18, 0.06)
# Million euros by year: 9 planned and 25 spent over 2019-2021 (PF021, PF022); later years are not published.
PLANNED = {2019: 2.4, 2021: 3.6, 2022: 11.0, 2026: 13.0}
SPENT = {2019: 5.3, 2020: 8.4, 2021: 11.3, 2022: 12.4, 2026: 14.0}
LATE_FUNDER = "mildeca"


def _years(until: date) -> Ints:
    return np.arange(FIRST_YEAR, until.year + (until == date(until.year, 12, 31)))


def _amounts(rng: np.random.Generator, by_year: Mapping[int, float], years: Ints, shares: Floats) -> Floats:
    """(funder, axis, year): the year's amount divided by shares that vary a little; each year's total is kept."""
    weights = shares[..., None] * rng.normal(1, 0.08, (*shares.shape, len(years)))
    totals = np.interp(years, list(by_year), list(by_year.values()))
    return np.asarray(weights / weights.sum(axis=(0, 1)) * totals)


def plan_budget(setting: Setting) -> pd.DataFrame:
    """One row per (funder, axis, year): the columns of contract ``plan_budget`` as text."""
    years, rng = _years(setting.until), setting.rng
    shares = np.outer(list(FUNDERS.values()), AXIS_SHARE)
    planned, spent = (_amounts(rng, by_year, years, shares) for by_year in (PLANNED, SPENT))
    funders = np.array(list(FUNDERS))
    columns = {
        "financeur": funders[:, None, None],
        "axe": np.array([f"axe_{n}" for n in range(1, 5)])[:, None],
        "annee": years,
        "prevu_meur": cells(planned, decimals=3),
        "depense_meur": cells(spent, decimals=3),
    }
    late = (funders == LATE_FUNDER)[:, None, None] & (years == years[-1])
    return table(columns, planned.shape, ~late)
