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
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from werkzeug.test import Client

from dashboard.app import create_app
from etl.simulate import FEEDS, simulate
from tests.bench.bench_pages import ZIPPED
from tests.bench.lines import line

ROOT = Path(__file__).resolve().parents[2]
SEED, VERSION, DAY = 2026, "2026.3.0+demo", "2026-11-23"
# No build is done again where nothing changed: what is left is to start, and to read files to be sure of it.
MAX_UNCHANGED = 0.25
# Without a chart, a second on a slow telephone line (400 kbit/s).
MAX_FIRST_KB = 50
PAGES = {
    "home": "/fr/",
    "territory": "/fr/territoires/arrondissement-75118",
    "theme": "/fr/hopital",
    "dataset": f"/donnees/{VERSION}/site/fr/jeux/observations.html",
}
# What a page loads at once; Dash and plotly wait in a template until a chart is near.
TAG = re.compile(r"<(?:link|script)\b[^>]*>")
EARLY = re.compile(r'rel="stylesheet"|\bdefer\b')
ADDRESS = re.compile(r'\b(?:src|href)="([^"]+)"')


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


def weights(releases: Path) -> list[dict[str, Any]]:
    """Kilobytes, compressed, of some pages and of a first visit to them."""
    app = create_app(releases)
    client = Client(app.server)
    lines = []
    for name, address in PAGES.items():
        page, first = weight(client, address)
        lines += [
            line(f"weight: {name}, page alone, kB", page),
            line(f"weight: {name}, first visit, kB", first, at_most=MAX_FIRST_KB),
        ]
    app.releases.close()
    return lines


def weight(client: Client, address: str) -> tuple[float, float]:
    """Kilobytes of a page as sent, and with the styles and scripts that it loads at once."""
    page = _sent(client, address)
    text = client.get(address).get_data(as_text=True)
    early = [tag for tag in TAG.findall(text) if EARLY.search(tag)]
    loaded = sum(_sent(client, urljoin(address, unescape(found[1]))) for tag in early if (found := ADDRESS.search(tag)))
    return page / 1000, (page + loaded) / 1000


def _sent(client: Client, address: str) -> int:
    answer = client.get(address, headers=ZIPPED)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    return len(answer.data)


def run() -> list[dict[str, Any]]:
    """One line per measure."""
    with tempfile.TemporaryDirectory(prefix="observatoire-banc-") as name:
        data = Path(name)
        (data / "inbox").mkdir()
        return [*steps(data), *weights(data / "releases")]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
