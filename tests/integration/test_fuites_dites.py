"""The red team, on what is said rather than published: printed lines, refusals, reports on the disk.

Small numbers occur everywhere: what is searched for is a hidden number in a line that names its cell, by the indicator
or the measure, the period and the place or the service.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

import observatoire
import publish.release
from etl.files import sha256
from publish.audit import audit_published
from publish.audit.texts import NUMBER, TOKEN
from publish.index import read_index
from publish.withdraw import withdraw
from schemas.contract import load_contract
from tests.integration import fabrique
from tests.integration.fabrique import safe
from tests.integration.house import House
from tests.integration.six import HEADER, MONTHS

DAY = date(2026, 12, 16)
VERSION, NEXT = "2026.3.0+demo", "2026.3.1+demo"
FEED, SERVICE, MONTH = "plan_lits", "sim-hopital-75-01", "2026-08"
FEW = "7,5,4.0,12.0,3,4"
HIDDEN = """
    select
        r.indicateur, r.periode, if(r.ventilation = 'ensemble', r.territoire_code, r.modalite) as lieu,
        [i.indicateur, i.numerateur, i.flux || '.' || i.numerateur] as noms,
        [w.valeur, w.numerateur] as nombres
    from read_parquet($published) as r
    join observations as w using (
        indicateur, territoire_niveau, territoire_code, granularite, periode, ventilation, modalite
    )
    join indicateurs as i using (indicateur)
    where r.statut = 'secret' and w.statut = 'valeur'
"""


@dataclass(frozen=True)
class Secret:
    """A cell that the release hides, the words that name it, and the numbers that must not stand beside them."""

    noms: frozenset[str]
    periode: str
    lieu: str
    nombres: frozenset[float]


@dataclass(frozen=True)
class Told:
    """A house, what its first release hid, and all that making it printed."""

    house: House
    secrets: tuple[Secret, ...]
    printed: str
    codes: frozenset[str]

    def leaks(self, text: str) -> list[str]:
        """The lines that say a hidden number beside the names of its cell."""
        return [line for line in text.splitlines() if any(self._tells(line, TOKEN.findall(line)))]

    @property
    def rare_numbers(self) -> set[float]:
        """Hidden numbers over 200 that are not round: no number of a message is one of them by chance."""
        return {number for one in self.secrets for number in one.nombres if number > 200 and number % 10}

    def rare(self, text: str) -> set[float]:
        """Those of them that a text says, whatever stands beside."""
        return self.rare_numbers & {float(found.replace(",", ".")) for found in NUMBER.findall(text)}

    def _tells(self, line: str, tokens: list[str]) -> Iterator[bool]:
        words = set(tokens)
        named = [one for one in self.secrets if one.noms & words and {one.periode, one.lieu} <= words]
        said = {float(text.replace(",", ".")) for text in NUMBER.findall(line) if text not in self.codes}
        yield from (bool(one.nombres & said) for one in named)


def returns(path: Path, *rows: str) -> Path:
    """A quarter of three hospitals, the first of which admitted seven people in August; then other rows."""
    usual = [
        f"{hospital},sevrage,{month},30,30,30,900,700,600,400,"
        f"{FEW if (hospital, month) == (SERVICE, MONTH) else f'{211 + 10 * rank + late},80,6.0,12.0,40,50'},simule"
        for rank, hospital in enumerate((SERVICE, "sim-hopital-75-02", "sim-hopital-93-01"))
        for late, month in enumerate(MONTHS[3:])
    ]
    path.write_text("\n".join([HEADER, *usual, *rows]) + "\n", encoding="utf-8")
    return path


def spoken(*words: object) -> tuple[int, str]:
    """Exit code and all that a command prints, on either stream."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        # A line of a log is whole, not folded as on a narrow screen.
        patch.setenv("COLUMNS", "1000")
        patch.setattr("sys.argv", ["observatoire", *map(str, words)])
        with contextlib.redirect_stderr(printed), pytest.raises(SystemExit) as ended:
            observatoire.main()
    return int(ended.value.code or 0), printed.getvalue()


def release(house: House, version: str) -> tuple[int, str]:
    return spoken("release", version, "--data", house.data, "--date", DAY.isoformat())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A release that hides cells, made by the command line; its pages, which print nothing, are left out."""
    folder = tmp_path_factory.mktemp("dit")
    house = House(folder / "data")
    assert house.ingest(FEED, returns(folder / "lits.csv")).etat == "accepte"
    house.build()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publish.release.write_site", lambda *_: 0)
        code, printed = release(house, VERSION)
    assert code == 0, printed
    data = house.releases / VERSION / "data"
    with duckdb.connect(str(house.warehouse), read_only=True) as con:
        rows = con.execute(HIDDEN, {"published": str(data / "observations.parquet")}).fetchall()
        codes = frozenset(code for (code,) in con.execute("select code from territoires").fetchall())
    secrets = (
        Secret(frozenset({indicator, *names}), period, place, frozenset(numbers) - {None})
        for indicator, period, place, names, numbers in rows
    )
    return Told(house, tuple(secrets), printed, codes)


def test_the_lines_of_a_release_say_no_hidden_number(told: Told) -> None:
    assert {(SERVICE, MONTH)} <= {(one.lieu, one.periode) for one in told.secrets}
    assert any(7.0 in one.nombres for one in told.secrets)
    assert told.printed.count("Publication : ") > 20
    assert "cellules secrètes" in told.printed
    assert told.leaks(told.printed) == []


@pytest.mark.parametrize(
    "leak",
    [
        lambda say: say(f"lits_admissions {MONTH} {SERVICE} : 7 devient secret"),
        lambda say: say(f"secret : plan_lits.admissions, 75, {MONTH}, {SERVICE} = 7,0"),
        lambda _: print(f"DEBUG admissions {SERVICE} {MONTH} valeur=7"),
    ],
)
def test_a_number_planted_in_a_line_of_progress_or_of_debugging_is_found(
    told: Told, monkeypatch: pytest.MonkeyPatch, leak: Callable[[Any], object]
) -> None:
    def leaking(version: object, *, progress: Callable[[str], None], **_: object) -> publish.release.Published:
        progress("secret")
        leak(progress)
        return publish.release.Published(version, told.house.releases, {}, 0)  # type: ignore[arg-type]

    monkeypatch.setattr("publish.release.release", leaking)
    code, printed = release(told.house, NEXT)
    assert code == 0, printed
    assert len(told.leaks(printed)) == 1


def test_a_refusal_names_the_cells_and_the_sums_and_no_hidden_number(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ", ".join(load_contract("observations", kind="datasets").names)
    whole = publish.release.protect

    def careless(con: duckdb.DuckDBPyConnection, **words: Any) -> object:
        loss = whole(con, **words)
        con.execute(f"create or replace temp table publiees as select {columns} from observations")
        return loss

    monkeypatch.setattr("publish.release.protect", careless)
    code, printed = release(told.house, NEXT)
    assert code == 12
    named = [line for line in printed.splitlines() if SERVICE in line and MONTH in line]
    assert named
    assert told.leaks(printed) == []
    assert told.leaks("\n".join(f"{line} (7)" for line in named)) != []
    assert [entry.version for entry in read_index(told.house.releases)] == [VERSION]


def test_a_report_of_quarantine_quotes_the_rows_at_fault_and_no_other(told: Told, tmp_path: Path) -> None:
    broken = f"{SERVICE},sevrage,2026-10,30,30,30,900,700,600,400,200,300,6.0,12.0,40,50,simule"
    code, printed = spoken("ingest", FEED, returns(tmp_path / "lits.csv", broken), "--data", told.house.data)
    assert code == 10
    report = next((told.house.data / "quarantine" / FEED).glob("*/rapport.json"))
    errors = json.loads(report.read_text(encoding="utf-8"))["errors"]
    assert {error["row"] for error in errors} == {11}
    written = report.read_text(encoding="utf-8") + printed
    assert told.rare(written) == set()
    assert told.rare(f"{written}\nDéjà reçu : {max(told.rare_numbers):.0f}") == {max(told.rare_numbers)}


def test_a_table_withdrawn_alone_from_an_earlier_release_is_still_known(tmp_path: Path) -> None:
    before = safe()
    before.reveal(indicateur="visites", modalite="service-01-a", periode="2026-01")
    dressed = {"datapackage.json": json.dumps({"resources": []})}
    before.fichiers |= dressed
    after = safe()
    after.fichiers |= dressed
    releases = fabrique.write_releases(tmp_path / "releases", {"2026.1.0": before, "2026.1.1": after})
    for folder in releases.glob("2026.*"):
        tables = sorted(folder.glob("data/*.parquet"))
        sums = "".join(f"{sha256(table)}  data/{table.name}\n" for table in tables)
        (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    whole = audit_published("2026.1.1", releases)
    assert "intervalle" in {leak.raison for leak in whole.fuites}
    # Without the catalogue its figures would belong to no measure, and nothing could be added up.
    withdraw("2026.1.0", releases=releases, reason="Essai.", day=DAY, dataset="indicateurs")
    assert not (releases / "2026.1.0" / "data" / "indicateurs.parquet").exists()
    assert audit_published("2026.1.1", releases).rapport == whole.rapport
