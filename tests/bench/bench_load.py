"""The day a report makes the evening news: readers by the hundred, a new release meanwhile, then a restart.

Two hundred readers (Locust, in the environment of the rivals) ask the site through gunicorn for pages, callbacks, the
API and files. A third of the way a new release appears; at two thirds the workers are replaced (SIGHUP). No request may
fail, and no worker may hold more than ``MOST_MIB``. Loopback is not counted by quotas, so that they do not refuse the
crowd that is one address here.

    OBSERVATOIRE_RELEASES=… python -m tests.bench.bench_load [SECONDS] [USERS]
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from dashboard.app import create_app
from dashboard.rappels import CALLBACK
from etl.files import write_atomically
from publish.entries import INDEX
from publish.reader import Releases
from publish.version import parse_version
from tests.bench.bench_pages import PORT, SERVER, addresses, answered, ask, callback_of, releases_in
from tests.bench.lines import line

ROOT = Path(__file__).resolve().parents[2]
RIVALS = ROOT / ".venv-rivals" / "bin" / "locust"
# Seconds of the load, readers, and how many of them come in a second.
SECONDS, USERS, RATE = 600, 200, 20
MOST_MIB = 700


def demands(releases: Path) -> dict[str, list[str]]:
    """What readers ask for: every page in both languages, its callback, every indicator by the API, files."""
    app = create_app(releases)
    client, release = Client(app.server), app.releases.release()
    codes = [str(row[0]) for row in release.rows("select distinct indicateur from observations order by 1")]
    bodies = [callback_of(client, path) for path in addresses()]
    app.releases.close()
    files = ("observations.csv", "observations.parquet", "indicateurs.csv")
    return {
        "pages": addresses(),
        "callbacks": [body for body in bodies if body],
        "api": [f"/api/v1/observations?indicateur={code}&taille=200" for code in codes],
        "files": [f"/donnees/{release.version}/data/{name}" for name in files],
    }


def appear(releases: Path) -> str:
    """A new release, named by the index once its files are there; returns its version."""
    newest = Releases(releases).latest
    now = parse_version(newest)
    version = f"{now.annee}.{now.trimestre}.{now.revision + 1}" + ("+demo" if now.demo else "")
    shutil.copytree(releases / newest, releases / version)
    index = json.loads((releases / INDEX).read_text(encoding="utf-8"))
    entry = next(one for one in index["releases"] if one["version"] == newest)
    index = {**index, "latest": version, "releases": [*index["releases"], {**entry, "version": version}]}
    write_atomically(releases / INDEX, json.dumps(index))
    return version


def held(master: int) -> float:
    """MiB of the largest worker, as the system counts what is resident."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    sizes = [Path(f"/proc/{child}/status").read_text() for child in children if Path(f"/proc/{child}/status").exists()]
    found = [line.split()[1] for text in sizes for line in text.splitlines() if line.startswith("VmRSS")]
    return max((int(size) / 1024 for size in found), default=0.0)


def run(seconds: int = SECONDS, users: int = USERS) -> list[dict[str, Any]]:
    """One line per measure: name, value, bar, met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        releases = Path(shutil.copytree(releases_in(folder), folder / "servies"))
        asked = folder / "demandes.json"
        asked.write_text(json.dumps(demands(releases)), encoding="utf-8")
        server = subprocess.Popen([sys.executable, "-c", SERVER, str(releases), str(PORT)], cwd=ROOT)
        try:
            ask(addresses()[0])
            stand(asked)
            return _crowd(server, releases, asked, folder, seconds, users)
        finally:
            server.terminate()
            server.wait(timeout=30)


def stand(asked: Path) -> None:
    """Ask for each page and callback once: the crowd comes to a site that stands."""
    demanded = json.loads(asked.read_text(encoding="utf-8"))
    for path in demanded["pages"]:
        answered("GET", path, None)
    for body in demanded["callbacks"]:
        answered("POST", CALLBACK, body)


def _crowd(
    server: subprocess.Popen[bytes], releases: Path, asked: Path, folder: Path, seconds: int, users: int
) -> list[dict[str, Any]]:
    most: list[float] = [0.0]
    events = [
        threading.Timer(seconds / 3, appear, [releases]),
        threading.Timer(2 * seconds / 3, os.kill, [server.pid, signal.SIGHUP]),
    ]
    words = ["-f", "tests/bench/rivals/lecteurs.py", "--headless", "--host", f"http://127.0.0.1:{PORT}"]
    words += ["-u", str(users), "-r", str(RATE), "-t", f"{seconds}s", "--csv", str(folder / "charge"), "--only-summary"]
    crowd = subprocess.Popen(
        [str(RIVALS), *words], cwd=ROOT, env={**os.environ, "DEMANDES": str(asked)}, stderr=subprocess.DEVNULL
    )
    for event in events:
        event.start()
    while crowd.poll() is None:
        most[0] = max(most[0], held(server.pid))
        time.sleep(1)
    for event in events:
        event.join()
    print((folder / "charge_failures.csv").read_text(encoding="utf-8"), file=sys.stderr)
    total = (folder / "charge_stats.csv").read_text(encoding="utf-8").splitlines()
    said = dict(zip(total[0].split(","), total[-1].split(","), strict=True))
    failures = int(said["Failure Count"])
    return [
        line(f"load: requests of {users} readers in {seconds} s", float(said["Request Count"])),
        line("load: requests that failed", failures, at_most=0),
        line("load: median ms", float(said["50%"])),
        line("load: p95 ms", float(said["95%"])),
        line("load: largest worker, MiB", most[0], at_most=MOST_MIB),
    ]


if __name__ == "__main__":
    print(json.dumps(run(*map(int, sys.argv[1:3])), indent=2))
