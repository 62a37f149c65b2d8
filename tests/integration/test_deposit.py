"""Releases taken to a folder and to a bucket: only what lacks is sent, the index last, what is withdrawn goes."""

from __future__ import annotations

import json
import os
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from unittest.mock import ANY

import pytest

import observatoire
from publish.deposit import bring
from publish.deposit.carry import deposit
from publish.deposit.contents import Item
from publish.deposit.folder import FolderTarget
from publish.deposit.s3 import PART, S3Target
from publish.deposit.target import HostFailed, Target, open_target
from publish.verify import verify_all
from publish.withdraw import withdraw
from schemas.errors import DiskRefused, ReleaseConflict, UsageError
from tests.unit.fixtures_depot import FILES, write_index, write_release, write_releases

FIRST, SECOND = "2026.2.0+demo", "2026.3.0+demo"
BUCKET = "donnees"
FAILING = {"every": 0, "seen": 0}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return write_releases(tmp_path / "releases", FIRST, SECOND)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Moto's server in this process; ``FAILING`` says how often it answers 500, as real buckets do at times."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    moto = DomainDispatcherApplication(create_backend_app)

    def answer(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
        FAILING["seen"] += 1
        if FAILING["every"] and FAILING["seen"] % FAILING["every"] == 0 and "moto-api" not in environ["PATH_INFO"]:
            start("500 Internal Server Error", [("Content-Length", "0")])
            return [b""]
        return moto(environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(FAILING, "every", 0)
    urllib.request.urlopen(urllib.request.Request(f"{s3}/moto-api/reset", method="POST")).close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "essai")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "essai")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    S3Target(BUCKET, "")._client.create_bucket(Bucket=BUCKET)
    return BUCKET


@pytest.fixture(params=["folder", "s3"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Target:
    if request.param == "folder":
        return FolderTarget(tmp_path / "hote")
    request.getfixturevalue("bucket")
    return S3Target(BUCKET, "public/donnees")


def held(target: Target) -> dict[str, bytes]:
    """Every file of a host, whoever put it there, but the page that leads to the newest."""
    if isinstance(target, FolderTarget):
        paths = [path for path in target.root.rglob("*") if not path.is_dir()]
        found = {path.relative_to(target.root).as_posix(): path.read_bytes() for path in paths}
    else:
        listing = target._client.list_objects_v2(Bucket=target.bucket).get("Contents", ())
        names = [item["Key"].removeprefix(target.prefix) for item in listing]
        found = {name: target.read(name) or b"" for name in names}
    found.pop("latest/index.html", None)
    return found


def here(releases: Path) -> dict[str, bytes]:
    paths = [path for path in releases.rglob("*") if path.is_file() and path.name != ".verrou"]
    return {path.relative_to(releases).as_posix(): path.read_bytes() for path in paths}


def test_a_host_gets_all_that_is_public_and_nothing_else(releases: Path, target: Target) -> None:
    for private in (".2026.4.0.x7/data.csv", "2026.4.0+demo/README.md", "retires/2026.1.0/a.csv", "notes.txt"):
        (releases / private).parent.mkdir(parents=True, exist_ok=True)
        (releases / private).write_text("x")
    plan = deposit(releases, target)
    found = held(target)
    assert set(found) == {name for name in here(releases) if name == "index.json" or name.startswith((FIRST, SECOND))}
    assert all(found[name] == (releases / name).read_bytes() for name in found)
    assert len(plan.envois) == len(found) - 1
    assert f"../{SECOND}/site/index.html" in (target.read("latest/index.html") or b"").decode()


def test_a_second_run_sends_nothing(releases: Path, target: Target) -> None:
    deposit(releases, target)
    again = deposit(releases, target)
    assert (again.envois, again.retraits, again.index) == ((), (), False)
    assert again.presents == len(held(target)) - 1


def test_a_dry_run_tells_and_sends_nothing(releases: Path, target: Target) -> None:
    plan = deposit(releases, target, dry=True)
    assert held(target) == {}
    assert f"envoyer {SECOND}/data/observations.csv (" in plan.to_text()
    assert plan.to_text().splitlines()[-1] == "remplacer index.json"


def test_only_what_lacks_or_differs_is_sent(releases: Path, target: Target) -> None:
    deposit(releases, target)
    target.remove(f"{SECOND}/README.md")
    # Of the same length, by other hands: only its digest tells.
    target.write(f"{FIRST}/data/observations.csv", b"x" * len(FILES["data/observations.csv"]))
    plan = deposit(releases, target)
    assert [item.name for item in plan.envois] == [f"{FIRST}/data/observations.csv", f"{SECOND}/README.md"]
    assert held(target) == here(releases)


def test_the_index_is_written_after_all_that_it_names(releases: Path, target: Target) -> None:
    deposit(releases, target)
    before = target.read("index.json")
    write_release(releases, "2026.4.0+demo")
    write_index(releases, [FIRST, SECOND, "2026.4.0+demo"])
    sent = []

    class Cut(Exception):
        pass

    def cut(item: Item) -> None:
        if len(sent) == 3:
            raise Cut
        sent.append(item.name)
        type(target).send(target, item)

    target.send = cut  # type: ignore[method-assign]
    with pytest.raises(Cut):
        deposit(releases, target)
    del target.send  # type: ignore[attr-defined]
    assert target.read("index.json") == before
    plan = deposit(releases, target)
    assert not set(sent) & {item.name for item in plan.envois}
    assert held(target) == here(releases)


def test_a_host_that_loses_a_file_on_the_way_keeps_its_index(releases: Path, target: Target) -> None:
    def lose(item: Item) -> None:
        if not item.name.endswith("README.md"):
            type(target).send(target, item)

    target.send = lose  # type: ignore[method-assign]
    with pytest.raises(HostFailed, match=r"n'a pas comme ici : .*README.md, .*README.md\. .*Relancez"):
        deposit(releases, target)
    assert target.read("index.json") is None


def test_what_is_withdrawn_here_is_removed_there_after_the_index(releases: Path, target: Target) -> None:
    deposit(releases, target)
    withdraw(FIRST, releases=releases, reason="Erreur.", day=date(2026, 11, 23))
    seen = []
    remove = target.remove

    def watched(name: str) -> None:
        seen.append(json.loads(target.read("index.json") or b"")["releases"][0]["statut"])
        remove(name)

    target.remove = watched  # type: ignore[method-assign]
    plan = deposit(releases, target)
    assert set(seen) == {"retire"}
    assert f"{FIRST}/data/observations.csv" in plan.retraits
    kept = {name for name in held(target) if name.startswith(FIRST)}
    assert kept == {f"{FIRST}/{name}" for name in ("SHA256SUMS", "RETRAIT.json", "RETRAIT.md")}
    assert deposit(releases, target).retraits == ()


def test_nothing_is_sent_where_a_release_is_broken_here(releases: Path, target: Target) -> None:
    (releases / FIRST / "README.md").write_text("autre")
    with pytest.raises(ReleaseConflict, match=r"README\.md : ses octets"):
        deposit(releases, target)
    assert held(target) == {}


def test_a_host_never_forgets_changes_or_publishes_again(releases: Path, target: Target, tmp_path: Path) -> None:
    deposit(releases, target)
    fewer = write_releases(tmp_path / "fewer", SECOND)
    with pytest.raises(ReleaseConflict, match=r"publie 2026.2.0\+demo, que ce dossier n'a pas"):
        deposit(fewer, target)
    other = write_releases(tmp_path / "other", FIRST, SECOND, files={**FILES, "README.md": b"autre"})
    with pytest.raises(ReleaseConflict, match=r"publie une autre version 2026.2.0\+demo"):
        deposit(other, target)
    withdraw(FIRST, releases=releases, reason="Erreur.", day=date(2026, 11, 23))
    deposit(releases, target)
    with pytest.raises(ReleaseConflict, match=r"a retiré 2026.2.0\+demo"):
        deposit(write_releases(tmp_path / "behind", FIRST, SECOND), target)
    target.write("index.json", b"<html>")
    with pytest.raises(ReleaseConflict, match="n'est pas un index"):
        deposit(releases, target)


# ── A folder ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_can_be_read_by_all_whatever_the_umask_and_holds_no_draft(releases: Path, tmp_path: Path) -> None:
    root = tmp_path / "hote" / "donnees"
    before = os.umask(0o077)
    try:
        deposit(releases, FolderTarget(root))
    finally:
        os.umask(before)
    files = [path for path in root.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in root.rglob("*") if path.is_dir()} == {0o755}
    assert not (root / ".envoi").exists()
    # The copy is a folder of releases like the first: it can be checked in its place, but for the page of the newest.
    assert all(verdict.fautes == () for verdict in verify_all(root))


def test_other_files_of_the_host_stay(releases: Path, tmp_path: Path) -> None:
    root = tmp_path / "hote"
    (root / "outils").mkdir(parents=True)
    (root / "robots.txt").write_text("User-agent: *\n")
    (root / "outils" / "a.js").write_text("x")
    deposit(releases, FolderTarget(root))
    assert (root / "robots.txt").exists()
    assert (root / "outils" / "a.js").exists()


def test_a_folder_that_cannot_be_written_is_told_in_french(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "hote").write_text("un fichier")
    with pytest.raises(HostFailed, match="ne peut pas être lue ou écrite") as told:
        deposit(releases, FolderTarget(tmp_path / "hote" / "donnees"))
    assert told.value.exit_code == DiskRefused.exit_code


@pytest.mark.parametrize("text", ["", " ", "ftp://hote/donnees", "https://hote/donnees", "file://ailleurs/donnees"])
def test_a_target_of_no_known_kind_is_refused(releases: Path, text: str) -> None:
    with pytest.raises(UsageError, match="cette cible n'est pas connue"):
        open_target(text, releases=releases)


def test_a_target_is_a_folder_by_its_path_or_its_address(releases: Path, tmp_path: Path) -> None:
    for text in (str(tmp_path / "un hôte"), f"file://{tmp_path}/un%20h%C3%B4te"):
        assert open_target(text, releases=releases).describe() == str(tmp_path / "un hôte")
    for own in (releases, releases / "copie", releases.parent):
        with pytest.raises(UsageError, match="le dossier des versions lui-même"):
            open_target(str(own), releases=releases)


# ── A bucket ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_objects_have_a_type_and_a_cache(releases: Path, bucket: str) -> None:
    target = open_target(f"s3://{bucket}/donnees/", releases=releases)
    assert isinstance(target, S3Target)
    deposit(releases, target)

    def head(name: str) -> tuple[str, str]:
        found = target._client.head_object(Bucket=bucket, Key=f"donnees/{name}")
        return found["ContentType"], found["CacheControl"]

    year = "public, max-age=31536000, immutable"
    assert head(f"{SECOND}/data/observations.csv") == ("text/csv; charset=utf-8", year)
    assert head(f"{SECOND}/data/observations.parquet") == ("application/vnd.apache.parquet", year)
    assert head(f"{SECOND}/site/index.html") == ("text/html; charset=utf-8", year)
    assert head(f"{SECOND}/SHA256SUMS") == ("text/plain; charset=utf-8", year)
    assert head("index.json") == ("application/json", "public, max-age=60")


def large(releases: Path) -> bytes:
    body = bytes(range(256)) * (PART // 256 * 2 + 100)
    write_release(releases, "2026.4.0+demo", {**FILES, "data/observations.parquet": body}, archive=False)
    write_index(releases, [FIRST, SECOND, "2026.4.0+demo"])
    return body


def test_a_large_file_goes_in_parts_and_an_interrupted_one_goes_on(
    releases: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = large(releases)
    target = S3Target(bucket, "d")
    key = {"Bucket": bucket, "Key": "d/2026.4.0+demo/data/observations.parquet"}
    original = target._client.upload_part
    sent: list[int] = []

    class Cut(Exception):
        pass

    def two(**about: object) -> object:
        if len(sent) == 2:
            raise Cut
        sent.append(int(str(about["PartNumber"])))
        return original(**about)

    monkeypatch.setattr(target._client, "upload_part", two)
    with pytest.raises(Cut):
        deposit(releases, target)
    assert target.read("index.json") is None
    rest: list[int] = []
    monkeypatch.setattr(target._client, "upload_part", lambda **a: (rest.append(a["PartNumber"]), original(**a))[1])
    deposit(releases, target)
    assert (sent, rest) == ([1, 2], [3])
    assert target._client.get_object(**key)["Body"].read() == body
    assert target._client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert deposit(releases, target).envois == ()


def test_an_upload_begun_for_other_bytes_is_not_taken_for_ours(releases: Path, bucket: str) -> None:
    body = large(releases)
    target = S3Target(bucket, "d")
    key = {"Bucket": bucket, "Key": "d/2026.4.0+demo/data/observations.parquet"}
    upload = target._client.create_multipart_upload(**key, Metadata={"sha256": "0" * 64})["UploadId"]
    target._client.upload_part(**key, UploadId=upload, PartNumber=1, Body=b"x" * PART)
    with pytest.raises(HostFailed, match=r"n'a pas comme ici : 2026\.4\.0\+demo/data/observations\.parquet\."):
        deposit(releases, target)
    deposit(releases, target)
    assert target._client.get_object(**key)["Body"].read() == body


def test_a_bucket_that_is_not_there_is_told_in_french(releases: Path, bucket: str) -> None:
    with pytest.raises(HostFailed, match=r"s3://absent.*n'a pas répondu.*AWS_ENDPOINT_URL"):
        deposit(releases, S3Target("absent", ""))


def test_a_bucket_that_fails_at_times_is_asked_again(
    releases: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = S3Target(bucket, "")
    monkeypatch.setitem(FAILING, "every", 7)
    seen = FAILING["seen"]
    deposit(releases, target)
    assert FAILING["seen"] - seen > 14
    monkeypatch.setitem(FAILING, "every", 0)
    assert held(target) == here(releases)


def test_a_bucket_that_always_fails_is_told_and_no_index_names_anything(
    releases: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publish.deposit.s3.ATTEMPTS", 2)
    target = S3Target(bucket, "")
    monkeypatch.setitem(FAILING, "every", 1)
    with pytest.raises(HostFailed, match="n'a pas répondu"):
        deposit(releases, target)
    monkeypatch.setitem(FAILING, "every", 0)
    assert target.read("index.json") is None


def test_a_withdrawn_dataset_leaves_the_host_with_the_archive_that_holds_it(tmp_path: Path, target: Target) -> None:
    releases = write_releases(tmp_path / "releases", SECOND, files={**FILES, "data/lits.csv": b"lits\n4\n"})
    deposit(releases, target)
    withdraw(SECOND, releases=releases, reason="Erreur.", day=date(2026, 11, 23), dataset="lits")
    plan = deposit(releases, target)
    assert [name.rpartition("/")[2] for name in plan.retraits] == [
        "lits.csv",
        f"observatoire-plan-crack-{SECOND}.zip",
        f"observatoire-plan-crack-{SECOND}.zip.sha256",
    ]
    assert held(target) == here(releases)


def test_a_withdrawal_that_was_interrupted_is_ended_before_anything_leaves(releases: Path, target: Target) -> None:
    index = json.loads((releases / "index.json").read_text())
    index["releases"][0] |= {
        "statut": "retire",
        "retraits": [{"fichier": "", "date": "2026-11-23", "raison": "Erreur."}],
    }
    (releases / "index.json").write_text(json.dumps(index))
    deposit(releases, target)
    assert not [name for name in held(target) if name.startswith(f"{FIRST}/data")]
    assert verify_all(releases)[0].fautes == ()


# ── The front door ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_kind_of_target_is_led_where_it_goes(releases: Path, tmp_path: Path) -> None:
    root = tmp_path / "hote"
    told = bring(releases, f"file://{root}", dry=True, environment={})
    assert (told.dry, root.exists()) == (True, False)
    assert "index nouveau" in bring(releases, str(root), dry=None, environment={}).summary
    assert verify_all(root)[0].fautes == ()
    # Nobody is called: the portal is only told on purpose, and never without a key.
    with pytest.raises(UsageError, match="DATAGOUV_API_KEY"):
        bring(releases, "datagouv", dry=False, environment={"DATAGOUV_API": "http://127.0.0.1:9"})


def test_the_command_line_publishes_verifies_and_says_what_is_wrong(
    releases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["observatoire", *map(str, words), "--data", str(tmp_path)])
        with pytest.raises(SystemExit) as ended:
            observatoire.main()
        return int(ended.value.code or 0), "".join(capsys.readouterr())

    assert run("publish", tmp_path / "hote") == (0, ANY)
    assert (tmp_path / "hote" / "index.json").exists()
    code, text = run("verify", "--all")
    assert (code, text.count("entière")) == (0, 2)
    (releases / FIRST / "README.md").write_text("autre")
    code, text = run("verify", FIRST)
    assert (code, "README.md : ses octets" in text) == (13, True)
    assert run("verify", SECOND)[0] == 0
    code, text = run("publish", tmp_path / "hote")
    assert (code, "Rien n'a été envoyé" in text) == (13, True)
    assert run("verify")[0] == 2
