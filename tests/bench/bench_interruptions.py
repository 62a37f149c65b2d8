"""Killed at any moment, a release or a publication leaves an index that names whole releases only.

Each trial forks a process that works on a small warehouse, kills it with SIGKILL at a uniform random moment of its
usual duration, then asks: does the index name whole releases only, to the last byte; does the next run succeed; is what
it leaves the same, byte for byte, as without the kill? A trial where the work ended before its moment is not counted.

    python -m tests.bench.bench_interruptions --kills 200 --seed 1 [release] [freeze] [file] [s3]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

# All that the forked processes need is imported before they are: their time is the time of the work.
import publish.deposit.folder
import publish.deposit.s3
import publish.release
import publish.site.build
from etl.simulate import simulate
from publish.deposit.carry import deposit
from publish.deposit.target import Target
from publish.index import read_index
from publish.reader import INDEX, TRACES, WITHDRAWN, Entry, entry_of
from publish.site.pages import accueil, methode, publication
from publish.verify import published, verify_all
from publish.withdraw import withdraw
from schemas.errors import ReleaseConflict
from tests.integration.house import House
from tests.unit.fixtures_depot import FILES, write_releases

FIRST, SECOND, NEXT, AFTER = (f"2026.{number}+demo" for number in ("1.0", "2.0", "3.0", "3.1"))
FEED = "caarud_activite"
KINDS = ("release", "freeze", "file", "s3")
DAY = date(2026, 11, 23)
BUCKET = "donnees"
# Small, so that the small files of the trials go in parts too.
PART = 64 << 10


@dataclass
class Report:
    """What the trials of one kind of work gave; ``indexed`` counts the kills after which the new index was there."""

    name: str
    kills: int = 0
    ended_first: int = 0
    indexed: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


class Trial(Protocol):
    """A work that is killed: how to begin it anew, to do it, and what must hold after a kill and after the next run."""

    name: str

    def reset(self) -> None: ...

    def work(self) -> None: ...

    def after_kill(self) -> Iterator[str]: ...

    def indexed(self) -> bool: ...

    def after_next(self) -> Iterator[str]: ...


# ── The works ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class ReleaseTrial:
    """A second release, made beside a first one."""

    name = "release"

    def __init__(self, house: House) -> None:
        self.house = house
        self.start, self.model = house.data / "depart", house.data / "modele"
        self.whole = digests(self.model)

    def reset(self) -> None:
        shutil.rmtree(self.house.releases)
        shutil.copytree(self.start, self.house.releases)

    def work(self) -> None:
        self.house.release(NEXT)

    def indexed(self) -> bool:
        return NEXT in {entry.version for entry in read_index(self.house.releases)}

    def after_kill(self) -> Iterator[str]:
        named = {entry.version for entry in read_index(self.house.releases)}
        if named not in ({FIRST}, {FIRST, NEXT}):
            yield f"the index names {named}"
        yield from (verdict.to_text() for verdict in verify_all(self.house.releases) if verdict.fautes)

    def after_next(self) -> Iterator[str]:
        yield from self.after_kill()
        if not self.indexed():
            yield "the next run made no release"
        if drafts := [path.name for path in self.house.releases.glob(".*") if path.name != ".verrou"]:
            yield f"left behind: {drafts}"
        found = digests(self.house.releases / NEXT)
        if found != self.whole:
            yield f"other bytes: {sorted(name for name in found if found[name] != self.whole.get(name))}"


class FreezeTrial(ReleaseTrial):
    """A release whose files are copied, not computed: kills fall while they are written, synced, named, indexed."""

    name = "freeze"

    def work(self) -> None:
        def copy(*words: object, **_: object) -> tuple[dict[str, int], int]:
            shutil.copytree(self.model, Path(str(words[1])), dirs_exist_ok=True)
            return {}, 0

        publish.release._fill = copy  # type: ignore[assignment]
        self.house.release(NEXT)


class PublishTrial:
    """A new release sent and an old one withdrawn, on a host that has the two older ones."""

    def __init__(self, name: str, *, before: Path, now: Path, host: Callable[[], Target], clear: Callable[[], None]):
        self.name, self.before, self.now, self.host, self.clear = name, before, now, host, clear
        # What asks the host what it has; the work has its own, as another process would.
        self.seen = host()
        self.wanted = {name: digest for name, digest in digests(now).items() if not name.startswith(".")}

    def reset(self) -> None:
        self.clear()
        deposit(self.before, self.seen)

    def work(self) -> None:
        deposit(self.now, self.host())

    def _entries(self) -> list[Entry]:
        return [entry_of(item) for item in json.loads(self.seen.read(INDEX) or b"")["releases"]]

    def indexed(self) -> bool:
        return NEXT in {entry.version for entry in self._entries()}

    def after_kill(self) -> Iterator[str]:
        """Every file of every release that the host's index names, read again from the host."""
        entries = self._entries()
        if [entry.version for entry in entries] not in ([FIRST, SECOND], [FIRST, SECOND, NEXT]):
            yield f"the index names {entries}"
        for entry in entries:
            source = self.before if (entry.version, entry.statut) == (FIRST, "publie") else self.now
            wanted = published(source / entry.version, entry)
            for name in TRACES if entry.statut == WITHDRAWN else TRACES[:1]:
                wanted[name] = digest((source / entry.version / name).read_bytes())
            held = self._held([f"{entry.version}/{name}" for name in wanted])
            yield from (
                f"{name} is not whole on the host" for name in wanted if held[f"{entry.version}/{name}"] != wanted[name]
            )

    def _held(self, names: Iterable[str]) -> dict[str, str]:
        """SHA-256 of files of the host, from their bytes."""
        names = list(names)
        with ThreadPoolExecutor(self.seen.parallel) as pool:
            return dict(zip(names, pool.map(lambda name: digest(self.seen.read(name) or b""), names), strict=True))

    def after_next(self) -> Iterator[str]:
        yield from self.after_kill()
        held = self._held([*self.seen.sizes((FIRST, SECOND, NEXT)), INDEX])
        if held != self.wanted:
            yield f"the host differs: {sorted({*held.items()} ^ {*self.wanted.items()})[:5]}"
        yield from self._left(self.seen)

    def _left(self, host: Target) -> Iterator[str]:
        if isinstance(host, publish.deposit.folder.FolderTarget) and (host.root / ".envoi").exists():
            yield "drafts left on the host"
        client = getattr(host, "_client", None)
        if client and client.list_multipart_uploads(Bucket=BUCKET).get("Uploads"):
            yield "uploads left on the host"


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}


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
    for _ in range(2):
        trial.reset()
        durations.append(run_to_end(trial.work, log))
        report.faults += trial.after_next()
    while report.kills < kills and len(report.faults) < 10:
        usual = statistics.median(durations[-21:])
        trial.reset()
        moment = rng.uniform(0, usual)
        if not killed(trial.work, moment, log):
            report.ended_first += 1
            continue
        report.kills += 1
        report.faults += [f"killed at {moment:.3f} s of {usual:.3f}: {fault}" for fault in trial.after_kill()]
        report.indexed += trial.indexed()
        report.faults += [f"after {moment:.3f} s of {usual:.3f}: {fault}" for fault in next_run(trial, durations, log)]
        if report.kills % 20 == 0:
            print(json.dumps(asdict(report)), file=sys.stderr, flush=True)
    report.seconds = round(statistics.median(durations), 3)
    return report


def next_run(trial: Trial, durations: list[float], log: Path) -> Iterator[str]:
    """What the next run gets wrong; one that finds its release made already must say so."""
    there = trial.indexed()
    try:
        seconds = run_to_end(trial.work, log)
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
    """A warehouse of one feed, its first release, the second as it must be; of a thousand pages, few are written."""
    house = House(folder / "data")
    house.ingest(FEED, simulate(FEED, folder / "inbox", seed=7))
    house.build()
    house.release(FIRST)
    shutil.copytree(house.releases, house.data / "depart")
    house.release(NEXT)
    shutil.copytree(house.releases / NEXT, house.data / "modele")


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
