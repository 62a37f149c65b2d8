"""Killed at random moments, `release` and `publish` leave whole releases behind, and the next run succeeds.

A few kills of each here; two hundred of each with ``python -m tests.bench.bench_interruptions``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("kind", "kills"), [("release", 4), ("freeze", 12), ("file", 12), ("s3", 12)])
def test_killed_at_any_moment_the_index_names_whole_releases_and_the_next_run_succeeds(kind: str, kills: int) -> None:
    command = [sys.executable, "-m", "tests.bench.bench_interruptions", kind, "--kills", str(kills), "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert (report["faults"], report["kills"], done.returncode) == ([], kills, 0)
