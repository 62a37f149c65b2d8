"""Simulated market: coded opinions of TREND sites, and samples analysed for SINTES."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from etl.simulate.draw import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    NOT_REPORTED,
    Floats,
    Ints,
    Setting,
    Texts,
    cells,
    months_since,
    some,
    table,
)
from etl.simulate.register import ILE_DE_FRANCE, OTHER_DEPARTMENTS

SITES = ("bordeaux", "lille", "lyon", "marseille", "metz", "paris", "rennes", "toulouse", "la_reunion")
LATE_SITE = "rennes"
FIRST_HALF_YEAR = 2 * 2019
AVAILABILITY = np.array(["absente", "rare", "disponible", "tres_disponible"])
ACCESS = np.array(["tres_difficile", "difficile", "facile", "tres_facile"])
TREND = np.array(["baisse", "stable", "hausse"])
# Usual availability (0 absent to 3), median price in euros, what that price buys.
MARKET: Mapping[str, tuple[float, float, str]] = {
    "cocaine_poudre": (2.8, 65, "gramme"),
    "cocaine_basee": (1.6, 15, "dose"),
    "heroine": (1.5, 40, "gramme"),
    "cannabis": (3.0, 8, "gramme"),
    "mdma": (2.1, 10, "comprime"),
    "ketamine": (1.8, 35, "gramme"),
    "cathinones": (1.2, 20, "gramme"),
    "opioides_medicaments": (1.7, 5, "comprime"),
    "pregabaline": (1.1, 20, "boite"),
}
BASE_FIRST = {"paris": 1.3, "lille": 0.6}  # base cocaine is sold as such more than elsewhere


def _half_years(until: date) -> Ints:
    last = 2 * until.year + (until >= date(until.year, 6, 30)) + (until == date(until.year, 12, 31))
    return np.arange(FIRST_HALF_YEAR, last)


def _levels(rng: np.random.Generator, half_years: Ints) -> Ints:
    """(site, product, half-year): perceived availability from 0 to 3, wandering slowly around its usual level."""
    usual = np.array([[m[0] + (p == "cocaine_basee") * BASE_FIRST.get(s, 0) for p, m in MARKET.items()] for s in SITES])
    steps = rng.normal(0.03, 0.22, (*usual.shape, len(half_years))).cumsum(axis=-1)
    level = np.rint(usual[..., None] + rng.normal(0, 0.3, usual.shape)[..., None] + steps)
    return np.asarray(np.clip(level, 0, 3).astype(np.int64))


def _prices(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Floats, Floats, Floats]:
    usual = np.array([price for _, price, _ in MARKET.values()])[:, None]
    median = np.round(usual * rng.lognormal(0, 0.12, shape))
    return np.floor(median * rng.uniform(0.5, 0.9, shape)), median, np.ceil(median * rng.uniform(1.1, 1.7, shape))


def _opinion(rng: np.random.Generator, level: Ints) -> Texts:
    change = np.diff(level, axis=-1, prepend=level[..., :1])
    return TREND[np.clip(np.sign(change + rng.normal(0, 0.45, level.shape).round()), -1, 1).astype(np.int64) + 1]


def trend_produits(setting: Setting) -> pd.DataFrame:
    """One row per (site, half-year, product): the columns of contract ``trend_produits`` as text."""
    half_years, rng = _half_years(setting.until), setting.rng
    level = _levels(rng, half_years)
    reports = rng.poisson(1 + 2.5 * level)
    silent, untold = reports == 0, some(rng, level.shape, 0.05)
    unpriced = {NOT_APPLICABLE: level == 0, NOT_AVAILABLE: untold, NOT_REPORTED: silent}
    said = {NOT_REPORTED: silent}
    units = np.broadcast_to(np.array([unit for *_, unit in MARKET.values()])[:, None], level.shape)
    columns = {
        "site": np.array(SITES)[:, None, None],
        "semestre": np.array([f"{half // 2}-S{half % 2 + 1}" for half in half_years]),
        "produit": np.array(list(MARKET))[:, None],
        "disponibilite": cells(AVAILABILITY[level], said),
        "accessibilite": cells(ACCESS[level], {**said, NOT_AVAILABLE: untold & ~silent}),
        **{
            name: cells(price, unpriced)
            for name, price in zip(("prix_min", "prix_median", "prix_max"), _prices(rng, level.shape), strict=True)
        },
        "prix_unite": cells(units, unpriced),
        "tendance": cells(_opinion(rng, level), said),
        "signalements": reports,
    }
    late = (np.array(SITES) == LATE_SITE)[:, None, None] & (half_years == half_years[-1])
    return table(columns, level.shape, ~late)


# ── Samples ───────────────────────────────────────────────────────────────────────────────────────────────────────────

FIRST_MONTH = "2019-01"
SAMPLES_A_MONTH = 13.0
PRESUMED = {
    "cocaine_poudre": 0.30, "cocaine_basee": 0.17, "mdma": 0.14, "heroine": 0.12, "ketamine": 0.10, "cathinones": 0.10,
    "cannabis": 0.07,
}  # fmt: skip
FORMS = {"cocaine_basee": "caillou", "mdma": "comprime", "cannabis": "resine"}
CONTENT = {"cocaine_poudre": 62.0, "cocaine_basee": 68.0, "mdma": 40.0, "heroine": 16.0, "ketamine": 75.0}
REASONS = {"effets_inattendus": 0.35, "nouveau_produit": 0.15, "veille": 0.30, "demande_usager": 0.20}
CUTS = {
    "levamisole": 0.22, "phenacetine": 0.12, "lidocaine": 0.10, "cafeine": 0.22, "paracetamol": 0.16, "sucres": 0.12,
    "autre": 0.06,
}  # fmt: skip


def _among(rng: np.random.Generator, shares: Mapping[str, float], size: int) -> Texts:
    return rng.choice(list(shares), size, p=list(shares.values()))


def _departments(setting: Setting, size: int) -> Texts:
    weights = np.array([6.0 if code == "75" else 3.0 if code == "93" else 1.0 for code in ILE_DE_FRANCE])
    inside = setting.rng.choice(ILE_DE_FRANCE, size, p=weights / weights.sum())
    outside = setting.rng.choice(OTHER_DEPARTMENTS, size)
    return np.where(setting.rng.random(size) < 1 / setting.scale, inside, outside)


def sintes_analyses(setting: Setting) -> pd.DataFrame:
    """One row per sample: the columns of contract ``sintes_analyses`` as text."""
    rng, months = setting.rng, months_since(FIRST_MONTH, setting.until)
    numbers = rng.poisson(SAMPLES_A_MONTH * setting.scale, len(months))
    size, when = int(numbers.sum()), np.repeat(months.astype(str), numbers)
    rank = np.concatenate([np.arange(1, number + 1) for number in numbers])
    presumed = _among(rng, PRESUMED, size)
    usual = np.array([CONTENT.get(product, 0.0) for product in presumed])
    other, unknown = some(rng, size, 0.05), some(rng, size, 0.04)
    first, second = _among(rng, CUTS, size), _among(rng, CUTS, size)
    pure, single = some(rng, size, 0.45), some(rng, size, 0.75)
    columns = {
        "echantillon_id": np.array([f"sim-{month}-{number:03d}" for month, number in zip(when, rank, strict=True)]),
        "mois": when,
        "departement_code": _departments(setting, size),
        "motif_collecte": _among(rng, REASONS, size),
        "produit_presume": presumed,
        "produit_principal": cells(np.where(other, "cathinones", presumed), {NOT_AVAILABLE: unknown}),
        "forme": np.array([FORMS.get(product, "poudre") for product in presumed]),
        "teneur_pourcent": cells(
            np.clip(usual * rng.normal(1, 0.22, size), 1, 100), {NOT_APPLICABLE: other | unknown | (usual == 0)}
        ),
        "coupe_1": cells(first, {NOT_APPLICABLE: pure}),
        "coupe_2": cells(second, {NOT_APPLICABLE: pure | single | (first == second)}),
    }
    return table(columns, (size,))
