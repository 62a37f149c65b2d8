"""A data folder to work in, and the whole demonstration built and released once for all the processes of a run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.demonstration import demonstrate
from tests.integration.house import House
from tests.integration.six import six_releases


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The whole demonstration, built and released once; tests only read it."""
    return House(made_once(tmp_path_factory, "demo", lambda folder: demonstrate(folder / "data")) / "data")


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Six small releases, one after the other; tests only read them."""
    return House(made_once(tmp_path_factory, "six", six_releases) / "data")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first process of the run to ask for it makes, while the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
