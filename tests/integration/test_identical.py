"""Two people, two machines, one release: the same inputs, version and date give the same bytes everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from etl.files import sha256
from etl.simulate import simulate
from tests.integration.house import House

ROOT = Path(__file__).resolve().parents[2]
VERSION = "2026.3.0+demo"
FEEDS = ("caarud_activite", "plan_lits", "trend_scenes")
# The command line in a process that has so many threads of DuckDB, and files that so many may read.
COMMAND = """
import os, sys, duckdb
connect, threads = duckdb.connect, int(sys.argv[1])
duckdb.connect = lambda *a, **k: connect(*a, **{**k, "config": {**k.get("config", {}), "threads": threads}})
os.umask(int(sys.argv[2], 8))
sys.path.insert(0, sys.argv[3])
import observatoire
sys.argv = ["observatoire", *sys.argv[4:]]
observatoire.main()
"""


def freeze(data: Path, *, cwd: Path, threads: int, umask: str, **environment: str) -> None:
    """Build and release a data folder by the command line, in its own process and surroundings."""
    for words in (("build",), ("release", VERSION, "--date", "2026-11-22")):
        command = [sys.executable, "-c", COMMAND, str(threads), umask, str(ROOT), *words]
        surroundings = {**os.environ, **environment}
        done = subprocess.run(
            [*command, "--data", os.path.relpath(data, cwd)],
            cwd=cwd,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr


def print_of(releases: Path) -> dict[str, tuple[str, int]]:
    """SHA-256 and mode of every file that is published."""
    files = [path for path in releases.rglob("*") if path.is_file() and path.name != ".verrou"]
    return {path.relative_to(releases).as_posix(): (sha256(path), path.stat().st_mode & 0o777) for path in files}


def test_two_builds_in_different_surroundings_are_identical_to_the_byte(tmp_path: Path) -> None:
    here, there = tmp_path / "ici", tmp_path / "un autre dossier" / "plus loin"
    for data in (here, there):
        house = House(data)
        for feed in FEEDS:
            house.ingest(feed, simulate(feed, tmp_path / "inbox", seed=7))
    freeze(here, cwd=ROOT, threads=1, umask="022", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    freeze(
        there,
        cwd=tmp_path,
        threads=5,
        umask="077",
        PYTHONHASHSEED="4242",
        TZ="Pacific/Kiritimati",
        # A machine that knows ASCII only: no file may be read or written in the encoding of the place.
        LC_ALL="POSIX",
        PYTHONCOERCECLOCALE="0",
        PYTHONUTF8="0",
    )
    ours, theirs = print_of(here / "releases"), print_of(there / "releases")
    assert f"{VERSION}/data/observations.parquet" in ours
    assert {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)} == set()
