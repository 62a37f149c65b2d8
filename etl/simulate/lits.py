"""Simulated hospital beds: a ramp of 10 then 24 beds, units of 3 for observation, delays falling towards 5 days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.simulate.draw import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Bools,
    Floats,
    Ints,
    Setting,
    cells,
    frame,
    overdispersed,
    part,
    some,
)
from etl.simulate.register import services

Months = NDArray[np.datetime64]

FIRST_MONTH = "2023-07"
SEVRAGE = "sevrage"
LATE_HOSPITAL = "sim-hopital-93-02"
DELAY_AT_FIRST, DELAY_FLOOR, DELAY_FALL = 10.0, 4.4, 14.0  # days, days, months
ATTRIBUTED = (0.45, 0.78)  # share of used bed-days, first and last
STAY_DAYS = 9.0


@dataclass(frozen=True)
class Unit:
    """A unit: (first month, beds identified from then on), in order; beds are funded before and open after."""

    etablissement_id: str
    unite: str
    steps: tuple[tuple[str, int], ...]


def _observation(rank: int, hospital: str, month: str) -> Unit:
    return Unit(hospital, f"observation-orientation-{rank}", ((month, 3),))


# Ten beds identified from December 2023 to August 2024; fifteen and three units of 3 from October 2025.
UNITS = (
    Unit("sim-hopital-75-01", SEVRAGE, (("2023-07", 2), ("2023-10", 3), ("2025-06", 4))),
    Unit("sim-hopital-75-02", SEVRAGE, (("2023-09", 2), ("2023-12", 3))),
    Unit("sim-hopital-75-03", SEVRAGE, (("2023-11", 2), ("2025-02", 3))),
    Unit("sim-hopital-93-01", SEVRAGE, (("2023-10", 2), ("2024-11", 3))),
    Unit("sim-hopital-93-02", SEVRAGE, (("2025-01", 1),)),
    Unit("sim-hopital-94-01", SEVRAGE, (("2025-04", 1),)),
    _observation(1, "sim-hopital-75-01", "2024-09"),
    _observation(2, "sim-hopital-93-01", "2025-05"),
    _observation(3, "sim-hopital-75-02", "2025-10"),
)


def _units(scale: int) -> list[Unit]:
    others = services("hopital", scale=scale)[len(services("hopital", scale=1)) :]
    return [*UNITS, *(Unit(s.service_id, SEVRAGE, (("2024-10", 2), ("2025-09", 3))) for s in others)]


def _months(setting: Setting) -> Months:
    """Months ended by the last day of the simulation."""
    after = (np.datetime64(setting.until) + 1).astype("datetime64[M]")
    return np.arange(np.datetime64(FIRST_MONTH), after, dtype="datetime64[M]")


def _beds(units: list[Unit], months: Months, *, shift: int) -> Ints:
    """Beds of each unit each month; a positive shift delays every step by so many months."""
    beds = np.zeros((len(units), len(months)), dtype=np.int64)
    for row, unit in zip(beds, units, strict=True):
        for month, number in unit.steps:
            row[months >= np.datetime64(month) + shift] = number
    return beds


def _bed_days(setting: Setting, months: Months, beds: Ints) -> dict[str, Ints]:
    starts = months.astype("datetime64[D]")
    days = ((months + 1).astype("datetime64[D]") - starts).astype(np.int64)
    available = part(setting.rng, beds * days, 0.97)
    used = part(setting.rng, available, setting.rng.beta(40, 9, beds.shape))
    attributed = part(setting.rng, used, np.linspace(*ATTRIBUTED, len(months)))
    return {"journees_disponibles": available, "journees_utilisees": used, "journees_attribuees": attributed}


def _delays(setting: Setting, admissions: Ints) -> tuple[Ints, Floats, Floats]:
    """Admissions in under 5 days, median and ninth decile, from a drawn delay for each admission.

    Both quantiles are 0 where nobody was admitted; the caller writes « NC » there.
    """
    month = np.arange(admissions.shape[1])
    typical = DELAY_FLOOR + (DELAY_AT_FIRST - DELAY_FLOOR) * np.exp(-month / DELAY_FALL)
    shape = (*admissions.shape, max(1, int(admissions.max(initial=1))))
    drawn = np.floor(setting.rng.lognormal(np.log(typical)[None, :, None], 0.55, shape))
    drawn[np.arange(shape[-1]) >= admissions[..., None]] = np.inf
    drawn.sort(axis=-1)
    median = (_ranked(drawn, (admissions - 1) // 2) + _ranked(drawn, admissions // 2)) / 2
    ninth = _ranked(drawn, np.ceil(0.9 * admissions).astype(np.int64) - 1)
    nobody = admissions == 0
    return (drawn < 5).sum(axis=-1), np.where(nobody, 0, median), np.where(nobody, 0, ninth)


def _ranked(ordered: Floats, rank: Ints) -> Floats:
    return np.take_along_axis(ordered, np.maximum(rank, 0)[..., None], axis=-1)[..., 0]


def _reported(units: list[Unit], months: Months, funded: Ints) -> Bools:
    """Rows that exist: units with a funded bed, in an establishment already open, less the latecomer's last quarter."""
    opening = {s.service_id: s.date_debut for s in services("hopital", scale=1) if s.date_debut}
    start = np.array([opening.get(unit.etablissement_id, FIRST_MONTH)[:7] for unit in units], dtype="datetime64[M]")
    late = np.array([unit.etablissement_id == LATE_HOSPITAL for unit in units])[:, None]
    return np.asarray((funded > 0) & (months >= start[:, None]) & ~(late & (months > months[-1] - 3)))


def plan_lits(setting: Setting) -> pd.DataFrame:
    """One row per (establishment, unit, month): the columns of contract ``plan_lits`` as text."""
    units, months, rng = _units(setting.scale), _months(setting), setting.rng
    funded, identified, opened = (_beds(units, months, shift=shift) for shift in (-2, 0, 2))
    bed_days = _bed_days(setting, months, opened)
    admissions = rng.poisson(bed_days["journees_utilisees"] / STAY_DAYS)
    soon, median, ninth = _delays(setting, admissions)
    nobody = {NOT_APPLICABLE: admissions == 0}
    columns = {
        "etablissement_id": np.repeat([[unit.etablissement_id] for unit in units], len(months), axis=1),
        "unite": np.repeat([[unit.unite] for unit in units], len(months), axis=1),
        "mois": np.broadcast_to(months.astype(str), funded.shape),
        "lits_finances": cells(funded),
        "lits_identifies": cells(identified),
        "lits_ouverts": cells(opened),
        **{name: cells(values) for name, values in bed_days.items()},
        "demandes": cells(overdispersed(rng, 1.1 * identified + 1.3 * admissions, shape=8)),
        "admissions": cells(admissions),
        "admissions_5_jours": cells(soon),
        "delai_median_jours": cells(median, nobody),
        "delai_p90_jours": cells(ninth, nobody),
        "sorties_precoces": cells(part(rng, admissions, 0.22), {NOT_AVAILABLE: some(rng, funded.shape, 0.03)}),
        "revus_j8": cells(part(rng, admissions, 0.42), {NOT_AVAILABLE: some(rng, funded.shape, 0.10)}),
    }
    return frame(columns)[_reported(units, months, funded).ravel()]
