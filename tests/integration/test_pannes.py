"""The disk fills up, is closed, lies; the clock goes back; two work at once: a clear message, and nothing is lost.

Each fault strikes a command as an operator runs it. What was public stays whole, and the next run succeeds.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from publish.verify import verify_all
from schemas.disque import refused
from tests.bench.strikes import cut, file_limit, flipped
from tests.integration.house import House
from tests.integration.six import returns

ROOT = Path(__file__).resolve().parents[2]
FIRST, NEXT, DAY = "2026.3.0+demo", "2026.3.1+demo", "2027-01-06"
DISK = 14
# Linux: prctl(PR_CAPBSET_DROP), and the two rights by which root writes and reads what modes forbid.
DROP, OVERRIDE, SEARCH = 24, 1, 2


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A first release, and a file received since that changes it."""
    house = House(tmp_path_factory.mktemp("depart") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publish.release.write_site", lambda *_: 0)
        house.ingest("plan_lits", returns(house.data.parent / "premier.csv", requests=400))
        house.build()
        house.release(FIRST, date(2026, 12, 16))
    house.ingest("plan_lits", returns(house.data.parent / "second.csv", requests=425))
    return house


@pytest.fixture
def house(start: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(start.data, tmp_path / "data")
    yield House(tmp_path / "data")
    for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def command(house: House, *words: str, fault: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the front door, struck by ``fault`` where there is one, without the pages of releases."""
    asked = "import publish.release, observatoire; publish.release.write_site = lambda *_: 0; observatoire.main()"
    full = [sys.executable, "-c", asked, *words, "--data", str(house.data)]
    return subprocess.run(full, cwd=ROOT, capture_output=True, text=True, preexec_fn=fault, timeout=300)


def no_privilege() -> None:
    """Root obeys the modes of files, as any user does."""
    libc = ctypes.CDLL(None)
    for right in (OVERRIDE, SEARCH):
        libc.prctl(DROP, right, 0, 0, 0)


def ingest(house: House, **how: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    return command(house, "ingest", "plan_lits", str(returns(house.data / "troisieme.csv", requests=450)), **how)


def build(house: House, **how: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    return command(house, "build", **how)


def release(house: House, **how: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    return command(house, "release", NEXT, "--date", DAY, **how)


def built_release(house: House, **how: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    house.build()
    return release(house, **how)


def told(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The code of exit, what the message says, and that no traceback is shown to whoever runs the command."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def whole(house: House, *versions: str) -> None:
    assert [verdict.version for verdict in verify_all(house.releases) if not verdict.fautes] == list(versions)
    assert [
        path.name for path in house.releases.iterdir() if path.name.startswith(".") and path.name != ".verrou"
    ] == []


@pytest.mark.parametrize(
    ("act", "size"),
    [(ingest, 300), (build, 200_000), (built_release, 3_000), (built_release, 60_000)],
)
def test_a_full_disk_changes_nothing(
    house: House, act: Callable[..., subprocess.CompletedProcess[str]], size: int
) -> None:
    told(act(house, fault=file_limit(size)), DISK, "le disque est plein", "Rien n'a été changé")
    whole(house, FIRST)
    assert act(house).returncode == 0


@pytest.mark.parametrize("act", [ingest, build, release])
def test_a_folder_that_may_not_be_written_is_named(
    house: House, act: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    if act is release:
        house.build()
    received = returns(house.data / "troisieme.csv", requests=450)
    for path in [*house.data.rglob("*"), house.data]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert received.exists()
    done = command(house, *(("ingest", "plan_lits", str(received)) if act is ingest else ACTS[act]), fault=no_privilege)
    told(done, DISK, str(house.data), "il est interdit d'y écrire")
    whole(house, FIRST)


ACTS: dict[Callable[..., subprocess.CompletedProcess[str]], tuple[str, ...]] = {
    build: ("build",),
    release: ("release", NEXT, "--date", DAY),
}


@pytest.mark.parametrize("damage", [Path.unlink, flipped])
def test_a_release_that_was_damaged_is_not_built_upon(house: House, damage: Callable[[Path], object]) -> None:
    house.build()
    table = house.releases / FIRST / "data" / "observations.parquet"
    kept = table.read_bytes()
    damage(table)
    told(release(house), 13, FIRST, "Remettez la copie sauvegardée")
    assert json.loads((house.releases / "index.json").read_text())["latest"] == FIRST
    table.write_bytes(kept)
    assert release(house).returncode == 0
    whole(house, FIRST, NEXT)


@pytest.mark.parametrize("text", ["", '{"rel', "[]", '{"latest": null}', '{"latest": "x", "releases": [{}]}'])
def test_an_index_that_cannot_be_read_stops_everything_that_needs_it(house: House, text: str) -> None:
    house.build()
    index = house.releases / "index.json"
    kept = index.read_bytes()
    index.write_text(text)
    told(release(house), 13, "index illisible")
    assert index.read_text() == text
    index.write_bytes(kept)
    whole(house, FIRST)


@pytest.mark.parametrize("version", [FIRST, NEXT])
@pytest.mark.parametrize("index", [None, '{"latest": null, "releases": []}'])
def test_a_release_that_the_index_forgot_is_not_replaced(house: House, index: str | None, version: str) -> None:
    house.build()
    kept = (house.releases / "index.json").read_bytes()
    before = {path: path.read_bytes() for path in (house.releases / FIRST).rglob("*") if path.is_file()}
    (house.releases / "index.json").unlink()
    if index:
        (house.releases / "index.json").write_text(index)
    told(command(house, "release", version, "--date", DAY), 13, FIRST, "remettez la copie sauvegardée de index.json")
    assert {path: path.read_bytes() for path in (house.releases / FIRST).rglob("*") if path.is_file()} == before
    (house.releases / "index.json").write_bytes(kept)
    assert release(house).returncode == 0
    whole(house, FIRST, NEXT)


def test_a_release_interrupted_before_the_index_named_it_is_made_again(house: House) -> None:
    house.build()
    kept = (house.releases / "index.json").read_bytes()
    assert release(house).returncode == 0
    (house.releases / "index.json").write_bytes(kept)
    (house.releases / ".en_cours").write_text(NEXT)
    (house.releases / NEXT / "SHA256SUMS").write_text("")
    assert release(house).returncode == 0
    whole(house, FIRST, NEXT)


def test_a_folder_whose_name_says_a_column_changes_no_value(house: House, tmp_path: Path) -> None:
    house.warehouse.unlink()
    house.build()
    rows = "select * from flux_plan_lits order by all"
    elsewhere = House(Path(shutil.copytree(house.data, tmp_path / "unite=x" / "demandes=1" / "donnees")))
    elsewhere.warehouse.unlink()
    elsewhere.build()
    assert elsewhere.ask(rows) == house.ask(rows)


def test_an_index_that_names_a_missing_release_says_so(house: House) -> None:
    house.build()
    (house.releases / FIRST).rename(house.data / "ailleurs")
    told(release(house), 13, FIRST, "incomplète")
    (house.data / "ailleurs").rename(house.releases / FIRST)
    assert release(house).returncode == 0


@pytest.mark.parametrize("damage", [cut, flipped])
def test_rows_that_were_damaged_are_made_again_from_what_was_received(
    house: House, damage: Callable[[Path], object]
) -> None:
    for rows in (house.data / "snapshots").rglob("*.parquet"):
        damage(rows)
    assert build(house).returncode == 0
    [[count]] = house.ask("select max(demandes) from declarations_plan_lits")
    assert count == 425


def test_a_file_without_an_extension_is_found_again(house: House, tmp_path: Path) -> None:
    received = returns(tmp_path / "envoi.csv", requests=450).rename(tmp_path / "envoi")
    assert command(house, "ingest", "plan_lits", str(received)).returncode == 0
    for rows in (house.data / "snapshots").rglob("*.parquet"):
        cut(rows)
    assert build(house).returncode == 0
    [[count]] = house.ask("select max(demandes) from declarations_plan_lits")
    assert count == 450


def test_a_received_file_that_was_damaged_is_told_apart(house: House) -> None:
    before = house.warehouse.read_bytes()
    for path in (house.data / "snapshots").rglob("*"):
        if path.suffix in (".csv", ".parquet"):
            cut(path)
    told(build(house), DISK, "le fichier accepté", "Remettez la copie sauvegardée")
    assert house.warehouse.read_bytes() == before


def test_a_damaged_warehouse_is_made_again_from_what_was_received(house: House) -> None:
    house.build()
    whole_rows = house.ask("select * from observations order by all")
    with house.warehouse.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096))
    for act in (build, release):
        told(act(house), DISK, "Supprimez warehouse.duckdb")
    house.warehouse.unlink()
    assert build(house).returncode == 0
    assert house.ask("select * from observations order by all") == whole_rows
    assert release(house).returncode == 0


def test_a_clock_set_back_publishes_nothing(house: House) -> None:
    house.build()
    told(command(house, "release", NEXT, "--date", "2020-01-06"), 13, "2026-12-16", "horloge")
    whole(house, FIRST)


def test_a_version_of_a_quarter_to_come_is_not_published(house: House) -> None:
    house.build()
    told(command(house, "release", "2027.1.0+demo", "--date", "2026-12-31"), 13, "2027.1.0+demo", "pas commencé")
    whole(house, FIRST)


def test_two_operators_at_once_each_have_their_turn(house: House) -> None:
    with ThreadPoolExecutor(3) as pool:
        ends = [pool.submit(act, house) for act in (build, build, ingest)]
        assert [end.result().returncode for end in ends] == [0, 0, 0]
        assert build(house).returncode == 0
        codes = sorted(end.result().returncode for end in [pool.submit(release, house) for _ in range(2)])
    assert codes == [0, 13]
    whole(house, FIRST, NEXT)


@pytest.mark.parametrize("words", [("build",), ("verify", "--all"), ("release", NEXT)])
def test_a_file_where_the_folder_of_the_data_should_be_is_named_and_kept(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    place = tmp_path / "releve.csv"
    place.write_text("a;b\n", encoding="utf-8")
    done = command(House(place), *words)
    assert done.returncode in (DISK, 2)
    told(done, done.returncode, str(place))
    assert place.read_text(encoding="utf-8") == "a;b\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/d/f"), "/d/f : le disque est plein"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/d/f"), "/d/f : ce disque est en lecture seule"),
        (OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), "/d/f"), "/d/f : un fichier est là où il faut un dossier"),
        (OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), "/d/f"), "/d/f : ce nom est plus long"),
        (OSError(errno.ELOOP, os.strerror(errno.ELOOP), "/d/f"), "/d/f : ce lien ne mène qu'à lui-même"),
        (duckdb.IOException('Could not read from file "/d/f": Is a directory'), "/d/f : un fichier est là où il faut"),
        (duckdb.IOException('Could not write file "/d/f": No space left on device'), "/d/f : le disque est plein"),
        (duckdb.IOException('Could not read enough bytes from file "/d/f": attempted'), "Supprimez warehouse.duckdb"),
        (duckdb.OutOfMemoryException("Out of Memory Error: 95 MiB"), "OBSERVATOIRE_MEMOIRE"),
        (duckdb.IOException("Corrupt database file: checksum"), "Supprimez warehouse.duckdb"),
    ],
)
def test_what_the_system_says_is_told_with_what_to_do(error: Exception, said: str) -> None:
    assert said in str(refused(error))


@pytest.mark.parametrize("error", [ValueError("x"), FileNotFoundError(errno.ENOENT, "x"), duckdb.BinderException("x")])
def test_a_fault_of_ours_is_not_said_to_be_the_disk_s(error: Exception) -> None:
    assert refused(error) is None
