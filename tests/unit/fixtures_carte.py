"""A ground of squares, one a territory, in a row: enough to draw a map and to know where each shape is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.fond import NIVEAUX, Fond, fond

SIDE = 1000


def level_of(code: str) -> str:
    """The level of a code: an arrondissement of Paris, a commune, a department or a region."""
    if len(code) == 2:
        return "departement" if code in ("75", "77", "92", "93") else "region"
    return "arrondissement" if code.startswith("751") else "commune"


def document(codes: list[str]) -> dict[str, Any]:
    """An outlines file of squares, from west to east in the order of the codes."""
    squares = [
        {
            "niveau": level_of(code),
            "code": code,
            "nom": f"Nom {code}",
            "x": [SIDE * rank, SIDE * (rank + 1), SIDE * (rank + 1), SIDE * rank, SIDE * rank],
            "y": [0, 0, SIDE, SIDE, 0],
            "label": [SIDE * rank + SIDE // 2, SIDE // 2],
        }
        for rank, code in enumerate(codes)
    ]
    return {"bounds": [0, 0, SIDE * len(codes), SIDE], "territories": squares}


def ground(codes: list[str], niveau: str = "fin") -> Fond:
    """The ground of those territories at a level."""
    return fond(document(codes), NIVEAUX[niveau])


def rows(cells: dict[str, Any], periode: str = "2026-T3") -> pd.DataFrame:
    """Observations of a period: a number, or the status of a territory without one."""
    return pd.DataFrame(
        {
            "territoire_niveau": level_of(code),
            "territoire_code": code,
            "nom": f"Nom {code}",
            "periode": periode,
            "valeur": float("nan") if isinstance(cell, str) else float(cell),
            "borne_basse": float("nan"),
            "borne_haute": float("nan"),
            "statut": cell if isinstance(cell, str) else "zero" if cell == 0 else "valeur",
            "provisoire": False,
        }
        for code, cell in cells.items()
    )
