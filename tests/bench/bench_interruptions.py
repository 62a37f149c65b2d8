"""Killed at any moment, a release or a publication leaves an index that names whole releases only.

Each trial forks a process that works on a small warehouse, kills it with SIGKILL at a uniform random moment of its
usual duration, then asks: does the index name whole releases only, to the last byte; does the next run succeed; is what
it leaves the same, byte for byte, as without the kill? A trial where the work ended before its moment is not counted.

``release`` does all that a release does, on three hospitals of which one had a few admissions: secrets, tables, audit,
differences, formats, metadata, pages of three kinds, archive, index. ``freeze`` copies files instead of making them, so
that kills fall while they are written, named and indexed.

    python -m tests.bench.bench_interruptions --kills 200 --seed 1 [release] [freeze] [file] [s3]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

# All that the forked processes need is imported before they are: their time is the time of the work.
import publish.deposit.folder
import publish.deposit.s3
import publish.release
import publish.site.build
from publish.site.pages import accueil, methode, publication
from publish.withdraw import withdraw
from schemas.errors import ReleaseConflict
from tests.bench.works import BUCKET, FIRST, NEXT, SECOND, FreezeTrial, PublishTrial, ReleaseTrial, Trial
from tests.integration.house import House
from tests.integration.six import HEADER, MONTHS
from tests.unit.fixtures_depot import FILES, write_releases

KINDS = ("release", "freeze", "file", "s3")
DAY = date(2026, 11, 23)
# Small, so that the small files of the trials go in parts too.
PART = 64 << 10


@dataclass
class Report:
    """What the trials of one kind of work gave.

    ``indexed`` counts the kills after which the new index was there, ``steps`` the kills by the step then told last.
    """

    name: str
    kills: int = 0
    steps: dict[str, int] = field(default_factory=dict)
    ended_first: int = 0
    indexed: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


# ── The kills ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def forked(work: Callable[[], None], log: Path) -> int:
    """A process that does the work and ends with 0, or 1 and its traceback in ``log``; returns its number."""
    child = os.fork()
    if child:
        return child
    try:
        with log.open("w") as file:
            try:
                work()
            except BaseException:
                traceback.print_exc(file=file)
                file.flush()
                os._exit(1)
        os._exit(0)
    finally:
        os._exit(1)


def run_to_end(work: Callable[[], None], log: Path) -> float:
    """Seconds of a work that nobody kills. Raises RuntimeError where it fails."""
    start = time.monotonic()
    status = os.waitpid(forked(work, log), 0)[1]
    if status:
        raise RuntimeError(f"status {status}: {log.read_text()[-2000:]}")
    return time.monotonic() - start


def killed(work: Callable[[], None], moment: float, log: Path) -> bool:
    """Whether the work was killed at that moment, in seconds; False where it had ended. Raises where it had failed."""
    child = forked(work, log)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError(log.read_text()[-2000:])
    return os.WIFSIGNALED(status)


def trials(trial: Trial, kills: int, rng: random.Random, log: Path) -> Report:
    """Kill that work so many times."""
    report = Report(trial.name)
    durations = []
    told = log.with_name("etape.txt")

    def tell(step: str) -> None:
        draft = told.with_suffix(f".{threading.get_ident()}")
        draft.write_text(step)
        draft.replace(told)

    def work() -> None:
        trial.work(tell)

    for _ in range(2):
        trial.reset()
        durations.append(run_to_end(work, log))
        report.faults += trial.after_next()
    while report.kills < kills and len(report.faults) < 10:
        usual = statistics.median(durations[-21:])
        trial.reset()
        moment = rng.uniform(0, usual)
        # Before the fork: a process killed before it could say anything was at its beginning.
        told.write_text("début")
        if not killed(work, moment, log):
            report.ended_first += 1
            continue
        report.kills += 1
        step = told.read_text()
        report.steps[step] = report.steps.get(step, 0) + 1
        report.faults += [f"killed at {moment:.3f} s of {usual:.3f}: {fault}" for fault in trial.after_kill()]
        report.indexed += trial.indexed()
        report.faults += [
            f"after {moment:.3f} s of {usual:.3f}: {fault}" for fault in next_run(trial, work, durations, log)
        ]
        if report.kills % 20 == 0:
            print(json.dumps(asdict(report)), file=sys.stderr, flush=True)
    report.seconds = round(statistics.median(durations), 3)
    return report


def next_run(trial: Trial, work: Callable[[], None], durations: list[float], log: Path) -> Iterator[str]:
    """What the next run gets wrong; one that finds its release made already must say so."""
    there = trial.indexed()
    try:
        seconds = run_to_end(work, log)
        if not there:
            durations.append(seconds)
    except RuntimeError as error:
        if not (there and ReleaseConflict.__name__ in str(error) and "existe déjà" in str(error)):
            yield str(error)
    yield from trial.after_next()


# ── What is needed ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def bucket() -> Iterator[Callable[[], None]]:
    """A bucket served by another process; yields what empties it."""
    command = [sys.executable, "-m", "tests.bench.moto_server"]
    environment = {**os.environ, "S3_UPLOAD_PART_MIN_SIZE": str(PART)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        address = (server.stdout.readline() if server.stdout else "").strip()
        keys = {"AWS_ACCESS_KEY_ID": "essai", "AWS_SECRET_ACCESS_KEY": "essai", "AWS_DEFAULT_REGION": "us-east-1"}
        os.environ.update({"AWS_ENDPOINT_URL": address, **keys})
        publish.deposit.s3.PART = PART

        def clear() -> None:
            urllib.request.urlopen(urllib.request.Request(f"{address}/moto-api/reset", method="POST")).close()
            publish.deposit.s3.client().create_bucket(Bucket=BUCKET)

        yield clear
    finally:
        server.terminate()
        server.wait()


def small_house(folder: Path) -> None:
    """Three hospitals, a first release, a revision, the second release as it must be; of a thousand pages, few."""
    house = House(folder / "data")
    for rank, version in enumerate((FIRST, NEXT)):
        done = house.ingest("plan_lits", returns(folder / f"lits_{rank}.csv", admissions=200 + 3 * rank))
        if done.etat != "accepte":
            raise RuntimeError(done)
        house.build()
        if not house.release(version).secretes:
            raise RuntimeError("no cell is secret: the release would not be a whole one")
        if version == FIRST:
            shutil.copytree(house.releases, house.data / "depart")
    shutil.copytree(house.releases / NEXT, house.data / "modele")


def returns(path: Path, *, admissions: int) -> Path:
    """A quarter of three hospitals; the first one admitted seven people in August."""
    few = {("75-01", "2026-08"): "7,5,4.0,12.0,3,4"}
    rows = [
        f"sim-hopital-{hospital},sevrage,{month},30,30,30,900,700,600,400,"
        f"{few.get((hospital, month), f'{admissions},80,6.0,12.0,40,50')},simule"
        for hospital in ("75-01", "75-02", "93-01")
        for month in MONTHS[3:]
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def shelves(folder: Path) -> None:
    """Two states of a folder of small releases: two of them; then a third one, the first withdrawn."""
    files = {**FILES, "data/large.csv": b"4\n" * PART} | {f"site/fr/{n}.html": b"<p>%d</p>" % n for n in range(8)}
    write_releases(folder / "avant", FIRST, SECOND, files=files)
    now = write_releases(folder / "maintenant", FIRST, SECOND, NEXT, files=files)
    withdraw(FIRST, releases=now, reason="Essai.", day=DAY)


def run(kinds: list[str], kills: int, seed: int) -> list[Report]:
    """The trials of each kind, one after the other."""
    reports = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, rng = folder / "trace.txt", random.Random(seed)
        if {"release", "freeze"} & set(kinds):
            publish.site.build.MAKERS = (accueil, publication, methode)
            prepared(lambda: small_house(folder), log)
            house = House(folder / "data")
            works = [work for work in (ReleaseTrial(house), FreezeTrial(house)) if work.name in kinds]
            reports += [trials(work, kills, rng, log) for work in works]
        prepared(lambda: shelves(folder), log)
        both = {"before": folder / "avant", "now": folder / "maintenant"}
        if "file" in kinds:
            root = folder / "hote"
            host = lambda: publish.deposit.folder.FolderTarget(root)  # noqa: E731
            clear = lambda: shutil.rmtree(root, ignore_errors=True)  # noqa: E731
            reports.append(trials(PublishTrial("file", **both, host=host, clear=clear), kills, rng, log))
        if "s3" in kinds:
            with bucket() as clear:
                host = lambda: publish.deposit.s3.S3Target(BUCKET, "p")  # noqa: E731
                reports.append(trials(PublishTrial("s3", **both, host=host, clear=clear), kills, rng, log))
    return reports


def prepared(work: Callable[[], object], log: Path) -> None:
    """Do it in another process: this one must hold no thread of DuckDB when it forks."""
    run_to_end(lambda: work() and None, log)


def main() -> int:
    """Print one line of JSON for each kind of work; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="|".join(KINDS))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    reports = run(words.kinds or list(KINDS), words.kills, words.seed)
    for report in reports:
        print(json.dumps(asdict(report), ensure_ascii=False))
    return 1 if any(report.faults for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
