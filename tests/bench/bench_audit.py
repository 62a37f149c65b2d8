"""Speed of the attack: a release at scale 10, alone and after ten others.

Bars: under 5 minutes alone (with its protection, which has its own bench), under 10 against ten earlier releases, on
2 cores. The release is read where ``OBSERVATOIRE_BENCH_RELEASE`` says: a folder of one release at ``--scale 10``.
Run with ``python -m tests.bench.bench_audit``.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from publish.audit import audit
from tests.bench.lines import line

ALONE, AFTER_TEN = 300.0, 600.0
VARIABLE = "OBSERVATOIRE_BENCH_RELEASE"


def seconds(folder: Path, earlier: Sequence[Path]) -> float:
    """How long one attack takes, whatever it finds."""
    start = time.perf_counter()
    audit(folder, earlier, version=folder.name, day="2026-11-22")
    return time.perf_counter() - start


def given() -> str:
    """The folder of the release to attack, "" where none is named."""
    return os.environ.get(VARIABLE, "")


def run() -> list[dict[str, Any]]:
    """One line per bar. Raises RuntimeError where no release was given."""
    if not given():
        raise RuntimeError(f"{VARIABLE} names no release")
    folder = Path(given())
    return [
        line("audit: scale 10, seconds", seconds(folder, ()), at_most=ALONE),
        line("audit: scale 10 after ten releases, seconds", seconds(folder, [folder] * 10), at_most=AFTER_TEN),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
