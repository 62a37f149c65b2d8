"""What every test may use: a small folder of releases, made once, read only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

# No test depends on how fast the machine is.
settings.register_profile("observatoire", deadline=None)
settings.load_profile("observatoire")

sys.path.insert(0, str(Path(__file__).resolve().parent / "unit"))


@pytest.fixture(scope="session")
def small_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two small releases and their index."""
    from fixtures_release import write_releases

    return Path(write_releases(tmp_path_factory.mktemp("publications")))
