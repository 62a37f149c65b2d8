"""Six releases of one warehouse: what each says of the others, and that none of them ever changes."""

from __future__ import annotations

import hashlib
import json

import duckdb
from typer.testing import CliRunner

import observatoire
from dashboard.app import create_app
from publish.reader import Releases
from publish.verify import verify
from tests.integration.house import House
from tests.integration.six import FIRST_PRINTS, RELEASES, prints

FIRST, SECOND, *_, LAST = RELEASES
SEPTEMBER = ("lits_demandes", ("departement", "75"))
runner = CliRunner()


def rows(six: House, version: str, query: str) -> list[tuple[object, ...]]:
    return Releases(six.releases).release(version).rows(query)


def test_five_more_releases_leave_every_byte_of_the_first(six: House) -> None:
    assert prints(six.releases / FIRST) == json.loads((six.data / FIRST_PRINTS).read_text(encoding="utf-8"))
    assert verify(six.releases, FIRST).fautes == ()


def test_a_pinned_link_still_gives_the_same_bytes(six: House) -> None:
    app = create_app(six.releases).server.test_client()
    folder = six.releases / FIRST
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split(maxsplit=1)
        with app.get(f"/donnees/{FIRST}/{name}") as answer:
            assert hashlib.sha256(answer.get_data()).hexdigest() == digest


def test_latest_leads_to_the_last(six: House) -> None:
    app = create_app(six.releases).server.test_client()
    answer = app.get("/donnees/latest/data/observations.csv")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/donnees/{LAST.replace('+', '%2B')}/data/observations.csv" or answer.headers[
        "Location"
    ].endswith(f"/{LAST}/data/observations.csv")


def test_a_value_can_be_asked_for_as_it_was_in_each_release(six: House) -> None:
    found = Releases(six.releases).vintages(*SEPTEMBER, granularite="mois", periode="2026-09")
    assert list(found["version"]) == list(RELEASES)
    assert list(found["valeur"]) == [400.0, *[425.0] * 5]
    assert list(found["publiee_le"]) == [day.isoformat() for day in RELEASES.values()]


def test_every_period_is_given_where_none_is_asked_for(six: House) -> None:
    found = Releases(six.releases).vintages(*SEPTEMBER, granularite="trimestre")
    assert set(found["periode"]) == {"2026-T2", "2026-T3"}
    assert len(found) == 2 * len(RELEASES)


def test_each_release_tells_what_it_changed_since_the_one_before(six: House) -> None:
    query = "select distinct version_avant from differences"
    assert rows(six, FIRST, "select count(*) from differences") == [(0,)]
    assert rows(six, SECOND, query) == [(FIRST,)]
    changed = (
        "select cause, avant, apres from differences where champ = 'valeur' and cle like '%\"75\"%2026-09%ensemble%'"
    )
    told = {row for row in rows(six, SECOND, changed) if "demandes" in str(row) or row[1] == "400.0"}
    assert told == {("revision", "400.0", "425.0")}
    assert rows(six, LAST, "select count(*) from differences") == [(0,)]


def test_the_changelog_names_the_indicator_and_its_count(six: House) -> None:
    text = (six.releases / SECOND / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"Comparée à la version {FIRST}" in text
    assert "(`lits_demandes`)" in text
    assert "Première version" in (six.releases / FIRST / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_usual_size_of_a_revision_is_published(six: House) -> None:
    assert rows(six, FIRST, "select count(*) from revisions") == [(0,)]
    query = """
        select age_trimestres, revisees > 0, versions, ecart_absolu_max from revisions
        where indicateur = 'lits_demandes' and age_trimestres < 2 order by 1
    """
    assert rows(six, SECOND, query) == [(0, True, 1, 50.0), (1, False, 1, 0.0)]


def test_the_datasets_on_versions_are_in_every_format(six: House) -> None:
    data = six.releases / SECOND / "data"
    for name in ("differences", "revisions"):
        assert {path.suffix for path in data.glob(f"{name}.*")} >= {".csv", ".parquet", ".xlsx"}
    names = {resource["name"] for resource in json.loads((data.parent / "datapackage.json").read_text())["resources"]}
    assert {"differences", "revisions"} <= names


def test_the_command_compares_two_releases(six: House) -> None:
    asked = ["diff", FIRST, SECOND, "--data", str(six.data)]
    told = runner.invoke(observatoire.app, asked)
    assert told.exit_code == 0
    assert told.stdout.startswith(f"De {FIRST} à {SECOND} :\n  Révisions\n    observations : ")
    as_data = runner.invoke(observatoire.app, [*asked, "--json"])
    found = [json.loads(line) for line in as_data.stdout.splitlines()]
    published = duckdb.sql(f"select count(*) from '{six.releases / SECOND}/data/differences.parquet'").fetchall()[0][0]
    assert len(found) == published > 0
    same = runner.invoke(observatoire.app, ["diff", SECOND, LAST, "--data", str(six.data)])
    assert same.stdout == f"Aucune différence entre {SECOND} et {LAST}.\n"


def test_the_page_shows_the_triangle_and_the_revision(six: House) -> None:
    app = create_app(six.releases).server.test_client()
    page = app.get("/fr/versions?indicateur=lits_demandes&territoire=departement:75").get_data(as_text=True)
    main = page.split('class="parties"', 1)[1].replace("\u00a0", " ")
    assert "Certains de ces chiffres ont été révisés" in main
    assert "<strong>" in main.split("3e trimestre 2026", 1)[1][:900]
    first = app.get(f"/fr/corrections?release={FIRST}").get_data(as_text=True)
    assert "Aucune différence : c’est la première version".replace(" :", "\u00a0:") in first
    second = app.get(f"/en/corrections?release={SECOND}").get_data(as_text=True)
    assert "What version 2026.3.1+demo changed" in second
    assert "revision: " in second
