"""Bad input at length: ``python -m tests.fuzz [SECONDS] [TARGET…]``, an hour over all targets without arguments.

Each target runs for its share of the time in a process of its own, which atheris guides (``tools/prepare.sh hasard``);
where the process dies, another takes its place. What is found is kept in ``tests/fuzz/trouvailles``, one file for each
kind of failure, beside its traceback; ``python -m tests.fuzz rejouer FILE…`` asks the same again. Exits with 1 where
something was found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOUND = HERE / "trouvailles"
ENGINE = ROOT / ".hasard"
NAMES = ("csv", "xlsx", "ods", "contrat", "site", "api", "curseur", "rappel")
HOUR = 3600
SHORTEST = 5  # seconds below which a process is not worth starting
MEMORY = Path("/dev/shm")  # files that live for milliseconds
# What libFuzzer says it was trying when it dies between two tries, of itself: each process begins by trying it.
EMPTY = "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def main(arguments: list[str]) -> int:
    """Run every target asked for; 1 where something was found."""
    if arguments[:1] == ["rejouer"]:
        return replay([Path(name) for name in arguments[1:]])
    seconds = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else HOUR
    names = arguments or list(NAMES)
    if unknown := sorted(set(names) - set(NAMES)):
        print(f"unknown targets: {', '.join(unknown)}; targets: {', '.join(NAMES)}")
        return 2
    FOUND.mkdir(exist_ok=True)
    return sum([run(name, seconds // len(names)) for name in names]) and 1


def run(name: str, seconds: int) -> int:
    """Run one target; returns how many kinds of failure it found."""
    before, executions, deaths, left = _kept(name), 0, 0, float(seconds)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        while left >= SHORTEST or (not executions and not deaths):
            started = time.monotonic()
            count, died = _process(name, left, Path(folder))
            executions, deaths, left = executions + count, deaths + died, left - (time.monotonic() - started)
    found = sorted(_kept(name) - before)
    print(f"{name:8} {seconds:5} s  {executions:8} executions  {len(found)} found  {deaths} deaths", flush=True)
    for path in found:
        print(f"         {path}")
    return len(found)


def _kept(name: str) -> set[Path]:
    return {path for path in FOUND.glob(f"{name}-*") if path.suffix != ".txt"}


def _process(name: str, seconds: float, folder: Path) -> tuple[int, int]:
    """Executions of one process, and whether it died before its time."""
    counted = folder / "count"
    counted.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.guided", name, str(max(SHORTEST, int(seconds))), str(folder)]
    paths = os.pathsep.join(map(str, (ENGINE, ROOT, ROOT / "tests" / "unit")))
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(folder)},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        (FOUND / f"{name}.log.txt").write_bytes(done.stderr[-20_000:])
        (FOUND / f"{name}-crash-{EMPTY}").unlink(missing_ok=True)
    if not counted.exists():
        sys.exit(f"{name} did not start: tools/prepare.sh hasard\n{done.stderr[-2000:].decode(errors='replace')}")
    return int(json.loads(counted.read_text())), int(done.returncode != 0)


def replay(paths: list[Path]) -> int:
    """Ask what was found again; the first failure is raised."""
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    from tests.fuzz.targets import TARGETS

    for path in paths:
        TARGETS[path.name.split("-")[0]](path.read_bytes())
        print(f"{path.name}: nothing wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
