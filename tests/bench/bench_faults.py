"""Hundreds of faults drawn over all kinds, injected into commands as operators run them: one count.

Each trial takes a small data folder that holds two releases, and a file, a build or a third release to come. It draws a
fault (``strikes``), runs the front door in a process of its own, then asks:

- did it end with a clear message and the code of that fault, without a traceback, unless it was killed?
- does the index name whole releases only, and is the last good one served, to the byte?
- is every file received before still there, with its bytes?
- once the fault is mended as the message says, does the next run succeed, and is all that it leaves (what was received,
  the rows of the warehouse, every byte of every release) the same as without the fault?

A kill or a full disk that came too late to matter is not counted. Releases have no pages here; nineteen in twenty copy
their files rather than compute them, so that faults fall while they are written, named and indexed.

    python -m tests.bench.bench_faults --all 500 --seed 1
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

import observatoire
import publish.release
import publish.verify
from publish.index import read_index
from publish.reader import Releases
from tests.bench.strikes import ACTS, BLOWS, CONFLICT, FINE, FIRST, NEXT, SECOND, WAREHOUSE, Blow, Place, said
from tests.bench.works import digest, digests
from tests.integration.house import House
from tests.integration.six import returns

AFTER = dict(zip(ACTS, (*ACTS[1:], "end"), strict=True))
DAY = date(2027, 1, 6)
KILLED = -signal.SIGKILL
LOCK = ".verrou"
COPIED = 0.95
ALREADY = "existe déjà"
End = tuple[int, str]


# ── Processes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def started(work: Callable[[], object]) -> tuple[int, int]:
    """A forked process that does a work, its number and the pipe of all it says; its code is that of SystemExit."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    sys.stdout = sys.stderr = os.fdopen(writing, "w", buffering=1, encoding="utf-8")
    code = 0
    try:
        work()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        code = 1
        traceback.print_exc()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


def ended(child: int, pipe: int) -> End:
    """Its code, or minus the signal that killed it, and what it said."""
    with os.fdopen(pipe, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def answer(work: Callable[[], Any]) -> Any:
    """What a work answers, done in another process: this one must hold no thread of DuckDB when it forks.

    Raises RuntimeError where it fails.
    """
    code, text = ended(*started(lambda: print(json.dumps(work()))))
    if code:
        raise RuntimeError(text)
    return json.loads(text.splitlines()[-1])


# ── The bench ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Bench:
    """The states of a small data folder before each act and after the last, and trials of them."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        self.data, self.file = folder / "data", returns(folder / "third.csv", requests=450)
        self.usual: dict[str, float] = {}
        publish.release.write_site = lambda *_: 0  # type: ignore[assignment]
        for module in answer(self._first_state):
            with suppress(ImportError):
                importlib.import_module(module)
        for act in ACTS:
            shutil.copytree(self.data, self.state(act))
            self.run(act)
        shutil.copytree(self.data, self.state("end"))
        self.rows = {state: answer(lambda s=state: rows_of(self.state(s))) for state in AFTER.values()}
        for act in ACTS:
            self.usual[act] = statistics.median(self._timed(act) for _ in range(5))

    def _first_state(self) -> list[str]:
        """Make the two releases; returns the modules that it took, so that those killed next have them."""
        house = House(self.data)
        for rank, version in enumerate((FIRST, SECOND)):
            house.ingest("plan_lits", returns(self.folder / f"{rank}.csv", requests=400 + 25 * rank))
            house.build()
            house.release(version, DAY)
        with suppress(SystemExit):
            self.command("build", Blow(), quick=False)()
        return sorted(sys.modules)

    def state(self, name: str) -> Path:
        """The data folder as it is before an act, or at the ``end``."""
        return self.folder / "states" / name

    def reset(self, act: str) -> None:
        """Begin anew from the state before an act."""
        shutil.rmtree(self.data)
        shutil.copytree(self.state(act), self.data)

    def _timed(self, act: str) -> float:
        self.reset(act)
        start = time.monotonic()
        self.run(act, quick=True)
        return time.monotonic() - start

    def command(self, act: str, blow: Blow, *, quick: bool) -> Callable[[], None]:
        """A command of the front door, as it runs in its process; a ``quick`` release copies its files."""
        told = {
            "ingest": ["plan_lits", str(self.file)],
            "build": [],
            "release": [NEXT, *(["--date", DAY.isoformat()] if blow.dated else [])],
        }

        def work() -> None:
            if quick:
                publish.release._fill = self._copied  # type: ignore[assignment]
            sys.argv = ["observatoire", act, *told[act], "--data", str(self.data)]
            blow.inside()
            observatoire.main()

        return work

    def _copied(self, *words: object, **_: object) -> tuple[dict[str, int], int]:
        source = self.state("end") / "releases" / NEXT
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            target = Path(str(words[1])) / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        return {}, 0

    def run(self, act: str, *, quick: bool = False) -> None:
        """Run a command that nothing strikes. Raises RuntimeError where it fails."""
        code, text = ended(*started(self.command(act, Blow(), quick=quick)))
        if code and not (code == CONFLICT and ALREADY in text):
            raise RuntimeError(f"{act} ends with {code}: {text[-1500:]}")

    def struck(self, act: str, blow: Blow, *, quick: bool) -> list[End]:
        """How the command, and those that run beside it, ended under the blow."""
        running = [started(self.command(one, blow, quick=quick)) for one in (act, *blow.others)]
        if blow.moment is not None:
            time.sleep(blow.moment)
            os.kill(running[0][0], signal.SIGKILL)
        return [ended(*one) for one in running]

    def trial(self, kind: str, act: str) -> tuple[bool, list[str]]:
        """Whether the fault struck, and what went wrong."""
        self.reset(act)
        place = Place(self.data, self.state(act), act, self.rng, self.usual)
        blow = BLOWS[kind](place)
        quick = kind == "kill" or self.rng.random() < COPIED
        ends = self.struck(act, blow, quick=quick)
        if blow.may_miss and ends[0][0] == FINE:
            return False, []
        wrong = [*self.messages(blow, ends), *self.kept(act, blow), *answer(lambda: list(self.public(act, blow)))]
        blow.mend()
        try:
            wrong += self.next_run((act, *blow.others), quick=quick)
        except RuntimeError as error:
            wrong.append(f"the next run fails: {error}")
        return True, [f"{kind} ({blow.told}) in {act}: {fault}" for fault in wrong]

    # ── What must hold ────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self, blow: Blow, ends: list[End]) -> Iterator[str]:
        """A clear message and its code, unless it was killed."""
        for code, text in ends:
            if code == KILLED and blow.moment is not None:
                continue
            if code not in blow.codes or "Traceback" in text or not text.strip():
                yield f"ends with {code}, saying {text[-700:]!r}"

    def kept(self, act: str, blow: Blow) -> Iterator[str]:
        """Every file received before is there with its bytes."""
        before, now = self.state(act) / "snapshots", self.data / "snapshots"
        lost = blow.lost.relative_to(now) if blow.lost else None
        there = originals(now, without=lost)
        yield from (f"{name} was lost" for name, was in originals(before, without=lost).items() if there[name] != was)

    def public(self, act: str, blow: Blow) -> Iterator[str]:
        """The index names whole releases only, and the last good one is served."""
        releases = self.data / "releases"
        named = [entry.version for entry in read_index(releases)]
        begun = "release" in (act, *blow.others)
        if named not in ([FIRST, SECOND], [FIRST, SECOND, NEXT] if begun else []):
            yield f"the index names {named}"
        for verdict in publish.verify.verify_all(releases):
            if verdict.fautes and verdict.version != blow.spoiled:
                yield verdict.to_text()
        served = Releases(releases).release()
        served.rows("select count(*) from observations")
        good = max(version for version in named if version != blow.spoiled)
        if served.version not in (good, blow.spoiled):
            yield f"{served.version} is served, not {good}"
        model = self.state("end") / "releases" / served.version / "data"
        if digests(served.folder / "data").items() & digests(model).items() < tables(model):
            yield f"{served.version} is served with other tables"

    def next_run(self, acts: tuple[str, ...], *, quick: bool) -> Iterator[str]:
        """What the next run leaves that is not as without the fault."""
        remade = () if (self.data / WAREHOUSE).exists() else ("build",)
        wanted = sorted({*acts, *remade}, key=ACTS.index)
        wanted = list(ACTS[ACTS.index(wanted[0]) : ACTS.index(wanted[-1]) + 1])
        for act in wanted:
            self.run(act, quick=quick)
        end = AFTER[wanted[-1]]
        yield from self.compared(end)

    def compared(self, name: str) -> Iterator[str]:
        """What differs from a state, and what was left behind."""
        model = self.state(name)
        if originals(self.data / "snapshots") != originals(model / "snapshots"):
            yield "what was received differs"
        if answer(lambda: rows_of(self.data)) != self.rows[name]:
            yield "the rows of the warehouse differ"
        theirs, ours = digests(model / "releases"), digests(self.data / "releases")
        if theirs != ours:
            yield f"releases differ: {sorted(str(one) for one in {*theirs.items()} ^ {*ours.items()})[:4]}"
        if left := [str(path) for path in self.data.rglob(".*") if path.name != LOCK]:
            yield f"left behind: {left}"


def originals(snapshots: Path, without: Path | None = None) -> defaultdict[str, object]:
    """Digest of each file received and what is said of it, by its place; None of what is not there."""
    places = sorted(path for path in snapshots.glob("*/[!.]*") if path.relative_to(snapshots) != without)
    found: defaultdict[str, object] = defaultdict(lambda: None)
    found |= {
        path.relative_to(snapshots).as_posix(): said(path) if path.suffix == ".json" else digest(path.read_bytes())
        for place in places
        for path in (*place.glob("original.*"), place / "sidecar.json")
        if path.exists()
    }
    return found


def tables(data: Path) -> set[tuple[str, str]]:
    """Names and digests of the tables that a site reads."""
    return {(name, found) for name, found in digests(data).items() if name.endswith(".parquet")}


def rows_of(data: Path) -> list[str]:
    """Fingerprint of what a warehouse is made from, and of its observations."""
    path = data / WAREHOUSE
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute("select * from observations order by all").fetchall()
    return [publish.release.warehouse_print(path), hashlib.sha256(repr(rows).encode()).hexdigest()]


def run(faults: int, seed: int, kinds: list[str]) -> dict[str, Any]:
    """Inject so many faults, as many of each kind as chance gives; counts by kind and act, and what went wrong."""
    rng, counts, wrong, missed = random.Random(seed), Counter[str](), list[str](), 0
    with tempfile.TemporaryDirectory(prefix="observatoire-banc-") as name:
        tempfile.tempdir = name
        bench = Bench(Path(name), rng)
        while counts.total() < faults and len(wrong) < 20:
            kind, act = rng.choice(kinds), rng.choice(ACTS)
            strikes, found = bench.trial(kind, act)
            missed += not strikes
            counts[f"{kind}, {act}"] += strikes
            wrong += found
            for fault in found:
                print(fault, file=sys.stderr, flush=True)
            if strikes and counts.total() % 50 == 0:
                print(json.dumps(dict(sorted(counts.items()))), file=sys.stderr, flush=True)
    by_kind = Counter[str]()
    for key, number in counts.items():
        by_kind[key.split(",")[0]] += number
    return {
        "faults": counts.total(),
        "by kind": dict(by_kind.most_common()),
        "by kind and act": dict(sorted(counts.items())),
        "came too late": missed,
        "usual seconds": {act: round(seconds, 3) for act, seconds in bench.usual.items()},
        "wrong": wrong,
    }


def main() -> int:
    """Print the counts as JSON; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="|".join(BLOWS))
    parser.add_argument("--all", type=int, default=500, help="faults to inject")
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    report = run(words.all, words.seed, words.kinds or list(BLOWS))
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
