"""The demonstration brought up to date by the front door, on the day of the other releases of tests."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import observatoire
from tests.integration.house import DAY, REFERENCE


def demonstrate(data: Path) -> None:
    """Do in a data folder what ``observatoire run`` does before it serves, with the very draw that it shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observatoire, "date", SimpleNamespace(today=lambda: DAY))
        observatoire.prepare(observatoire.Paths(data), REFERENCE)
