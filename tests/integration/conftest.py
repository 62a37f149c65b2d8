"""A data folder to work in, and the whole demonstration built and released once per process."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.simulate import FEEDS, simulate
from tests.integration.house import House
from tests.integration.six import six_releases


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The whole demonstration, built and released once; tests only read it."""
    folder = tmp_path_factory.mktemp("demo")
    house = House(folder / "data")
    for feed in FEEDS:
        assert house.ingest(feed, simulate(feed, folder / "inbox", seed=7)).etat == "accepte"
    house.build()
    house.release("2026.3.0+demo")
    return house


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Six small releases, one after the other; tests only read them."""
    return six_releases(tmp_path_factory.mktemp("six"))
