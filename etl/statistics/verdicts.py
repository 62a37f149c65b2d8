"""Codes for what a reader is told: better or worse than a benchmark, a target met, a trend that is good or bad.

Better and worse are said only of an indicator whose polarity is declared (list ``polarite``); codes, never sentences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schemas.errors import ContractBroken

Codes = NDArray[np.object_]

# For each polarity of the list ``polarite``: what being above, and being under, is worth.
SIDES = {
    "hausse_favorable": ("meilleur", "moins_bon"),
    "baisse_favorable": ("moins_bon", "meilleur"),
    "aucune": ("superieur", "inferieur"),
}
WORTH = {
    ("hausse", "hausse_favorable"): "hausse_favorable",
    ("hausse", "baisse_favorable"): "hausse_defavorable",
    ("hausse", "aucune"): "hausse_neutre",
    ("baisse", "hausse_favorable"): "baisse_defavorable",
    ("baisse", "baisse_favorable"): "baisse_favorable",
    ("baisse", "aucune"): "baisse_neutre",
}
SAID_AS_IS = ("sans_tendance_demontree", "indeterminee")
UNTOLD = "indetermine"


def compare(low: ArrayLike, high: ArrayLike, benchmark: ArrayLike, *, polarity: str) -> Codes:
    """Where intervals stand to a benchmark: meilleur, moins_bon (superieur, inferieur without polarity), similaire.

    A benchmark inside the interval, limits included, is similaire; an absent limit or benchmark is indetermine.
    Source: Fingertips technical guidance (UKHSA), comparison of an area's interval with the benchmark's value.
    """
    if polarity not in SIDES:
        raise ContractBroken(f"polarité « {polarity} » inconnue ; valeurs admises : {', '.join(SIDES)}")
    above, under = SIDES[polarity]
    least, most, mark = (np.asarray(value, dtype=float) for value in (low, high, benchmark))
    return _select([~np.isfinite(least + most + mark), least > mark, most < mark], [UNTOLD, above, under], "similaire")


def compare_to_target(value: ArrayLike, low: ArrayLike, high: ArrayLike, *, target: float, operator: str) -> Codes:
    """Whether a target is met: atteinte, non_atteinte, dans_l_intervalle (the interval does not settle it).

    ``operator`` is of the list ``operateur_cible``. Where a value has no interval (NaN limits), the value alone
    decides; an absent value is indetermine. The equality of a value with an interval is never settled by it.
    Source: Fingertips technical guidance (UKHSA), goals with the interval considered.
    """
    point = np.asarray(value, dtype=float)
    least, most = (np.where(np.isfinite(limit), limit, point) for limit in (low, high))
    met = meets(least, target, operator) & meets(most, target, operator)
    # Neither end meets it, and both are on the same side of the target.
    missed = ~meets(least, target, operator) & ~meets(most, target, operator) & ~((least < target) & (target < most))
    return _select([~np.isfinite(point), met, missed], [UNTOLD, "atteinte", "non_atteinte"], "dans_l_intervalle")


def meets(value: ArrayLike, target: float, operator: str) -> NDArray[np.bool_]:
    """Whether values satisfy ``operator target``; raises ContractBroken for an operator that is not of the list."""
    tests = {"<": np.less, "<=": np.less_equal, "=": np.equal, ">=": np.greater_equal, ">": np.greater}
    if operator not in tests:
        raise ContractBroken(f"opérateur « {operator} » inconnu ; valeurs admises : {', '.join(tests)}")
    return np.asarray(tests[operator](np.asarray(value, dtype=float), target))


def wording(direction: str, polarity: str) -> str:
    """Code of a trend for a reader: hausse_favorable, hausse_defavorable, hausse_neutre… or the direction itself.

    ``sans_tendance_demontree`` and ``indeterminee`` are neither good nor bad, whatever the polarity.
    """
    if direction in SAID_AS_IS:
        return direction
    if (direction, polarity) not in WORTH:
        raise ContractBroken(f"tendance « {direction} » de polarité « {polarity} » : combinaison inconnue")
    return WORTH[direction, polarity]


def is_shortlisted(comparison: str, told: str) -> bool:
    """Worse than the benchmark **and** worsening: what a committee looks at first (as fingertipsR's red flags)."""
    return comparison == "moins_bon" and told.endswith("_defavorable")


def _select(conditions: list[NDArray[np.bool_]], codes: list[str], otherwise: str) -> Codes:
    return np.select(conditions, codes, otherwise).astype(object)
