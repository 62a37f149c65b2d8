"""Simulated scenes: a level by territory and kind, seasons, a lockdown, and a scene that moves when it is dismantled.

The dismantling of October 2022 takes people out of the 19th arrondissement and puts most of them with its neighbours:
a reader who looks at one territory alone sees a fall where there is a move.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
    part,
    some,
)

TERRITORIES = Path(__file__).with_name("scenes_territoires.csv")
TERRITORIES_PER_SCALE = 44
FIRST_QUARTER = 4 * 2019 + 3  # 2019-T4, counted in quarters since year 0
KINDS = ("scene_ouverte", "lieu_deal", "transport", "squat")
KIND_SHARE = np.array([1.0, 0.55, 0.35, 0.25])
KIND_PRESENCE = np.array([1.0, 0.75, 0.5, 0.35])  # share of territories watched for that kind
KIND_OBSERVER = np.array([[0.7, 0.2, 0.1], [0.3, 0.7, 0.0], [0.3, 0.1, 0.6], [0.6, 0.4, 0.0]])
OBSERVERS = np.array(["maraude", "trend", "mediation"])
SEASON = np.array([0.94, 1.04, 1.08, 0.94])
LOCKDOWN = {4 * 2020 + 0: 0.9, 4 * 2020 + 1: 0.6, 4 * 2020 + 3: 0.9}
YEARLY_GROWTH = 0.04

FORCEVAL = "75119"
GATHERING, DISMANTLING = 4 * 2021 + 3, 4 * 2022 + 3  # the scene gathers in 2021-T4, is dismantled in 2022-T4
GATHERED, LEFT, MOVED = 110.0, 0.45, 0.85  # people added, share of all that stays, share of leavers found next door
RETURN = 12.0  # quarters over which the move fades
NEIGHBOURS = {"75118": 0.36, "93001": 0.20, "93055": 0.18, "75110": 0.16, "75120": 0.10}
LATE_TERRITORY = "93066"


@dataclass(frozen=True)
class Place:
    """A territory and the usual number of people at once on its open scenes in 2019."""

    code: str
    intensity: float


@cache
def places() -> tuple[Place, ...]:
    """Every territory that can be simulated, from the most to the least watched."""
    with TERRITORIES.open(encoding="utf-8", newline="") as file:
        return tuple(Place(row["code"], float(row["intensite"])) for row in csv.DictReader(file))


def _quarters(setting: Setting) -> Ints:
    """Quarters ended by the last day of the simulation, counted since year 0."""
    after = np.datetime64(setting.until) + 1
    month = int(after.astype("datetime64[M]").astype(np.int64)) + 12 * 1970
    return np.arange(FIRST_QUARTER - 4 * min(setting.scale - 1, 9), month // 3)


def _level(setting: Setting, chosen: tuple[Place, ...], quarters: Ints) -> Floats:
    """People at once expected, by territory × kind × quarter."""
    base = np.array([place.intensity for place in chosen])[:, None, None] * KIND_SHARE[None, :, None]
    base = base * setting.rng.gamma(20, 1 / 20, (len(chosen), len(KINDS), 1))
    level = base * np.exp(YEARLY_GROWTH * (quarters - FIRST_QUARTER) / 4)
    codes = [place.code for place in chosen]
    if FORCEVAL in codes:
        _move(level[:, 0, :], codes, quarters)
    calendar = SEASON[quarters % 4] * np.array([LOCKDOWN.get(int(quarter), 1.0) for quarter in quarters])
    return np.asarray(level * calendar)


def _move(open_scenes: Floats, codes: list[str], quarters: Ints) -> None:
    """Gather a scene in the 19th arrondissement, dismantle it, and add those who left to the neighbours, in place."""
    scene = open_scenes[codes.index(FORCEVAL)]
    scene += GATHERED * (quarters >= GATHERING)
    leavers = np.where(quarters >= DISMANTLING, (1 - LEFT) * scene, 0.0)
    scene -= leavers
    fading = np.exp(-np.maximum(quarters - DISMANTLING, 0) / RETURN)
    for code, share in NEIGHBOURS.items():
        if code in codes:
            open_scenes[codes.index(code)] += MOVED * share * leavers * fading


def _days_of(quarters: Ints) -> Ints:
    months = (3 * quarters - 12 * 1970).astype("datetime64[M]")
    return np.asarray(((months + 3).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64))


def _observed(setting: Setting, level: Floats, quarters: Ints) -> Ints:
    """Days observed: more where more people are, fewer under lockdown, none at times."""
    effort = np.clip(0.10 + 0.09 * np.log1p(level), 0.05, 0.75)
    effort = effort * np.where(quarters == 4 * 2020 + 1, 0.4, 1.0)
    days = part(setting.rng, np.broadcast_to(_days_of(quarters), level.shape), effort)
    return np.where(some(setting.rng, level.shape, 0.03), 0, days)


def _present(setting: Setting, level: Floats, active: Ints) -> tuple[Ints, Ints]:
    """Smallest and largest number of people at once: 0 without an active day, at least 1 with one."""
    most = np.maximum(overdispersed(setting.rng, 1.5 * level, shape=40), 1)
    least = np.maximum(part(setting.rng, most, 0.3), 1)
    return np.where(active > 0, least, 0), np.where(active > 0, most, 0)


def _judgement(setting: Setting, most: Ints, unseen: Bools) -> Texts:
    """Opinion against the previous quarter: a change of a sixth is seen, one opinion in ten says « stable » anyway."""
    before = np.concatenate([most[..., :1], most[..., :-1]], axis=-1)
    change = np.log((most + 1.0) / (before + 1.0))
    change[some(setting.rng, most.shape, 0.1)] = 0.0
    opinion = np.select([change > 1 / 6, change < -1 / 6], ["hausse", "baisse"], "stable")
    first = np.zeros(most.shape, dtype=bool)
    first[..., 0] = True
    return cells(opinion, {NOT_AVAILABLE: unseen, NOT_APPLICABLE: first & ~unseen})


def _observers(setting: Setting, territories: int) -> Texts:
    """One kind of observer per (territory, kind of scene), for good."""
    drawn = setting.rng.random((territories, len(KINDS), 1))
    return np.asarray(OBSERVERS[(drawn > KIND_OBSERVER.cumsum(axis=1)[None, :, :-1]).sum(axis=-1)])


def _reported(setting: Setting, codes: list[str], quarters: Ints) -> Bools:
    """Rows that exist: kinds of scene watched there, less a latecomer's last quarter."""
    watched = setting.rng.random((len(codes), len(KINDS))) < KIND_PRESENCE
    watched |= (np.arange(len(codes)) < 6)[:, None]
    late = np.array([code == LATE_TERRITORY for code in codes])[:, None, None]
    return np.asarray(watched[..., None] & ~(late & (quarters == quarters[-1])))


def _names(quarters: Ints) -> Texts:
    return np.array([f"{quarter // 4}-T{quarter % 4 + 1}" for quarter in quarters.tolist()])


def trend_scenes(setting: Setting) -> pd.DataFrame:
    """One row per (territory, quarter, kind of scene): the columns of contract ``trend_scenes`` as text."""
    chosen, quarters = places()[: TERRITORIES_PER_SCALE * setting.scale], _quarters(setting)
    codes = [place.code for place in chosen]
    level = _level(setting, chosen, quarters)
    observed = _observed(setting, level, quarters)
    active = part(setting.rng, observed, 1 - np.exp(-level / 4))
    least, most = _present(setting, level, active)
    unseen = observed == 0
    kept = _reported(setting, codes, quarters)
    columns = {
        "territoire_code": np.broadcast_to(np.array(codes)[:, None, None], level.shape),
        "trimestre": np.broadcast_to(_names(quarters), level.shape),
        "genre_scene": np.broadcast_to(np.array(KINDS)[None, :, None], level.shape),
        "personnes_min": cells(least, {NOT_AVAILABLE: some(setting.rng, level.shape, 0.02), NOT_REPORTED: unseen}),
        "personnes_max": cells(most, {NOT_REPORTED: unseen}),
        "jours_observes": cells(observed),
        "jours_actifs": cells(active),
        "tendance": _judgement(setting, most, unseen),
        "genre_observateur": np.broadcast_to(_observers(setting, len(codes))[..., None], level.shape),
    }
    return frame(columns)[kept.ravel()]
