"""Names sent to do harm, wherever a name is taken: paths that leave their folder, and SQL in every parameter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fixtures_api import VERSION, write_true_releases
from typer.core import TyperArgument, TyperCommand
from typer.main import get_command

import observatoire
from dashboard.extraits import CUT_BY
from dashboard.filters import PATTERNS
from publish.reader import Releases
from publish.withdraw import withdraw
from schemas.contract import contract_from
from schemas.errors import ContractBroken, ObservatoireError, UsageError
from tests.fuzz import web

SQL = (
    "'",
    "' OR '1'='1",
    "'; drop table observations; --",
    '" OR ""="',
    "1) OR 1=1 --",
    "’ OR 1=1 --",
    "x' UNION SELECT * FROM read_csv('/etc/passwd') --",
    "\\'; --",
    "$1",
    "/**/or/**/1=1",
)
PATHS = (
    "../plan_lits",
    "..",
    ".",
    "/etc/passwd",
    "..\\plan_lits",
    "C:\\Windows\\win.ini",
    "%2e%2e%2fplan_lits",
    "..%2f..%2fetc%2fpasswd",
    "plan_lits/../plan_budget",
    "plan_lits\0",
    "\\\\hote\\partage",
    "CON",
    "*",
    "obs*",
    "~root",
    "file:///etc/passwd",
    "a" * 5_000,
    "2026.3.0+demo/../2026.2.0+demo",
    "\u202e2026.3.0",
)
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "schemas" / "feeds" / "plan_lits" / "valid.csv"
# What the other words of a command are, so that the poisoned one is reached.
SOUND = {
    **{"feed": "plan_lits", "file": str(EXAMPLE), "version": VERSION, "first": VERSION, "second": VERSION},
    "reason": "Essai.",
}
# Texts that may be anything, with their reason: where to write or to listen, and words told as they are.
FREE = {("publish", "target"), ("serve", "host"), ("run", "host"), ("serve", "address"), ("withdraw", "reason")}


DOOR = get_command(observatoire.app)
COMMANDS: dict[str, TyperCommand] = DOOR.commands  # type: ignore[attr-defined]


def texts() -> list[tuple[str, str]]:
    """Every parameter of the command line that is a text, by its command: a new one is here by itself."""
    return [
        (name, str(parameter.name))
        for name, command in COMMANDS.items()
        for parameter in command.params
        if parameter.type_descriptor.annotation is str and (name, parameter.name) not in FREE
    ]


def words(name: str, poisoned: str, value: str) -> list[str]:
    """A command line one word of which is poisoned."""
    line = [name]
    for parameter in COMMANDS[name].params:
        given = value if parameter.name == poisoned else SOUND.get(str(parameter.name)) if parameter.required else None
        if isinstance(parameter, TyperArgument):
            line += [] if given is None else [given]
        elif given is not None:
            line.append(f"{parameter.opts[0]}={given}")
    return line


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two releases that stand."""
    folder = tmp_path_factory.mktemp("maison") / "donnees"
    releases = write_true_releases(folder / "releases")
    index = json.loads((releases / "index.json").read_text(encoding="utf-8"))
    index["releases"] = [one for one in index["releases"] if one["statut"] == "publie"]
    (releases / "index.json").write_text(json.dumps(index), encoding="utf-8")
    described = {"version": VERSION, "resources": [], "homepage": "https://observatoire.example"}
    (releases / VERSION / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    return folder


def state(folder: Path) -> str:
    """Every file below a folder and what it holds; locks apart."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".verrou")
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


@pytest.mark.parametrize(("name", "parameter"), texts())
def test_no_word_of_the_command_line_leaves_its_folder(
    name: str, parameter: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATOIRE_DATA", str(data))
    monkeypatch.chdir(data.parent)
    before = state(data.parent)
    for value in (*PATHS, *SQL):
        with pytest.raises(ObservatoireError) as told:
            DOOR(words(name, parameter, value), standalone_mode=False)
        assert told.value.exit_code in (2, 10, 13)
    assert state(data.parent) == before


def test_the_command_line_has_names_to_poison() -> None:
    assert {("validate", "feed"), ("ingest", "feed"), ("release", "version"), ("withdraw", "dataset")} <= set(texts())


@pytest.mark.parametrize("name", ["*", "obs*", "[a-z]*", "observation?", "/", "..", "../releases"])
def test_a_table_to_withdraw_is_named_not_searched_for(name: str, data: Path) -> None:
    with pytest.raises(UsageError):
        withdraw(VERSION, releases=data / "releases", reason="Essai.", day=date(2026, 11, 22), dataset=name)
    assert "observations" in Releases(data / "releases").release(VERSION).tables


@pytest.mark.parametrize("name", ["../feeds/plan_lits/schema", "/etc/passwd", "a" * 5_000, "origine\0", ".."])
def test_a_list_of_codes_is_named_not_opened_elsewhere(name: str) -> None:
    with pytest.raises(ContractBroken, match="le nom d'une liste"):
        contract_from({"fields": [{"name": "x", "type": "string", "codes": name}]})


# ── The site ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PATHS)
def test_no_address_leaves_a_release(path: str) -> None:
    asker = web.asker()
    raw = path.replace("\0", "%00").replace("\u202e", "%E2%80%AE")
    for version in ("latest", "2026.3.0+demo"):
        for below in ("", "data/", "data/../../"):
            for one in (raw, web.safe(path), web.safe(web.safe(path))):
                answer = asker.get(f"/donnees/{version}/{below}{one}", buffered=True)
                web.sound(answer)
                assert answer.status_code in (302, 308, 400, 404)
    for address in (f"/donnees/{web.safe(path)}/index.json", f"/extrait/{web.safe(path)}.csv", f"/fr/{web.safe(path)}"):
        answer = asker.get(address, buffered=True)
        web.sound(answer)
        assert answer.status_code in (302, 308, 400, 404)


@pytest.mark.parametrize("name", [name for name in PATTERNS if name != "q"])
def test_no_filter_of_a_page_is_sql(name: str) -> None:
    for value in SQL:
        answer = web.asker().get("/fr/scenes", query_string=web.query_of([(name, value)]))
        web.sound(answer)
        assert answer.status_code == 400


def test_a_search_is_words_whatever_it_holds() -> None:
    for value in SQL:
        answer = web.asker().get("/fr/recherche", query_string=web.query_of([("q", value)]))
        web.sound(answer)
        assert answer.status_code == 200


def extracts() -> Iterator[tuple[str, str]]:
    return ((table, column) for table, columns in CUT_BY.items() for column in columns)


@pytest.mark.parametrize(("table", "column"), list(extracts()))
def test_no_value_of_an_extract_is_sql(table: str, column: str) -> None:
    for value in SQL[1:4]:
        answer = web.asker().get(f"/extrait/latest/{table}.csv", query_string=web.query_of([(column, value)]))
        web.sound(answer)
        assert answer.status_code in (200, 400)
        assert answer.status_code == 400 or len(answer.get_data(as_text=True).splitlines()) == 1


# ── The API ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def questions() -> Iterator[tuple[str, web.Pairs]]:
    """Every parameter that the description lists, each with some of the texts, turn by turn."""
    turn = 0
    for path, described in web.parameters().items():
        for one in described:
            for value in (SQL[turn % len(SQL)], SQL[(turn + 3) % len(SQL)], SQL[(turn + 6) % len(SQL)]):
                address = path
                for part in (part for part in described if part["in"] == "path"):
                    said = value if part is one else str(part["example"])
                    address = address.replace(f"{{{part['name']}}}", web.safe(said))
                yield address, [] if one["in"] == "path" else [(one["name"], value)]
            turn += 1


def test_no_parameter_of_the_api_is_sql() -> None:
    whole = web.ask_api("/observations", [("taille", "5")]).get_data()
    asked = list(questions())
    assert len(asked) > 300
    for address, pairs in asked:
        assert 400 <= web.ask_api(address, pairs).status_code < 500, (address, pairs)
    assert web.ask_api("/observations", [("taille", "5")]).get_data() == whole
