"""The rule of disclosure control: ``confidentialite.toml`` read into a frozen value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.contract import ROOT, code_list
from schemas.errors import ContractBroken

DIMENSIONS = ("niveau", "granularite", "ventilation")


@dataclass(frozen=True)
class SecrecyRule:
    """Threshold, fewest possible values and small group, in persons; ``poids``: price of a cell by dimension.

    ``imbrications``: for a breakdown within another, that other; ``attributs``: the breakdowns by what people are.
    """

    seuil: int
    valeurs: int
    petit_groupe: int
    poids: Mapping[str, Mapping[str, float]]
    imbrications: Mapping[str, str]
    attributs: tuple[str, ...]


@cache
def secrecy_rule() -> SecrecyRule:
    """The rule of ``confidentialite.toml``. Raises ContractBroken where a level, period or breakdown has no price."""
    rule = SecrecyRule(**tomllib.loads((ROOT / "confidentialite.toml").read_text(encoding="utf-8")))
    for dimension in DIMENSIONS:
        known = {category["value"] for category in code_list(dimension)}
        if missing := known ^ set(rule.poids[dimension]):
            raise ContractBroken(
                f"schemas/confidentialite.toml: [poids.{dimension}] and schemas/codes/{dimension}.json differ: "
                f"{', '.join(sorted(map(str, missing)))}"
            )
    return rule
