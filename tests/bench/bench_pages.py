"""Time the server takes for a page and for a callback: alone in process, then to fifty readers of two workers.

Bars: median under 15 ms, ninety-fifth percentile under 50 ms at fifty users on 2 cores. Fifty threads ask gunicorn, as
in production, for pages and callbacks in both languages, each a second after the answer to the last; views that nobody
asked for before are measured apart, for a release is asked for the same views again and again. Releases are those of
OBSERVATOIRE_RELEASES, else small ones made here. Run with ``python -m tests.bench.bench_pages``.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.rappels import CALLBACK
from dashboard.router import LANGUAGES, SLUGS, href
from tests.bench.lines import line

USERS, ROUNDS, PAUSE = 50, 12, 1.0
MEDIAN, P95 = 15.0, 50.0
PORT = 8097
ZIPPED = {"Accept-Encoding": "gzip"}
ROOT = Path(__file__).resolve().parents[2]
SERVER = """
import sys
from pathlib import Path
from dashboard.serve import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=2)
"""


def addresses() -> list[str]:
    """Every page in both languages."""
    return [href(lang, slug) for slug in SLUGS for lang in LANGUAGES]


def callback_of(client: Client, path: str) -> str:
    """The body of the callback that fills a page, as the browser sends it; "" for a page that nothing fills."""
    slug = path.rsplit("/", 1)[1] or "accueil"
    if not PAGES[slug].moves:
        return ""
    listed = json.loads(client.get("/_dash-dependencies").data)
    (found,) = [one for one in listed if one["output"].startswith(f"..textes-{slug}.data")]
    outputs = [_output(one) for one in found["output"].strip(".").split("...")]
    asked = {
        "output": found["output"],
        "outputs": outputs,
        "inputs": [{"id": "adresse", "property": "search", "value": ""}],
        "changedPropIds": ["adresse.search"],
        "state": [{"id": "adresse", "property": "pathname", "value": path}],
    }
    return json.dumps(asked)


def _output(written: str) -> dict[str, Any]:
    name, _, prop = written.rpartition(".")
    return {"id": json.loads(name) if name.startswith("{") else name, "property": prop}


@dataclass
class Alone:
    """Milliseconds of the first asking and of the next ones, of pages and of callbacks; bodies of these by page."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    called_cold: list[float] = field(default_factory=list)
    called_warm: list[float] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)


def alone(releases: Path) -> Alone:
    """Every page and callback, asked in process."""
    app = create_app(releases)
    client, found = Client(app.server), Alone()
    for path in addresses():
        found.cold.append(_timed(client, path))
        found.warm += [_timed(client, path) for _ in range(5)]
        found.bodies[path] = body = callback_of(client, path)
        if body:
            found.called_cold.append(_timed(client, CALLBACK, body))
            found.called_warm += [_timed(client, CALLBACK, body) for _ in range(5)]
    app.releases.close()
    return found


def _timed(client: Client, path: str, body: str = "") -> float:
    start = time.perf_counter()
    method, kind = ("POST", "application/json") if body else ("GET", None)
    if client.open(path, method=method, data=body or None, content_type=kind, headers=ZIPPED).status_code != 200:
        raise RuntimeError(f"{path} does not answer 200")
    return 1000 * (time.perf_counter() - start)


@contextmanager
def gunicorn(releases: Path, bodies: dict[str, str]) -> Iterator[None]:
    """The site as in production, once both workers have been asked for every page and callback."""
    with bare_server(releases):
        for path in addresses() * 8:
            answered("GET", path, None)
            _called(bodies[path])
        yield


@contextmanager
def bare_server(releases: Path) -> Iterator[None]:
    """The site as in production, once it answers."""
    command = [sys.executable, "-c", SERVER, str(releases), str(PORT)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        ask(addresses()[0])
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(path: str) -> None:
    """Wait until the server answers. Raises OSError where it does not within a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=30):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def crowd(bodies: dict[str, str]) -> list[float]:
    """Milliseconds of each answer to fifty readers: a page, then its callback."""
    times: list[float] = []
    readers = [threading.Thread(target=_read, args=(rank, bodies, times)) for rank in range(USERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return times


def _read(rank: int, bodies: dict[str, str], times: list[float]) -> None:
    paths = addresses()
    time.sleep(PAUSE * rank / USERS)
    for turn in range(ROUNDS):
        path = paths[(7 * rank + turn) % len(paths)]
        times.append(answered("GET", path, None))
        times += _called(bodies[path])
        time.sleep(PAUSE)


def _called(body: str) -> list[float]:
    return [answered("POST", CALLBACK, body)] if body else []


def answered(method: str, path: str, body: str | None) -> float:
    """Milliseconds until gunicorn has sent the whole answer. Raises RuntimeError where it is not 200."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request(method, path, body=body, headers=ZIPPED | {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path} answers {answer.status}")
    return 1000 * (time.perf_counter() - start)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values stands."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run() -> list[dict[str, Any]]:
    """One line per measure: name, value, bar, met."""
    with tempfile.TemporaryDirectory() as folder:
        releases = releases_in(Path(folder))
        found = alone(releases)
        with gunicorn(releases, found.bodies):
            times = crowd(found.bodies)
    return [
        line("pages: first asking in process, median ms", percentile(found.cold, 0.5)),
        line("pages: asked again in process, median ms", percentile(found.warm, 0.5), at_most=MEDIAN),
        line("pages: asked again in process, p95 ms", percentile(found.warm, 0.95), at_most=P95),
        line(f"pages: {USERS} readers of gunicorn, median ms", percentile(times, 0.5), at_most=MEDIAN),
        line(f"pages: {USERS} readers of gunicorn, p95 ms", percentile(times, 0.95), at_most=P95),
        line("callbacks: first asking in process, median ms", percentile(found.called_cold, 0.5), at_most=MEDIAN),
        line("callbacks: first asking in process, p95 ms", percentile(found.called_cold, 0.95)),
        line("callbacks: asked again in process, median ms", percentile(found.called_warm, 0.5), at_most=MEDIAN),
    ]


def releases_in(folder: Path) -> Path:
    """The releases to serve: those of OBSERVATOIRE_RELEASES, else small ones made in ``folder``."""
    if given := os.environ.get("OBSERVATOIRE_RELEASES"):
        return Path(given).resolve()
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    from fixtures_release import write_releases

    return Path(write_releases(folder))


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
