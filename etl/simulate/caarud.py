"""Simulated yearly activity of CAARUDs: sizes by structure, a dip in 2020, slow growth, and anchored shares."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    NOT_REPORTED,
    Bools,
    Floats,
    Ints,
    Setting,
    Texts,
    cells,
    frame,
    overdispersed,
    some,
    steady_part,
)
from etl.simulate.register import ILE_DE_FRANCE, Service, services

FIRST_YEAR = 2016
ANCHOR_YEAR = 2019
ANCHOR_FILE_ACTIVE = 13_000 / 0.70  # users of base cocaine ÷ their share of the public: 18 571 people
SHARE_WOMEN = 0.20
SHARE_UNDER_25 = 0.055
SHARE_NEW = 0.38
LOCKDOWN = {2020: 0.84, 2021: 0.93}

# Mean per person of the file active; kits and syringes are items, the others acts on persons.
PER_PERSON = {
    "passages": 11.0,
    "entretiens": 2.3,
    "actes_infirmiers": 1.4,
    "actes_medicaux": 0.45,
    "actes_sociaux": 1.9,
    "actes_hygiene": 3.2,
    "kits_base": 9.0,
    "pipes": 2.4,
    "seringues": 24.0,
    "kits_sniff": 1.6,
    "roule_ta_paille": 2.2,
    "feuilles_aluminium": 5.0,
    "tests_vih": 0.10,
    "tests_vhc": 0.12,
    "tests_vhb": 0.05,
    "accompagnements": 0.35,
}
GROWTH = {"kits_base": 0.10, "pipes": 0.06, "seringues": -0.03}  # per year: base cocaine spreads, injection recedes


def _years(setting: Setting) -> Ints:
    last = setting.until.year if setting.until >= date(setting.until.year, 12, 31) else setting.until.year - 1
    return np.arange(max(2006, FIRST_YEAR - (setting.scale - 1)), last + 1)


def _open(reporters: list[Service], years: Ints) -> Bools:
    start = np.array([int(s.date_debut[:4]) if s.date_debut else 0 for s in reporters])[:, None]
    end = np.array([int(s.date_fin[:4]) if s.date_fin else 9999 for s in reporters])[:, None]
    return np.asarray((years >= start) & (years <= end))


def _anchored(reporters: list[Service]) -> Bools:
    """Structures the anchors are about: in Île-de-France, open in 2019."""
    region = np.array([s.territoire_code in ILE_DE_FRANCE for s in reporters])
    return np.asarray(region & _open(reporters, np.array([ANCHOR_YEAR])).ravel())


def _sizes(setting: Setting, reporters: list[Service]) -> Floats:
    """File active of each structure in 2019; those of Île-de-France then add up to the anchor."""
    sizes = np.exp(setting.rng.normal(6.6, 0.75, len(reporters)))
    sizes[[s.service_id.endswith(("77-01", "91-01")) for s in reporters]] /= 8
    return np.asarray(sizes * ANCHOR_FILE_ACTIVE / sizes[_anchored(reporters)].sum())


def _trend(years: Ints, growth: float) -> Floats:
    dip = np.array([LOCKDOWN.get(int(year), 1.0) for year in years])
    return np.asarray(np.exp(growth * (years - ANCHOR_YEAR)) * dip)


def _shares(setting: Setting, weights: Floats, mean: float) -> Floats:
    """A share per structure, spread around ``mean``, whose weighted average is ``mean``."""
    shares = setting.rng.beta(150 * mean, 150 * (1 - mean), len(weights))
    return np.asarray(shares * mean / np.average(shares, weights=weights))[:, None]


def _activity(setting: Setting, people: Ints, years: Ints) -> dict[str, Ints]:
    habit = setting.rng.gamma(12, 1 / 12, (len(PER_PERSON), len(people), 1))
    return {
        name: overdispersed(setting.rng, people * mean * habit[i] * _trend(years, GROWTH.get(name, 0.0)), shape=60)
        for i, (name, mean) in enumerate(PER_PERSON.items())
    }


def _rounds(setting: Setting, sizes: Floats, shape: tuple[int, ...]) -> Texts:
    rounds = overdispersed(setting.rng, np.broadcast_to(60 + sizes[:, None] / 6, shape), shape=40)
    without = np.broadcast_to(some(setting.rng, len(sizes), 0.15)[:, None], shape)
    return cells(rounds, {NOT_AVAILABLE: some(setting.rng, shape, 0.02), NOT_APPLICABLE: without})


def _staff(setting: Setting, people: Ints) -> Texts:
    staff = 1.5 + people / 85 * setting.rng.normal(1, 0.08, people.shape)
    return cells(np.maximum(staff, 0.5), {NOT_AVAILABLE: some(setting.rng, people.shape, 0.08)})


def _reported(setting: Setting, reporters: list[Service], years: Ints) -> Bools:
    """Rows that exist: open structures, less a few reports never sent and the latecomers of the last year."""
    late = np.isin([s.service_id for s in reporters], ["sim-caarud-75-04", "sim-caarud-92-02"])[:, None]
    sent = _open(reporters, years) & ~some(setting.rng, (len(reporters), len(years)), 0.02)
    sent[:, years == ANCHOR_YEAR] = _open(reporters, years)[:, years == ANCHOR_YEAR]
    return np.asarray(sent & ~(late & (years == years[-1])))


def caarud_activite(setting: Setting) -> pd.DataFrame:
    """One row per (structure, year): the columns of contract ``caarud_activite`` as text."""
    reporters, years = services("caarud", scale=setting.scale), _years(setting)
    sizes = _sizes(setting, reporters)
    weights = np.where(_anchored(reporters), sizes, 0.0)
    people = overdispersed(setting.rng, sizes[:, None] * _trend(years, 0.035), shape=900)
    acts = _activity(setting, people, years)
    blank = {name: {NOT_REPORTED: some(setting.rng, people.shape, 0.02)} for name in acts}
    columns = {
        "service_id": np.repeat(np.array([s.service_id for s in reporters])[:, None], len(years), axis=1),
        "annee": cells(np.broadcast_to(years, people.shape)),
        "file_active": cells(people),
        "femmes": cells(steady_part(setting.rng, people, _shares(setting, weights, SHARE_WOMEN))),
        "moins_25_ans": cells(steady_part(setting.rng, people, _shares(setting, weights, SHARE_UNDER_25))),
        "nouveaux": cells(
            steady_part(setting.rng, people, _shares(setting, weights, SHARE_NEW)),
            {NOT_AVAILABLE: some(setting.rng, people.shape, 0.03)},
        ),
        **{name: cells(values, blank[name]) for name, values in acts.items()},
        "maraudes": _rounds(setting, sizes, people.shape),
        "etp": _staff(setting, people),
    }
    return frame(columns)[_reported(setting, reporters, years).ravel()]
