"""What every test may use: a small folder of releases, made once, read only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

# No test depends on how fast the machine is.
settings.register_profile("observatoire", deadline=None)
settings.load_profile("observatoire")

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "unit"))

# Modules that last longest, most of them by the releases they make, begun first: none is left alone at the end of a
# run. The first prepares the demonstration; the second does without it.
LONG = (
    *(f"integration/test_{name}.py" for name in ("cli", "identical", "pipeline", "site", "pannes", "interruptions")),
    *("browser/test_site.py", "property/test_api_schemathesis.py", "property/test_proof.py"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first, in their order, and leave the others as they were found."""
    ranks = {TESTS / name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def small_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two small releases and their index."""
    from fixtures_release import write_releases

    return Path(write_releases(tmp_path_factory.mktemp("publications")))
