"""Simulated housing: places that open step by step, nearly full, and exits by destination.

Five reporters are schemes that the documents name (ASSORE, PHASE, UHS, LHSS, LAM): they are the grain of the feed. Only
the places of ASSORE in 2022 are published; everything else is drawn at random, and every row says it is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_AVAILABLE,
    NOT_REPORTED,
    Bools,
    Dates,
    Floats,
    Ints,
    Setting,
    cells,
    months_since,
    overdispersed,
    part,
    some,
    table,
)
from etl.simulate.register import services

FIRST_MONTH = "2019-06"
# First month of each number of places. ASSORE: 510 places in February 2022, after 70 more opened (PF024, PF025).
SCHEMES: Mapping[str, Mapping[str, int]] = {
    "assore": {"2019-06": 240, "2020-03": 320, "2021-01": 400, "2021-09": 440, "2022-02": 510, "2024-06": 530},
    "phase": {"2019-06": 90, "2021-01": 110, "2023-06": 120},
    "uhs": {"2020-06": 30, "2021-06": 45, "2022-09": 60},
    "lhss-addictions": {"2022-11": 15, "2023-09": 30},
    "lam-addictions": {"2023-02": 10, "2024-05": 20},
}
LATE_SERVICE = "sim-hebergement-92-01"
TURNOVER = 0.09  # entries of a month per place
DESTINATIONS = {"sorties_logement": 0.34, "sorties_soins": 0.26, "sorties_rue": 0.55}  # each among those that are left


def _openings(setting: Setting) -> dict[str, Mapping[str, int]]:
    small = services("hebergement", scale=setting.scale)
    return {
        **SCHEMES,
        **{s.service_id: {f"202{rank % 3}-03": 8 + 3 * (rank % 5)} for rank, s in enumerate(small)},
    }


def _places(openings: Mapping[str, Mapping[str, int]], months: Dates) -> Ints:
    places = np.zeros((len(openings), len(months)), dtype=np.int64)
    for row, steps in zip(places, openings.values(), strict=True):
        for month, number in steps.items():
            row[months >= np.datetime64(month)] = number
    return places


def _destinations(rng: np.random.Generator, exits: Ints) -> dict[str, Ints]:
    left, found = exits, {}
    for name, share in DESTINATIONS.items():
        found[name] = part(rng, left, share)
        left = left - found[name]
    return {**found, "sorties_autres": left}


def _occupied(rng: np.random.Generator, places: Ints) -> Floats:
    return np.asarray(np.minimum(places * rng.beta(60, 4, places.shape), places))


def _reported(reporters: list[str], months: Dates, places: Ints) -> Bools:
    late = np.isin(reporters, [LATE_SERVICE])[:, None]
    return np.asarray((places > 0) & ~(late & (months > months[-1] - 2)))


def plan_hebergement(setting: Setting) -> pd.DataFrame:
    """One row per (service, month): the columns of contract ``plan_hebergement`` as text."""
    openings, months, rng = _openings(setting), months_since(FIRST_MONTH, setting.until), setting.rng
    reporters = list(openings)
    places = _places(openings, months)
    exits = overdispersed(rng, 0.95 * TURNOVER * places, shape=30)
    # A report whose destinations are not known leaves all four empty: part of them would not add up to the exits.
    untold = {NOT_AVAILABLE: some(rng, places.shape, 0.02)}
    columns = {
        "service_id": np.array(reporters)[:, None],
        "mois": months.astype(str),
        "places_ouvertes": places,
        "places_occupees_moyenne": _occupied(rng, places),
        "entrees": cells(
            overdispersed(rng, TURNOVER * places, shape=30), {NOT_REPORTED: some(rng, places.shape, 0.02)}
        ),
        "sorties": exits,
        **{name: cells(values, untold) for name, values in _destinations(rng, exits).items()},
    }
    return table(columns, places.shape, _reported(reporters, months, places))
