"""What others do with the same file, the same table, the same page: ratios taken in one run.

- **Check**: the file and rules of ``bench_validate``, by dataframely and pandera (polars), and validata-table.
- **API**: the same two hundred observations as JSON, asked of Datasette (the table in SQLite, indexed) and of this API.
- **Page**: our home page through gunicorn, and a Streamlit page with the same figures and chart, which is run in
  process without its server: its rate is that of one process, and is counted once for each of ours.

The others live in an environment of their own (``tools/prepare.sh rivals``). Releases are those of
OBSERVATOIRE_RELEASES, else small ones made here. Run with ``python -m tests.bench.bench_rivals``.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from publish.reader import Releases
from tests.bench.bench_pages import PORT, ZIPPED, bare_server, releases_in
from tests.bench.bench_validate import DESCRIPTOR, best_apart, make_file
from tests.bench.lines import line

ROOT = Path(__file__).resolve().parents[2]
RIVALS = Path(__file__).resolve().parent / "rivals"
PYTHON = ROOT / ".venv-rivals" / "bin" / "python"
ROWS, FEW_ROWS, RUNS, PAIRS = 5_000_000, 20_000, 2, 12
CLIENTS, SECONDS, SHOWN, WORKERS = 8, 6.0, 200, 2
DATASETTE_PORT = 8098
MAX_DATAFRAMELY, MIN_DATASETTE, MIN_STREAMLIT = 1.2, 5.0, 10.0


def rival(script: str, *words: object, given: str = "") -> float:
    """The best of the seconds that a script of the rivals prints."""
    command = [str(PYTHON), str(RIVALS / script), *map(str, words)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return min(json.loads(done.stdout.splitlines()[-1]))


def checks(folder: Path) -> list[dict[str, Any]]:
    """Rates of the check, ours against each, every one in a process of its own.

    The machine being shared, the same check varies by a fifth from one moment to the next: hence the median of pairs.
    """
    large, small = folder / "banc.csv", folder / "petit.csv"
    make_file(large, ROWS)
    make_file(small, FEW_ROWS)
    schema = json.dumps({name: DESCRIPTOR[name] for name in ("name", "fields", "primaryKey")})
    pairs = [(rival("check.py", "dataframely", large, RUNS), best_apart(large, RUNS)) for _ in range(PAIRS)]
    ours = min(own for _, own in pairs)
    pandera = rival("check.py", "pandera", large, RUNS)
    validata = rival("check.py", "validata", small, RUNS, given=schema)
    rate = ROWS / ours
    ratio = statistics.median(own / their for their, own in pairs)
    return [
        line("check: time / dataframely's", ratio, at_most=MAX_DATAFRAMELY, digits=2),
        line("check: time / pandera's (polars)", ours / pandera, digits=2),
        line("check: rate / validata-table's", rate / (FEW_ROWS / validata), digits=2),
    ]


@contextmanager
def datasette(folder: Path, table: Path) -> Iterator[None]:
    """Datasette on the observations, in an SQLite file that may not change, with an index on what is asked."""
    base = folder / "banc.db"
    rows = duckdb.sql(f"select columns(*)::varchar from '{table}'")
    names = ", ".join(f'"{name}"' for name in rows.columns)
    with sqlite3.connect(base) as con:
        con.execute(f"create table observations ({names})")
        con.executemany(f"insert into observations values ({', '.join('?' * len(rows.columns))})", rows.fetchall())
        con.execute("create index asked on observations (indicateur)")
    command = [str(PYTHON), "-m", "datasette", "serve", "-i", str(base), "--port", str(DATASETTE_PORT)]
    process = subprocess.Popen(
        [*command, "--setting", "max_returned_rows", str(SHOWN)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def rate(port: int, path: str) -> float:
    """Answers a second to readers who ask again as soon as they are answered."""
    _wait(port, path)
    end, counts = time.perf_counter() + SECONDS, [0] * CLIENTS

    def ask(rank: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < end:
            counts[rank] += _answered(connection, path)

    readers = [threading.Thread(target=ask, args=(rank,)) for rank in range(CLIENTS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return sum(counts) / SECONDS


def _answered(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers=ZIPPED)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return 1


def _wait(port: int, path: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            _answered(http.client.HTTPConnection("127.0.0.1", port, timeout=30), path)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def web(folder: Path) -> list[dict[str, Any]]:
    """Rates of the API and of the home page, ours against each."""
    releases = releases_in(folder)
    release = Releases(releases).release()
    code = release.rows("select indicateur from observations group by 1 order by count(*) desc, 1 limit 1")[0][0]
    with bare_server(releases):
        home = rate(PORT, "/fr/")
        api = rate(PORT, f"/api/v1/observations?indicateur={code}&taille={SHOWN}&format=json")
    with datasette(folder, release.folder / "data" / "observations.parquet"):
        theirs = rate(DATASETTE_PORT, f"/banc/observations.json?indicateur={code}&_size={SHOWN}&_shape=array")
    page = WORKERS / rival("page.py", release.folder, 2 * RUNS)
    return [
        line("API: answers a second / Datasette's", api / theirs, at_least=MIN_DATASETTE, digits=2),
        line("home: pages a second / Streamlit's", home / page, at_least=MIN_STREAMLIT, digits=2),
        line("home: pages a second, gunicorn, 2 workers", home, digits=2),
        line("API: answers a second, gunicorn, 2 workers", api, digits=2),
    ]


def run() -> list[dict[str, Any]]:
    """One line per measure: name, value, bar, met."""
    with tempfile.TemporaryDirectory() as name:
        return [*checks(Path(name)), *web(Path(name))]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
