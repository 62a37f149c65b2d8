"""The bench of faults sees what it is there to see: without that, five hundred faults prove nothing."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from schemas.errors import DiskRefused
from tests.bench import bench_faults, strikes
from tests.bench.strikes import FINE, SECOND, Blow, Place


def bench(folder: Path) -> bench_faults.Bench:
    """A bench of which nothing was prepared but its folders: one file received, one release."""
    made = object.__new__(bench_faults.Bench)
    made.folder, made.data = folder, folder / "data"
    received = made.data / "snapshots" / "plan_lits" / "abc"
    received.mkdir(parents=True)
    (received / "original.csv").write_bytes(b"a\n1\n")
    (received / "sidecar.json").write_text('{"sequence": 1, "recu_le": "hier"}', encoding="utf-8")
    table = made.data / "releases" / SECOND / "data" / "observations.parquet"
    table.parent.mkdir(parents=True)
    table.write_bytes(b"rows")
    for state in ("ingest", "end"):
        shutil.copytree(made.data, made.state(state))
    return made


def test_how_a_process_ended_and_what_it_said_are_known() -> None:
    def stop() -> None:
        print("dit", file=sys.stderr)
        sys.exit(14)

    def fail() -> None:
        raise ValueError("x")

    assert bench_faults.ended(*bench_faults.started(stop)) == (14, "dit\n")
    code, text = bench_faults.ended(*bench_faults.started(fail))
    assert (code, "Traceback" in text) == (1, True)
    child = bench_faults.started(lambda: time.sleep(60))
    os.kill(child[0], signal.SIGKILL)
    assert bench_faults.ended(*child) == (bench_faults.KILLED, "")


@pytest.mark.parametrize(
    ("end", "moment", "wrong"),
    [
        ((14, "le disque est plein"), None, False),
        ((13, "le disque est plein"), None, True),
        ((14, "Traceback (most recent call last)"), None, True),
        ((14, " "), None, True),
        ((bench_faults.KILLED, ""), 0.5, False),
        ((bench_faults.KILLED, ""), None, True),
    ],
)
def test_an_end_that_is_not_clear_is_seen(
    tmp_path: Path, end: tuple[int, str], moment: float | None, wrong: bool
) -> None:
    found = list(bench(tmp_path).messages(Blow(codes=(FINE, 14), moment=moment), [end]))
    assert bool(found) is wrong


@pytest.mark.parametrize(
    ("name", "text", "lost"),
    [
        ("original.csv", "a\n2\n", True),
        ("original.csv", None, True),
        ("sidecar.json", '{"sequence": 2, "recu_le": "hier"}', True),
        ("sidecar.json", '{"sequence": 1, "recu_le": "demain"}', False),
    ],
)
def test_a_received_file_that_is_lost_or_changed_is_seen(
    tmp_path: Path, name: str, text: str | None, lost: bool
) -> None:
    made = bench(tmp_path)
    path = made.data / "snapshots" / "plan_lits" / "abc" / name
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assert bool(list(made.kept("ingest", Blow()))) is lost
    assert not list(made.kept("ingest", Blow(lost=path.parent)))


def test_a_release_with_other_bytes_and_a_draft_left_behind_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_faults, "rows_of", lambda _: ["same"])
    made = bench(tmp_path)
    made.rows = {"end": ["same"]}
    assert list(made.compared("end")) == []
    (made.data / "releases" / SECOND / "data" / "observations.parquet").write_bytes(b"sows")
    (made.data / "snapshots" / ".lecture.x").mkdir()
    assert [fault.split(":")[0] for fault in made.compared("end")] == ["releases differ", "left behind"]


@pytest.mark.parametrize("kind", ["table damaged", "received file damaged", "release half copied", "folder closed"])
def test_what_strikes_a_folder_changes_it_and_is_mended(tmp_path: Path, kind: str) -> None:
    made = bench(tmp_path)
    (made.data / "releases" / SECOND / "README.md").write_text("x")
    shutil.copytree(made.data / "releases" / SECOND, made.data / "releases" / strikes.FIRST)
    shutil.copytree(made.data, tmp_path / "kept")
    place = Place(made.data, tmp_path / "kept", "release", random.Random(3))
    before = seen(made.data)
    blow = strikes.BLOWS[kind](place)
    assert seen(made.data) != before
    if (made.data / "releases" / strikes.NEXT).exists():
        shutil.rmtree(made.data / "releases" / strikes.NEXT)
    blow.mend()
    assert seen(made.data) == before


def seen(folder: Path) -> dict[str, object]:
    """Bytes and modes of all below a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("text", ["", '{"sequence": ', "[]", json.dumps({"sequence": 1})])
def test_a_damaged_sidecar_is_told(tmp_path: Path, text: str) -> None:
    from etl.snapshots import snapshots_of

    folder = tmp_path / "plan_lits" / "abc"
    folder.mkdir(parents=True)
    (folder / "sidecar.json").write_text(text, encoding="utf-8")
    with pytest.raises(DiskRefused, match="Remettez la copie sauvegardée"):
        snapshots_of("plan_lits", tmp_path)
