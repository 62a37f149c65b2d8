"""Simulated referrals between regions: host regions join one after the other, places open one by one.

The number of places follows the published targets: it supposes that of the end of 2023 met, and that of the end of the
plan well under way. Both are targets, not measures.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Bools,
    Ints,
    Setting,
    cells,
    interpolated,
    overdispersed,
    part,
    quarter_names,
    quarters_since,
    some,
    table,
)

REGIONS = ("24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94")
KINDS = ("csapa_residentiel", "communaute_therapeutique", "smr_a")
KIND_SHARE = (0.5, 0.3, 0.2)
FIRST_QUARTER = 4 * 2022 + 1  # 2022-T2, that of the instruction
# Places by quarter: 50 at the end of 2023 (target), then on the way to 250.
PLACES: Mapping[float, float] = {4 * 2022 + 1: 6, 4 * 2023 + 3: 50, 4 * 2026 + 2: 118, 4 * 2028 + 3: 250}
LATE_REGION = "28"


def _places(rng: np.random.Generator, quarters: Ints) -> Ints:
    """Places of each (region, kind) each quarter: one shared order of opening, of which each quarter has the start."""
    total = np.rint(interpolated(quarters.astype(float), PLACES)).astype(np.int64)
    most = int(max(PLACES.values()))
    weights = np.outer(rng.dirichlet(np.full(len(REGIONS), 6.0)), KIND_SHARE).ravel()
    order = rng.choice(len(weights), size=most, p=weights)
    opened = np.array([np.bincount(order[:number], minlength=len(weights)) for number in total])
    return opened.T.reshape(len(REGIONS), len(KINDS), len(quarters))


def _reported(places: Ints) -> Bools:
    late = np.isin(REGIONS, [LATE_REGION])[:, None, None] & (np.arange(places.shape[-1]) == places.shape[-1] - 1)
    return np.asarray((places > 0) & ~late)


def plan_aval(setting: Setting) -> pd.DataFrame:
    """One row per (host region, kind of structure, quarter): the columns of contract ``plan_aval`` as text."""
    quarters, rng = quarters_since(FIRST_QUARTER, setting.until), setting.rng
    places = _places(rng, quarters)
    admissions = rng.poisson(0.55 * places)
    delay = 9 + 30 * np.exp(-np.arange(len(quarters)) / 8) * rng.lognormal(0, 0.25, places.shape)
    columns = {
        "region_code": np.array(REGIONS)[:, None, None],
        "genre_structure": np.array(KINDS)[:, None],
        "trimestre": quarter_names(quarters),
        "places_disponibles": places,
        "orientations": overdispersed(rng, 0.25 * places + 1.2 * admissions, shape=12),
        "admissions": admissions,
        "sejours_termines": cells(part(rng, admissions, 0.55), {NOT_AVAILABLE: some(rng, places.shape, 0.05)}),
        "delai_median_jours": cells(np.round(delay * 2) / 2, {NOT_APPLICABLE: admissions == 0}),
    }
    return table(columns, places.shape, _reported(places))
