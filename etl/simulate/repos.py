"""Simulated daily attendance of rest spaces: weekdays, seasons, the opening, the lockdown, the move of June 2023."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.simulate.draw import (
    NOT_AVAILABLE,
    NOT_REPORTED,
    Floats,
    Ints,
    Setting,
    Texts,
    cells,
    frame,
    interpolated,
    overdispersed,
    part,
    some,
)
from etl.simulate.register import services

Days = NDArray[np.datetime64]
Curve = Mapping[float, float]

OPENING = date(2019, 11, 18)
WEEKDAY = np.array([1.05, 1.06, 1.04, 1.03, 1.02, 0.92, 0.88])  # Monday first; mean 1
MONTH = np.array([1.0, 1.0, 1.0, 1.02, 1.0, 1.0, 0.96, 0.9, 1.0, 1.03, 1.05, 1.04])

# Mean passages a day by decimal year. 200 early in 2023 and over 150 in June 2023 are published; the rest joins them.
CHAPELLE_PASSAGES: Curve = {
    2019.88: 12,
    2020.1: 45,
    2020.2: 58,
    2020.24: 22,
    2020.4: 30,
    2021.0: 70,
    2022.0: 125,
    2022.75: 165,
    2022.83: 185,
    2023.0: 200,
    2023.4: 200,
    2023.415: 151,
    2023.5: 153,
    2024.5: 182,
    2026.75: 215,
}
CHAPELLE_HOURS: Curve = {2019.88: 6, 2020.99: 6, 2021.0: 8, 2023.41: 8, 2023.415: 10}
CHAPELLE_CAPACITY: Curve = {2019.88: 26, 2023.41: 26, 2023.415: 60}
FIRST_VISITS = {2019.88: 1.99, 2023.5: 1.99, 2026.75: 2.4}  # 2 600 people from the opening to June 2023
NURSING = {2019.88: 1.07, 2023.5: 1.07, 2026.75: 3.5}  # 1 400 acts from the opening to June 2023


@dataclass(frozen=True)
class Space:
    """A rest space to simulate: its first and last days, and its curves by decimal year."""

    service_id: str
    first: date
    last: date
    passages: Curve
    hours: Curve
    capacity: Curve
    women: float
    first_visits: Curve
    nursing: Curve
    closed_on_sunday: bool = False


def _spaces(setting: Setting) -> list[Space]:
    chapelle = Space(
        "espace-repos-chapelle", OPENING, setting.until, CHAPELLE_PASSAGES, CHAPELLE_HOURS, CHAPELLE_CAPACITY, 0.10,
        FIRST_VISITS, NURSING,
    )  # fmt: skip
    late = min(setting.until, max(OPENING, setting.until.replace(day=1) - timedelta(days=1)))
    sleep_in = _small("espace-repos-sleep-in", date(2019, 12, 2), late, 24)
    others = [
        _small(service.service_id, OPENING, setting.until, 18 + 3 * (rank % 7))
        for rank, service in enumerate(services("espace_repos", scale=setting.scale))
    ]
    return [chapelle, sleep_in, *others]


def _small(service_id: str, first: date, last: date, passages: float) -> Space:
    """A small space, closed on Sundays: its daily counts of women and of acts are mostly under the threshold."""
    level = {
        2019.9: passages,
        2020.2: passages,
        2020.24: 0.4 * passages,
        2020.45: 0.7 * passages,
        2026.75: 1.5 * passages,
    }
    return Space(
        service_id, first, last, level, {2019.9: 11}, {2019.9: 15}, 0.35, {2019.9: 0.6}, {2019.9: 0.8},
        closed_on_sunday=True,
    )  # fmt: skip


def _decimal_years(days: Days) -> Floats:
    years = days.astype("datetime64[Y]")
    elapsed = (days - years.astype("datetime64[D]")).astype(np.int64)
    return np.asarray(years.astype(np.int64) + 1970 + elapsed / 365.25)


def _seasons(days: Days) -> Floats:
    weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    return np.asarray(WEEKDAY[weekday] * MONTH[month])


def _drift(rng: np.random.Generator, length: int) -> Floats:
    """A slow multiplicative wave around 1: good and bad weeks, so that days resemble their neighbours."""
    weeks = rng.normal(0, 0.035, length // 7 + 2)
    return np.exp(np.interp(np.arange(length) / 7, np.arange(len(weeks)), weeks))


def _hours(setting: Setting, space: Space, days: Days, at: Floats) -> Floats:
    steps = np.array(list(space.hours.values()), dtype=float)
    hours = steps[np.maximum(np.searchsorted(list(space.hours), at, side="right") - 1, 0)]
    closed = some(setting.rng, len(days), 0.002)
    closed |= space.closed_on_sunday & ((days.astype(np.int64) + 3) % 7 == 6)
    return np.where(closed, 0.0, hours)


def _people(setting: Setting, space: Space, passages: Ints, at: Floats) -> dict[str, Ints]:
    persons = np.where(passages > 0, np.maximum(part(setting.rng, passages, 0.78), 1), 0)
    newcomers = np.minimum(setting.rng.poisson(interpolated(at, space.first_visits)), persons)
    return {
        "personnes": persons,
        "femmes": part(setting.rng, persons, space.women),
        "premieres_visites": newcomers,
    }


def _acts(setting: Setting, space: Space, passages: Ints, at: Floats) -> dict[str, Ints]:
    is_open = passages > 0
    nursing = setting.rng.poisson(interpolated(at, space.nursing)) * is_open
    rates = {"orientations_hebergement": 0.035, "orientations_soins": 0.05, "orientations_droits": 0.03}
    return {
        "soins_infirmiers": nursing,
        **{name: setting.rng.poisson(rate * passages).astype(np.int64) for name, rate in rates.items()},
    }


def _marked(setting: Setting, name: str, values: Ints) -> Texts:
    share = 0.0 if name in ("passages", "personnes") else 0.006
    missing = some(setting.rng, len(values), share)
    return cells(values, {NOT_AVAILABLE if name.startswith("orientations") else NOT_REPORTED: missing})


def _rows(setting: Setting, space: Space) -> pd.DataFrame:
    days = np.arange(np.datetime64(space.first), np.datetime64(space.last) + 1)
    at = _decimal_years(days)
    hours = _hours(setting, space, days, at)
    mean = interpolated(at, space.passages) * _seasons(days) * _drift(setting.rng, len(days)) * (hours > 0)
    passages = overdispersed(setting.rng, mean, shape=120)
    counts = {"passages": passages, **_people(setting, space, passages, at), **_acts(setting, space, passages, at)}
    return frame(
        {
            "service_id": np.full(len(days), space.service_id),
            "jour": days.astype(str),
            **{name: _marked(setting, name, values) for name, values in counts.items()},
            "heures_ouverture": cells(hours),
            "capacite": cells(np.round(interpolated(at, space.capacity)).astype(np.int64)),
        }
    )


def plan_espaces_repos(setting: Setting) -> pd.DataFrame:
    """One row per (rest space, day): the columns of contract ``plan_espaces_repos`` as text."""
    spaces = [space for space in _spaces(setting) if space.first <= space.last]
    return pd.concat([_rows(setting, space) for space in spaces], ignore_index=True)
