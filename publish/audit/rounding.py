"""What a published quotient or interval says of counts that are not shown: the whole numbers that print the same.

Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212; Byar's limits as in Breslow and Day, Statistical Methods in Cancer
Research II, IARC 1987, p. 69, exact under 10. Written here anew: the attack shares no code with what it attacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.special import chdtri

from publish.audit.assembly import Bounds
from publish.audit.linear import Floats

Z = 1.959963984540054
# A published number is rounded to six decimals: what is within one and a half units of the last prints the same.
HALF = 1.5e-6
# Counts and bases tried: no table of ours has larger ones for a quotient of people.
LARGEST = 300_000
EXACT_BELOW = 10


def bounds_of(rows: Iterable[Mapping[str, Any]]) -> Bounds:
    """Bounds of the nodes of those rows: the smallest and largest counts that print what the row shows."""
    found: list[tuple[int, float, float]] = []
    for row in rows:
        top, base = _candidates(row)
        for node, counts in ((row["numerateur"], top), (row["denominateur"], base)):
            if node is not None and len(counts):
                found.append((int(node), float(counts.min()), float(counts.max())))
    nodes, low, high = zip(*found, strict=True) if found else ((), (), ())
    return np.asarray(nodes, dtype=np.int64), np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def _candidates(row: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Numerators and denominators that fit the row; empty where it says nothing of them."""
    scale = float(row["echelle"] or 1.0)
    shown = {name: row[name] for name in ("valeur", "borne_basse", "borne_haute") if row[name] is not None}
    base = np.arange(1.0, LARGEST) if row["base"] is None else np.asarray([float(row["base"])])
    if row["intervalle"] == "wilson" and "valeur" in shown:
        return _shares(shown, base, scale)
    if row["base"] is not None and row["genre"] in ("part", "taux", "rapport"):
        return _quotients(shown, float(row["base"]), scale, byar=row["intervalle"] == "byar"), base
    if row["compte"] is not None and shown.get("valeur"):
        return np.zeros(0), base[np.abs(scale * float(row["compte"]) / base - shown["valeur"]) <= HALF]
    if row["intervalle"] == "byar":
        return _quotients(shown, 1.0, scale, byar=True), np.zeros(0)
    return np.zeros(0), np.zeros(0)


def _shares(shown: Mapping[str, float], base: Floats, scale: float) -> tuple[Floats, Floats]:
    count = np.round(shown["valeur"] / scale * base)
    low, high = _wilson(count, base)
    fits = np.abs(scale * count / base - shown["valeur"]) <= HALF
    for name, limit in (("borne_basse", low), ("borne_haute", high)):
        if name in shown:
            fits &= np.abs(scale * limit - shown[name]) <= HALF
    return count[fits], base[fits]


def _quotients(shown: Mapping[str, float], base: float, scale: float, *, byar: bool) -> Floats:
    """Counts over a known base: a whole number of people is assumed, since the quotient counts them."""
    count = np.arange(0.0, LARGEST)
    fits = np.ones(len(count), dtype=bool)
    if "valeur" in shown:
        fits &= np.abs(scale * count / base - shown["valeur"]) <= HALF
    if byar:
        low, high = _byar(count)
        for name, limit in (("borne_basse", low), ("borne_haute", high)):
            if name in shown:
                fits &= np.abs(scale * limit / base - shown[name]) <= HALF
    return count[fits] if len(shown) else np.zeros(0)


def _wilson(count: Floats, base: Floats) -> tuple[Floats, Floats]:
    share = count / base
    middle = share + Z**2 / (2 * base)
    half = Z * np.sqrt(share * (1 - share) / base + Z**2 / (4 * base**2))
    return (middle - half) / (1 + Z**2 / base), (middle + half) / (1 + Z**2 / base)


def _byar(count: Floats) -> tuple[Floats, Floats]:
    above = count + 1
    safe = np.maximum(count, 1)
    low = safe * (1 - 1 / (9 * safe) - Z / (3 * np.sqrt(safe))) ** 3
    high = above * (1 - 1 / (9 * above) + Z / (3 * np.sqrt(above))) ** 3
    few = count < EXACT_BELOW
    low = np.where(few, chdtri(2 * safe, 0.975) / 2, low)
    high = np.where(few, chdtri(2 * above, 0.025) / 2, high)
    return np.where(count == 0, 0.0, low), high
