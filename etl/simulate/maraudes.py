"""Simulated outreach rounds: teams that do not exist, in arrondissements, communes and on metro lines."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_AVAILABLE,
    NOT_REPORTED,
    Bools,
    Dates,
    Setting,
    cells,
    months_since,
    overdispersed,
    part,
    some,
    table,
)
from etl.simulate.register import OPENINGS, services

FIRST_MONTH = "2019-09"
LATE_TEAM = "sim-maraude-92-01"
# Where each team of the first scale goes, from the most visited to the least; the second team of Paris is underground.
PLACES = {
    "sim-maraude-75-01": ("75118", "75119", "75110", "75120"),
    "sim-maraude-75-02": ("M4", "M12", "M5", "M7", "M2"),
    "sim-maraude-75-03": ("75110", "75109", "75111", "75113"),
    "sim-maraude-92-01": ("92024", "92036"),
    "sim-maraude-93-01": ("93066", "93001", "93070"),
    "sim-maraude-93-02": ("93055", "93048"),
}
NEW_LINES = ("M7", "M2")  # the extension to new lines: from 2021 on
NEW_LINES_FROM = "2021-01"
ARRONDISSEMENTS = {"69": tuple(f"6938{n}" for n in range(1, 10)), "13": tuple(f"132{n:02d}" for n in range(1, 17))}


def _rounds_of(scale: int) -> list[tuple[str, str, float]]:
    """(team, place, rounds a month): a team of a larger scale goes to two arrondissements of its city."""
    known = [(team, place) for team, places in PLACES.items() for place in places]
    others = services("maraude", scale=scale)[len(PLACES) :]
    added = [
        (
            team.service_id,
            ARRONDISSEMENTS[team.territoire_code][(rank + step) % len(ARRONDISSEMENTS[team.territoire_code])],
        )
        for rank, team in enumerate(others)
        for step in (0, 5)
    ]
    return [(team, place, 16.0 / (1 + rank % 4)) for rank, (team, place) in enumerate([*known, *added])]


def _reported(teams: list[str], places: list[str], months: Dates) -> Bools:
    late = np.isin(teams, [LATE_TEAM])[:, None] & (months > months[-1] - 2)
    later = np.isin(places, NEW_LINES)[:, None] & (months < np.datetime64(NEW_LINES_FROM))
    openings = np.array([OPENINGS.get(team, FIRST_MONTH)[:7] for team in teams], dtype="datetime64[M]")
    return np.asarray(~late & ~later & (months >= openings[:, None]))


def plan_maraudes(setting: Setting) -> pd.DataFrame:
    """One row per (team, place, month): the columns of contract ``plan_maraudes`` as text."""
    teams, places, level = (list(part) for part in zip(*_rounds_of(setting.scale), strict=True))
    months, rng = months_since(FIRST_MONTH, setting.until), setting.rng
    shape = (len(teams), len(months))
    growth = np.linspace(0.8, 1.25, len(months))
    rounds = rng.poisson(np.array(level)[:, None] * growth, shape)
    contacts = overdispersed(rng, 6.5 * rounds, shape=20)
    people = part(rng, contacts, 0.62)
    columns = {
        "equipe_id": np.array(teams)[:, None],
        "lieu_code": np.array(places)[:, None],
        "mois": months.astype(str),
        "maraudes": rounds,
        "contacts": contacts,
        "personnes_rencontrees": cells(people, {NOT_AVAILABLE: some(rng, shape, 0.04)}),
        "orientations": cells(part(rng, contacts, 0.07), {NOT_REPORTED: some(rng, shape, 0.02)}),
        "kits_remis": overdispersed(rng, 1.4 * contacts, shape=20),
    }
    return table(columns, shape, _reported(teams, places, months))
