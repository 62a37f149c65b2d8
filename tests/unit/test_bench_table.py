"""The table of the benchmarks tells what is met, what the run before found and what limits; its history keeps it."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import __main__ as bench
from tests.bench import history
from tests.bench.lines import LIMITS, line


def shown(lines: list[dict[str, object]], before: dict[str, float]) -> list[str]:
    console = Console(width=200, file=io.StringIO())
    with console.capture() as said:
        console.print(bench.table(lines, before))
    return [row for row in said.get().splitlines() if "growth" in row]


def test_a_line_compares_what_was_measured_not_what_is_shown() -> None:
    assert not line("growth: x", 1.54, at_most=1.5)["met"]
    assert line("growth: x", 1.54, at_most=1.5)["value"] == 1.5
    assert line("growth: x", 60.0, at_least=60)["met"]


def test_a_measure_of_which_nobody_knows_what_limits_it_is_refused() -> None:
    with pytest.raises(KeyError):
        line("unknown: x", 1.0)


def test_the_table_shows_the_value_before_beside_the_new_one() -> None:
    rows = shown([line("growth: a", 2.0, at_most=1), line("growth: b", 3.0)], {"growth: a": 1.75})
    assert [word in rows[0] for word in ("NO", "1.75")] == [True, True]
    assert [word in rows[1] for word in ("yes", "1.75")] == [True, False]


def test_what_limits_a_family_is_said_once() -> None:
    said = bench.limits([line("growth: a", 2.0), line("growth: b", 3.0), line("files: c", 1.0)])
    assert said.splitlines() == [f"growth: {LIMITS['growth']}", f"files: {LIMITS['files']}"]


def test_each_run_adds_a_line_and_the_last_value_of_each_measure_stands(tmp_path: Path) -> None:
    kept = tmp_path / "bench.jsonl"
    assert history.previous(kept) == {}
    history.append([line("growth: a", 1.0), line("growth: b", 5.0, at_most=4)], "abc", kept)
    history.append([line("growth: a", 2.0)], "def+", kept)
    assert history.previous(kept) == {"growth: a": 2.0, "growth: b": 5.0}
    first = json.loads(kept.read_text().splitlines()[0])
    assert first["missed"] == ["growth: b"]
    assert first["revision"] == "abc"
    assert {"date", "machine", "versions"} <= set(first)


def test_a_bench_that_lacks_what_it_needs_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.bench_files.shutil.which", lambda *_, **__: None)
    with pytest.raises(FileNotFoundError, match="nginx"), bench.bench_files.nginx(tmp_path):
        pass
    monkeypatch.setattr("tests.bench.bench_rivals.PYTHON", tmp_path / "python")
    with pytest.raises(FileNotFoundError):
        bench.bench_rivals.rival("check.py")
    monkeypatch.delenv("OBSERVATOIRE_BENCH_RELEASE", raising=False)
    with pytest.raises(RuntimeError, match="OBSERVATOIRE_BENCH_RELEASE"):
        bench.bench_audit.run()


def test_each_way_of_the_growth_is_measured_in_a_process_of_its_own() -> None:
    lines = {found["name"]: found["value"] for found in bench.bench_growth.run([20_000])}
    assert lines["growth: check, 2e+04 rows, peak GiB"] > 0.05
    assert set(lines) == {
        f"growth: {way}, 2e+04 rows, {what}" for way in ("check", "ingest") for what in ("seconds", "peak GiB")
    }


def test_a_way_that_refuses_its_file_stops_the_bench(tmp_path: Path) -> None:
    (tmp_path / "banc.csv").write_text("service_id\nx\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        bench.bench_growth.cost("check", tmp_path / "banc.csv")
