"""Simulated editions of the survey of people received in CAARUD: who answered, who uses what, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_AVAILABLE,
    Floats,
    Ints,
    Setting,
    cells,
    interpolated,
    overdispersed,
    part,
    some,
    table,
)

EDITIONS = (2006, 2008, 2010, 2012, 2015, 2019, 2023)
# Respondents of a mainland region where the sample allows a regional figure; that of Corse does not.
REGIONS: Mapping[str, float] = {
    "11": 720, "24": 90, "27": 110, "28": 140, "32": 260, "44": 240, "52": 150, "53": 170, "75": 300, "76": 330,
    "84": 310, "93": 320,
}  # fmt: skip
LATE_REGION = "24"
SEXES = ("femmes", "hommes", "non_precise")
AGES = ("moins_25", "25_34", "35_44", "45_plus")
SEX_SHARE = np.array([0.19, 0.80, 0.01])
AGE_SHARE: Mapping[int, tuple[float, ...]] = {  # the public grows older: mean age 33 in 2006, 41 in 2019
    2006: (0.19, 0.39, 0.31, 0.11),
    2012: (0.13, 0.33, 0.33, 0.21),
    2019: (0.055, 0.235, 0.36, 0.35),
}
# Share of respondents who used the product in the last 30 days; any cocaine: 50 % in 2015, 69 % in 2019 (published).
USERS: Mapping[str, Mapping[float, float]] = {
    "cocaine": {2006: 0.43, 2012: 0.46, 2015: 0.50, 2019: 0.69, 2023: 0.73},
    "heroine": {2006: 0.30, 2012: 0.31, 2019: 0.33, 2023: 0.30},
    "cannabis": {2006: 0.75, 2012: 0.72, 2019: 0.72, 2023: 0.68},
    "alcool": {2006: 0.66, 2012: 0.66, 2019: 0.67, 2023: 0.66},
    "opioides_medicaments": {2006: 0.45, 2012: 0.50, 2019: 0.53, 2023: 0.52},
    "benzodiazepines": {2006: 0.28, 2012: 0.30, 2019: 0.33, 2023: 0.34},
}
BASE_AMONG_COCAINE = {2006: 0.48, 2012: 0.58, 2015: 0.62, 2019: 0.72, 2023: 0.80}
POWDER_AMONG_COCAINE = 0.62
# Share of users by route (injection, smoking, snorting); whoever has none of them has another one.
ROUTES: Mapping[str, tuple[float, float, float]] = {
    "cocaine": (0.38, 0.58, 0.40),
    "cocaine_poudre": (0.55, 0.20, 0.55),
    "cocaine_basee": (0.15, 0.93, 0.02),
    "heroine": (0.52, 0.30, 0.42),
    "cannabis": (0.0, 0.97, 0.0),
    "alcool": (0.0, 0.0, 0.0),
    "opioides_medicaments": (0.38, 0.05, 0.12),
    "benzodiazepines": (0.03, 0.01, 0.02),
}


def _editions(until: date) -> Ints:
    return np.array([year for year in EDITIONS if date(year, 12, 31) <= until])


def _respondents(rng: np.random.Generator, editions: Ints) -> Ints:
    """(region, edition, sex, age)."""
    ages = np.array([interpolated(editions.astype(float), {y: s[i] for y, s in AGE_SHARE.items()}) for i in range(4)])
    mean = np.einsum("r,ae,s->resa", np.array(list(REGIONS.values())), ages, SEX_SHARE)
    return overdispersed(rng, mean, shape=200)


def _users(rng: np.random.Generator, respondents: Ints, editions: Ints) -> dict[str, Ints]:
    """Users of each product; whoever uses powder or base uses cocaine, and whoever uses cocaine uses one of them."""

    def curve(points: Mapping[float, float]) -> Floats:
        return interpolated(editions.astype(float), points)[:, None, None]

    users = {product: part(rng, respondents, curve(points)) for product, points in USERS.items()}
    base = part(rng, users["cocaine"], curve({float(y): s for y, s in BASE_AMONG_COCAINE.items()}))
    powder = np.maximum(part(rng, users["cocaine"], POWDER_AMONG_COCAINE), users["cocaine"] - base)
    return {**users, "cocaine_basee": base, "cocaine_poudre": powder}


def _routes(rng: np.random.Generator, users: Mapping[str, Ints]) -> list[Ints]:
    """Users by injection, smoking, snorting, another route: each array is (product, region, edition, sex, age)."""
    drawn = [np.stack([part(rng, users[p], ROUTES[p][i]) for p in users]) for i in range(3)]
    rest = np.maximum(np.stack(list(users.values())) - sum(drawn), 0)
    return [*drawn, rest]


def caarud_profils(setting: Setting) -> pd.DataFrame:
    """One row per (region, edition, product, sex, age class): the columns of contract ``caarud_profils`` as text."""
    rng, editions = setting.rng, _editions(setting.until)
    respondents = _respondents(rng, editions)
    users = _users(rng, respondents, editions)
    injection, smoking, snorting, other = _routes(rng, users)
    shape = injection.shape
    # An edition that did not ask for the routes of a row leaves them all out.
    untold = {NOT_AVAILABLE: some(rng, shape, 0.01)}
    regions = np.array(list(REGIONS))[:, None, None, None]
    columns = {
        "region_code": regions,
        "edition": editions[:, None, None],
        "produit": np.array(list(users))[:, None, None, None, None],
        "sexe": np.array(SEXES)[:, None],
        "classe_age": np.array(AGES),
        "repondants": respondents,
        "usagers_30_jours": np.stack(list(users.values())),
        "usagers_injection": cells(injection, untold),
        "usagers_inhalation": cells(smoking, untold),
        "usagers_sniff": cells(snorting, untold),
        "usagers_autre_voie": cells(other, untold),
    }
    late = (regions == LATE_REGION) & (editions == editions[-1])[:, None, None]
    return table(columns, shape, ~late)
