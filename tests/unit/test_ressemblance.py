"""What the scenes page says of the likeness of neighbours."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.components.ressemblance import resemblance
from dashboard.i18n import texts


def said(lang: str, **cells: object) -> str:
    row = pd.Series({"periode": "2026-T3", "territoires": 43, "secrets": 2, "raison": None, **cells})
    return str(resemblance(SimpleNamespace(lang=lang, texts=texts(lang)), row).children)


@pytest.mark.parametrize(
    ("cells", "french", "english"),
    [
        ({"i": 0.253533, "p": 0.012}, "se ressemblent plus que le hasard", "look alike more than chance"),
        ({"i": 0.1, "p": 0.2}, "ne dépasse pas", "no more alike than chance"),
        ({"i": -0.4, "p": 0.01}, "ne dépasse pas", "no more alike than chance"),
        ({"i": None, "p": None, "raison": "trop_peu_de_territoires"}, "on ne peut pas dire", "cannot be told"),
        ({"i": None, "p": None, "raison": "non_calculable"}, "on ne peut pas dire", "cannot be told"),
    ],
)
def test_the_sentence_says_what_the_release_says(cells: dict[str, object], french: str, english: str) -> None:
    assert french in said("fr", **cells)
    assert english in said("en", **cells)


def test_figures_follow_the_language() -> None:
    assert "0,254" in said("fr", i=0.253533, p=0.012)
    assert "0.254" in said("en", i=0.253533, p=0.012)
