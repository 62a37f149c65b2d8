"""The house's own steps on the demonstration, as commands of the front door, and the weight of what a reader gets.

Each step is a process of its own, its start included, in seconds and over the full build. Pages are weighed as they
are sent to a browser that reads gzip, and as a first visit: the page with all that it loads at once from this site.

    python -m tests.bench.bench_house
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from dashboard.app import create_app
from etl.simulate import FEEDS, simulate
from tests.bench.bench_pages import ZIPPED
from tests.bench.lines import line

ROOT = Path(__file__).resolve().parents[2]
SEED, VERSION, DAY = 2026, "2026.3.0+demo", "2026-11-23"
# No build is done again where nothing changed: what is left is to start, and to read files to be sure of it.
MAX_UNCHANGED = 0.5
PAGES = {
    "home": "/fr/",
    "a territory": "/fr/territoires/75118",
    "a dataset": "/fr/jeux/observations",
    "every figure": "/fr/indicateurs",
}
# What a page asks for before anything is touched.
LOADED = re.compile(rb'<(?:script[^>]* src|link[^>]* href)="(/[^"]+\.(?:js|css)[^"]*)"')
EARLY = re.compile(rb"<(?:script|link)[^>]*>")


def timed(data: Path, *words: str) -> float:
    """Seconds of a command of the front door. Raises CalledProcessError where it fails."""
    command = [sys.executable, str(ROOT / "observatoire.py"), *words, "--data", str(data)]
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return time.perf_counter() - start


def steps(data: Path) -> list[dict[str, Any]]:
    """Receive, build, build again, release and audit the demonstration."""
    files = {feed: simulate(feed, data / "inbox", seed=SEED) for feed in FEEDS}
    ingest = sum(timed(data, "ingest", feed, str(data / "inbox" / f"{feed}.csv")) for feed in files)
    full = timed(data, "build")
    again = min(timed(data, "build") for _ in range(3))
    release = timed(data, "release", VERSION, "--date", DAY)
    audit = timed(data, "audit", VERSION)
    return [
        line(f"house: {len(FEEDS)} feeds received, seconds", ingest),
        line("house: full build, seconds", full),
        line("house: build without a change, seconds", again),
        line("house: build without a change / full", again / full, at_most=MAX_UNCHANGED, digits=2),
        line("house: release, seconds", release),
        line("house: release / full build", release / full, digits=2),
        line("house: audit, seconds", audit),
        line("house: audit / full build", audit / full, digits=2),
    ]
