"""A release, or a dataset, taken back: gone for readers, with its trace; still there for the next audit."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner
from werkzeug.test import Client

import observatoire
from dashboard.app import create_app
from publish.audit import earlier_releases
from publish.comite.rapport import report_of
from publish.disclosure import Loss, protect
from publish.entries import Withdrawn
from publish.index import read_index
from publish.reader import TRACES, Releases
from publish.verify import verify
from publish.withdraw import finish, held_folders, withdraw, withdrawn_folder
from schemas.errors import ReleaseConflict, UsageError
from tests.integration.house import House
from tests.integration.six import RELEASES, prints

FIRST, SECOND, *_, BEFORE_LAST, LAST = RELEASES
DAY = date(2027, 12, 20)
REASON = "Un total laissait retrouver une cellule."
runner = CliRunner()


@pytest.fixture
def mine(six: House, tmp_path: Path) -> House:
    """A copy of the six releases, to take back from."""
    shutil.copytree(six.releases, tmp_path / "data" / "releases")
    return House(tmp_path / "data")


@pytest.mark.parametrize("dataset", ["indicateurs", "mesures", "services", "territoires"])
def test_the_next_release_protects_what_a_table_withdrawn_alone_had_told(mine: House, six: House, dataset: str) -> None:
    def protected() -> tuple[Loss, list[tuple[object, ...]]]:
        with duckdb.connect(str(six.warehouse), read_only=True) as con:
            loss = protect(con, earlier=earlier_releases(mine.releases, "2027.4.0+demo"))
            return loss, con.execute("from publiees order by all").fetchall()

    whole = protected()
    take_back(mine, LAST, dataset)
    assert not (mine.releases / LAST / "data" / f"{dataset}.parquet").exists()
    assert protected() == whole


@pytest.fixture
def client(mine: House) -> Client:
    return create_app(mine.releases).server.test_client()


def take_back(house: House, version: str = LAST, dataset: str = ""):
    return withdraw(version, releases=house.releases, reason=REASON, day=DAY, dataset=dataset)


def test_a_withdrawn_release_leaves_its_checksums_its_reason_and_its_date(mine: House) -> None:
    sums = (mine.releases / LAST / "SHA256SUMS").read_bytes()
    take_back(mine)
    assert {path.name for path in (mine.releases / LAST).iterdir()} == set(TRACES)
    assert (mine.releases / LAST / "SHA256SUMS").read_bytes() == sums
    told = json.loads((mine.releases / LAST / "RETRAIT.json").read_text(encoding="utf-8"))
    assert (told["version"], told["date"], told["raison"]) == (LAST, "2027-12-20", REASON)
    entry = next(entry for entry in read_index(mine.releases) if entry.version == LAST)
    assert entry.statut == "retire"
    assert entry.retrait is not None
    assert (entry.retrait.raison, entry.retrait.date) == (REASON, "2027-12-20")
    assert verify(mine.releases, LAST).fautes == ()


def test_the_report_of_the_committee_goes_with_a_table_it_tells_of(mine: House, client: Client) -> None:
    report = f"/donnees/{LAST}/rapport/comite-fr.pdf".replace("+", "%2B")
    assert client.get(report, buffered=True).mimetype == "application/pdf"
    take_back(mine, LAST, "decisions")
    assert client.get(report).status_code == 410
    assert verify(mine.releases, LAST).fautes == ()
    with pytest.raises(UsageError, match="decisions"):
        report_of(Releases(mine.releases).release(LAST), "fr")
    assert "comite-fr.pdf" not in client.get("/fr/comite").get_data(as_text=True)


def test_latest_moves_to_the_newest_that_stands(mine: House, client: Client) -> None:
    assert client.get("/donnees/latest/data/services.csv").headers["Location"].endswith(f"{LAST}/data/services.csv")
    take_back(mine)
    location = client.get("/donnees/latest/data/services.csv").headers["Location"]
    assert location.endswith(f"{BEFORE_LAST}/data/services.csv")
    assert Releases(mine.releases).latest == BEFORE_LAST


def test_what_is_withdrawn_is_gone_with_its_reason_even_for_a_server_that_had_it_open(
    mine: House, client: Client
) -> None:
    with client.get(f"/donnees/{LAST}/data/observations.csv") as before:
        assert before.status_code == 200
    take_back(mine)
    for path in (
        f"/donnees/{LAST}/data/observations.csv",
        f"/donnees/{LAST}/SHA256SUM",
        f"/extrait/{LAST}.csv",
        f"/extrait/{LAST}/services.csv",
        f"/fr/services?release={LAST.replace('+', '%2B')}",
    ):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert REASON in answer.get_data(as_text=True)
    english = client.get(f"/en/services?release={LAST.replace('+', '%2B')}").get_data(as_text=True)
    assert f"Withdrawn on 2027-12-20. Reason, as written: {REASON}" in english
    for name in TRACES:
        with client.get(f"/donnees/{LAST}/{name}") as trace:
            assert (trace.status_code, trace.headers["Cache-Control"]) == (200, "no-cache")


def test_pages_tell_the_withdrawal_and_go_on(mine: House, client: Client) -> None:
    take_back(mine)
    for path in ("/fr/versions", "/fr/corrections", "/en/versions", "/en/corrections"):
        page = client.get(path)
        assert page.status_code == 200
        assert REASON in page.get_data(as_text=True)
    data = client.get("/fr/donnees").get_data(as_text=True)
    assert f"release={LAST.replace('+', '%2B')}" not in data


def test_no_vintage_comes_from_a_withdrawn_release(mine: House) -> None:
    take_back(mine, SECOND)
    releases = Releases(mine.releases)
    found = releases.vintages("lits_demandes", ("departement", "75"), granularite="mois", periode="2026-09")
    assert list(found["version"]) == [version for version in RELEASES if version != SECOND]
    with pytest.raises(Withdrawn, match="a été retirée le 2027-12-20"):
        releases.release(SECOND)


def test_the_next_audit_still_finds_what_was_public(mine: House) -> None:
    published = prints(mine.releases / LAST)
    take_back(mine)
    kept = withdrawn_folder(mine.releases, LAST)
    assert prints(kept) == published
    assert not kept.is_relative_to(mine.releases)
    entry = next(entry for entry in read_index(mine.releases) if entry.version == LAST)
    assert held_folders(mine.releases, entry) == (mine.releases / LAST, kept)
    assert kept in earlier_releases(mine.releases, "2028.1.0+demo")


def test_one_dataset_leaves_in_every_form_and_the_rest_stays(mine: House, client: Client) -> None:
    folder = mine.releases / LAST
    before = prints(folder)
    gone = {name for name in before if name.startswith("data/evenements.") or ".zip" in name}
    assert {"data/evenements.csv", "data/evenements.parquet", "data/evenements.xlsx"} <= gone
    done = take_back(mine, dataset="data/evenements.csv")
    assert set(done.fichiers) == gone
    assert prints(folder) == {name: digest for name, digest in before.items() if name not in gone}
    assert prints(withdrawn_folder(mine.releases, LAST)) == {name: before[name] for name in gone}
    for name in gone:
        answer = client.get(f"/donnees/{LAST}/{name}")
        assert answer.status_code == 410
        assert REASON in answer.get_data(as_text=True)
    assert client.get("/fr/histoire").status_code == 200
    data = client.get("/fr/donnees").get_data(as_text=True)
    assert f"/donnees/{LAST}/data/observations.csv" in data
    assert "data/evenements.csv" not in data
    assert Releases(mine.releases).latest == LAST
    described = {resource["name"] for resource in Releases(mine.releases).release().descriptor["resources"]}
    assert "observations" in described
    assert not [name for name in described if name.startswith("evenements")]
    assert verify(mine.releases, LAST).fautes == ()


def test_the_whole_may_follow_one_dataset(mine: House) -> None:
    published = prints(mine.releases / LAST)
    take_back(mine, dataset="evenements")
    take_back(mine)
    assert prints(withdrawn_folder(mine.releases, LAST)) == published


@pytest.mark.parametrize("moves", [0, 1, 7])
def test_an_interrupted_withdrawal_is_ended_by_the_next_writer(
    mine: House, client: Client, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    published = prints(mine.releases / LAST)
    left, move = iter(range(moves)), shutil.move

    def killed(*args: Path) -> None:
        next(left)
        move(*args)

    with monkeypatch.context() as patch:
        patch.setattr("publish.withdraw.shutil.move", killed)
        with pytest.raises(StopIteration):
            take_back(mine)
    assert client.get(f"/donnees/{LAST}/data/observations.csv").status_code == 410
    assert Releases(mine.releases).latest == BEFORE_LAST
    assert {**prints(mine.releases / LAST), **prints(withdrawn_folder(mine.releases, LAST))} == published
    finish(mine.releases)
    assert prints(withdrawn_folder(mine.releases, LAST)) == published
    assert {path.name for path in (mine.releases / LAST).iterdir()} == set(TRACES)
    with pytest.raises(UsageError, match="a déjà été retirée"):
        take_back(mine)


def test_an_index_that_could_not_be_written_withdraws_nothing(mine: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = prints(mine.releases)
    with monkeypatch.context() as patch:
        patch.setattr("publish.withdraw.write_index", lambda *_: (_ for _ in ()).throw(OSError("plein")))
        with pytest.raises(OSError, match="plein"):
            take_back(mine)
    assert prints(mine.releases) == before


@pytest.mark.parametrize(
    ("version", "reason", "dataset", "said"),
    [
        ("2030.1.0", REASON, "", "n'existe pas"),
        (LAST, "  ", "", "se justifie"),
        (LAST, REASON, "observations", "retirez-la entière"),
        (LAST, REASON, "nimporte", "n'a pas de données"),
        (LAST, REASON, "../../index.json", "n'a pas de données"),
    ],
)
def test_what_cannot_be_withdrawn_is_said_and_changes_nothing(
    mine: House, version: str, reason: str, dataset: str, said: str
) -> None:
    before = prints(mine.releases)
    with pytest.raises(UsageError, match=said):
        withdraw(version, releases=mine.releases, reason=reason, day=DAY, dataset=dataset)
    assert prints(mine.releases) == before


def test_later_differences_that_quote_a_withdrawn_release_are_named(mine: House) -> None:
    done = take_back(mine, FIRST)
    assert done.citee_par == (SECOND,)
    assert f"Les différences de {SECOND} citent" in done.to_text()
    assert take_back(mine, BEFORE_LAST).citee_par == ()


def test_a_folder_without_any_release_left_says_so(mine: House) -> None:
    for version in RELEASES:
        take_back(mine, version)
    with pytest.raises(ReleaseConflict, match="toutes les versions ont été retirées"):
        _ = Releases(mine.releases).latest
    assert create_app(mine.releases).server.test_client().get("/fr/").status_code == 503


def test_the_command_takes_back(mine: House) -> None:
    asked = ["withdraw", LAST, "--raison", REASON, "--date", "2027-12-20", "--data", str(mine.data)]
    done = runner.invoke(observatoire.app, asked)
    assert done.exit_code == 0
    assert f"Retrait fait : Version {LAST}." in done.stderr
    assert Releases(mine.releases).latest == BEFORE_LAST


def test_a_release_that_lost_its_checksums_is_withdrawn_all_the_same(mine: House) -> None:
    (mine.releases / LAST / "SHA256SUMS").unlink()
    take_back(mine)
    assert {path.name for path in (mine.releases / LAST).iterdir()} == set(TRACES) - {"SHA256SUMS"}
    assert take_back(mine, BEFORE_LAST).version == BEFORE_LAST
    shutil.rmtree(mine.releases / FIRST)
    assert take_back(mine, FIRST).version == FIRST
    assert (mine.releases / FIRST / "RETRAIT.md").is_file()


def test_a_release_is_not_withdrawn_before_it_was_published(mine: House) -> None:
    with pytest.raises(UsageError, match="n'a pas pu être retirée"):
        withdraw(LAST, releases=mine.releases, reason=REASON, day=date(1999, 1, 1))
    assert read_index(mine.releases)[-1].retrait is None


def test_a_withdrawal_does_not_wait_until_another_release_is_mended(mine: House) -> None:
    (mine.releases / BEFORE_LAST / "data" / "observations.parquet").write_bytes(b"")
    done = take_back(mine, FIRST)
    assert done.abimees == (BEFORE_LAST,)
    assert f"de {BEFORE_LAST} n'ont pas pu être lues" in done.to_text()
    assert {entry.version for entry in read_index(mine.releases) if entry.retrait} == {FIRST}
    assert {path.name for path in (mine.releases / FIRST).iterdir()} == set(TRACES)
    feed = (mine.releases / "flux.atom").read_text(encoding="utf-8")
    assert f"{LAST}" in feed
    assert f"publication/{BEFORE_LAST}/flux" not in feed
