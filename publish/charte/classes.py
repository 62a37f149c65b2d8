"""Classes of a map: quantiles with rounded limits, and the colours that stand for them in the light and in the dark.

Classes are quantiles of the values above zero with rounded limits (Slocum et al., Thematic Cartography and
Geovisualization, ch. 4). Zero has a colour outside the ramp.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import pandas as pd

from publish.charte import formats
from publish.charte.i18n import Lang, texts

CLASSES = 5
RAMP = ("#dbe7f3", "#a9c8e2", "#6ba1cd", "#3576ad", "#15477a")
RAMP_DARK = ("#1b3552", "#265680", "#3f80b8", "#79afdb", "#c3ddf2")
ZERO = ("#f4efe4", "#332f27")
INK_ON_RAMP = ("#15202e", "#15202e", "#15202e", "#ffffff", "#ffffff")
INK_ON_RAMP_DARK = ("#ffffff", "#ffffff", "#ffffff", "#10151c", "#10151c")


def _nice(value: float, *, whole: bool) -> float:
    """A value with two significant digits; a whole number stays whole."""
    digits = 1 - math.floor(math.log10(value)) if value > 0 else 0
    rounded = round(value, min(digits, 0) if whole else digits)
    return int(rounded) if whole else rounded


def bornes(values: pd.Series) -> tuple[float, ...]:
    """Increasing limits of at most five quantile classes over the known values above zero; empty if there is none.

    The first and last limits are the extremes themselves, so that every value has a class; integers if all values are.
    """
    known = values.dropna()
    known = known[known > 0].astype(float)
    if known.empty:
        return ()
    whole = bool((known == known.round()).all())
    inner = [_nice(float(known.quantile(rank / CLASSES)), whole=whole) for rank in range(1, CLASSES)]
    low, high = float(known.min()), float(known.max())
    ends = (int(low), int(high)) if whole else (low, high)
    return (ends[0], *sorted({edge for edge in inner if low < edge < high}), ends[1])


def class_index(value: float, edges: Sequence[float]) -> int:
    """Class of a value; one beyond the extremes belongs to the class at that end."""
    return bisect_right(edges[1:-1], value)


def shades(number: int) -> list[int]:
    """Which colours of the ramp serve that number of classes: spread over all of it."""
    if number < 2:
        return [CLASSES // 2] * number
    return [round(rank * (CLASSES - 1) / (number - 1)) for rank in range(number)]


def class_label(low: float, high: float, *, last: bool, lang: Lang, unit_label: str) -> str:
    """A class in words: « de 12 à 20 », the last one closed, whole numbers without overlap."""
    t, whole = texts(lang), isinstance(low, int) and isinstance(high, int)
    top = high if last or not whole else high - 1
    if low == top:
        return formats.quantite(low, unit_label, lang) if unit_label == "%" else formats.nombre(low, lang)
    key = "entiere" if whole else "derniere" if last else "continue"
    written = formats.quantite(top, "%", lang) if unit_label == "%" else formats.nombre(top, lang)
    return t(f"fig.classe.{key}", bas=formats.nombre(low, lang), haut=written)
