"""Demonstration feeds: seeded, reproducible, at any scale, calibrated on the published figures.

Nothing here describes a fact: every row carries ``origine = simule``. ``calibration.toml`` lists the published figures
that the series agree with at their dates, and those that no series could agree with, with the arithmetic that shows it.

Scale multiplies reporters, and lengthens history by a year per unit where services are old enough; territories stop at
the official ones (all of them from scale 4). A scale above 1 needs reporters that ``data/reference/services_demo.csv``
does not hold: ``simulate_reference`` writes a whole folder of reference tables that holds them, to be used instead.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from etl.simulate.aval import plan_aval
from etl.simulate.caarud import caarud_activite
from etl.simulate.draw import Setting, generator
from etl.simulate.hebergement import plan_hebergement
from etl.simulate.lits import plan_lits
from etl.simulate.maraudes import plan_maraudes
from etl.simulate.pilotage import plan_actions, plan_budget
from etl.simulate.produits import sintes_analyses, trend_produits
from etl.simulate.profils import caarud_profils
from etl.simulate.register import register
from etl.simulate.repos import plan_espaces_repos
from etl.simulate.resultats import plan_resultats
from etl.simulate.scenes import trend_scenes
from schemas.errors import UsageError

UNTIL = date(2026, 9, 30)
EARLIEST_UNTIL = date(2023, 7, 31)  # end of the first month in which every feed has rows

FEEDS: Mapping[str, Callable[[Setting], pd.DataFrame]] = MappingProxyType(
    {
        "trend_scenes": trend_scenes,
        "trend_produits": trend_produits,
        "sintes_analyses": sintes_analyses,
        "caarud_activite": caarud_activite,
        "caarud_profils": caarud_profils,
        "plan_espaces_repos": plan_espaces_repos,
        "plan_hebergement": plan_hebergement,
        "plan_lits": plan_lits,
        "plan_aval": plan_aval,
        "plan_maraudes": plan_maraudes,
        "plan_actions": plan_actions,
        "plan_budget": plan_budget,
        "plan_resultats": plan_resultats,
    }
)


def simulate(feed: str, out_dir: Path, *, seed: int, scale: int = 1, until: date = UNTIL) -> Path:
    """Write ``<feed>.csv`` in ``out_dir`` (UTF-8, comma, LF) and return its path.

    The same seed, scale and last day give the same bytes. Raises UsageError for an unknown feed, a scale
    below 1 or a last day before ``EARLIEST_UNTIL``.
    """
    if feed not in FEEDS:
        raise UsageError(f"« {feed} » n'est pas un flux simulé. Flux simulés : {', '.join(FEEDS)}.")
    _check_scale(scale)
    if until < EARLIEST_UNTIL:
        raise UsageError(f"Dernier jour {until} : donner un jour à partir du {EARLIEST_UNTIL}.")
    setting = Setting(rng=generator(seed, feed), scale=scale, until=until)
    return _write(FEEDS[feed](setting), out_dir / f"{feed}.csv")


def simulate_register(out_dir: Path, *, scale: int = 1) -> Path:
    """Write ``services_demo.csv``, the simulated reporters of that scale; at scale 1, the committed table itself.

    Raises UsageError for a scale below 1.
    """
    _check_scale(scale)
    return _write(register(scale=scale), out_dir / "services_demo.csv")


def simulate_reference(target: Path, *, reference: Path, scale: int) -> Path:
    """Copy the reference tables to ``target`` with the simulated reporters of that scale among the services.

    Replaces what ``target`` held. Raises UsageError for a scale below 1, or where ``target`` is the reference itself.
    """
    _check_scale(scale)
    if target.resolve() == reference.resolve():
        raise UsageError(f"{target} : ce dossier est celui des tables de référence. Choisissez-en un autre.")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(reference, target)
    simulate_register(target, scale=scale)
    return target


def _check_scale(scale: int) -> None:
    if scale < 1:
        raise UsageError(f"Échelle {scale} : donner un entier d'au moins 1.")


def _write(table: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return path
