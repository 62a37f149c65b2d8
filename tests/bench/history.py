"""The history of the figures: one line of JSON for each run, and what the run before it found on each measure."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "docs" / "bench.jsonl"
LIBRARIES = ("duckdb", "dash", "plotly", "gunicorn", "frictionless")


def machine() -> str:
    """What the figures were measured on, in one line: cores, memory, processor."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}"


def versions() -> str:
    """Python and the libraries behind the figures, in one line."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])


def revision() -> str:
    """The commit that was measured, with a + where files were changed since. Raises CalledProcessError without git."""
    asked = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def previous(history: Path = HISTORY) -> dict[str, float]:
    """The last value written of each measure, by its name; runs of a few benches leave those of the others standing."""
    values: dict[str, float] = {}
    if history.exists():
        for written in history.read_text(encoding="utf-8").splitlines():
            values |= json.loads(written)["values"]
    return values


def append(lines: list[dict[str, Any]], measured: str, history: Path = HISTORY) -> None:
    """Add what a run found of the commit ``measured`` at the end of the history."""
    run = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": measured,
        "machine": machine(),
        "versions": versions(),
        "missed": [line["name"] for line in lines if not line["met"]],
        "values": {line["name"]: line["value"] for line in lines},
    }
    history.parent.mkdir(parents=True, exist_ok=True)
    with history.open("a", encoding="utf-8") as file:
        file.write(json.dumps(run, ensure_ascii=False) + "\n")
