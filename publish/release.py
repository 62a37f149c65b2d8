"""Freeze the warehouse into a release: files that never change again.

A release is built in a folder beside its place, synced, renamed, then named in ``index.json``, which is replaced last
and in one step: it is what makes a release exist.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from etl.files import locked, new_folder, sweep, write_atomically
from etl.validate import check
from publish import adresses
from publish.audit import audit, earlier_releases, inspect
from publish.comite.rapport import write_reports
from publish.describe import table_schema
from publish.differences import compare
from publish.disclosure import protect
from publish.dress import seal, write_formats, write_metadata
from publish.entries import INDEX, WITHDRAWN, Entry
from publish.index import read_index, write_index
from publish.notice import Notice
from publish.reader import Release
from publish.site.build import write_site
from publish.tables import Table, count_simulated, hide_simulated, tables, write_table
from publish.version import Version, parse_version
from publish.withdraw import finish
from schemas.confidentialite import secrecy_rule
from schemas.errors import ContractBroken, ReleaseConflict, UsageError

# Names the version whose folder takes its place, until the index names it.
BEGUN = ".en_cours"


@dataclass(frozen=True)
class Published:
    """What a release holds: rows by dataset, and the cells that were made secret."""

    version: Version
    dossier: Path
    lignes: dict[str, int]
    secretes: int


def release(
    version: Version,
    *,
    warehouse: Path,
    releases: Path,
    contours: Path,
    day: date,
    adresse: str = adresses.DEFAULT,
    progress: Callable[[str], None] = lambda _: None,
) -> Published:
    """Freeze the warehouse as ``releases/<version>``; ``adresse`` is the base of its permanent addresses.

    Raises ReleaseConflict if that version exists, or if ``+demo`` does not say truly whether a row is simulated;
    AuditFailed if an attacker would find a secret again; UsageError if there is no warehouse.
    """
    if not warehouse.exists():
        raise UsageError(f"{warehouse} : il n'y a pas encore d'entrepôt. Lancez d'abord « observatoire build ».")
    with locked(releases), duckdb.connect(str(warehouse), read_only=True) as con:
        finish(releases)
        entries = read_index(releases)
        _clear(releases, entries)
        taken = {entry.version for entry in entries}
        if str(version) in taken:
            revision = next_revision(version, taken)
            raise ReleaseConflict(
                f"La version {version} existe déjà et ne change plus. Publiez une révision : {revision}."
            )
        _check_rows(con)
        _check_origin(con, version)
        _check_day(day, version, entries)
        _check_earlier(releases, entries)
        target = releases / str(version)
        with new_folder(target) as draft:
            notice = Notice(version, day, adresses.checked(adresse))
            published = _fill(con, draft, notice, contours=contours, progress=progress)
            _share(draft)
            write_atomically(releases / BEGUN, str(version))
        entry = Entry(str(version), day.isoformat(), "publie", version.demo, _warehouse_print(con))
        write_index(releases, (*entries, entry))
        (releases / BEGUN).unlink()
    return Published(version, target, *published)


def _clear(releases: Path, entries: tuple[Entry, ...]) -> None:
    """Remove what an interrupted release left, and nothing else: a folder of a version that the index does not name may
    have been published, the index being lost or an old copy. Raises ReleaseConflict for such a one.
    """
    named = {entry.version for entry in entries}
    begun = (releases / BEGUN).read_text(encoding="utf-8") if (releases / BEGUN).exists() else ""
    if begun and begun not in named:
        shutil.rmtree(releases / str(parse_version(begun)), ignore_errors=True)
    (releases / BEGUN).unlink(missing_ok=True)
    sweep(releases)
    for folder in sorted(releases.glob("[0-9]*/")):
        if folder.name not in named:
            raise ReleaseConflict(
                f"{folder} : cette version est là, et {INDEX} ne la nomme pas ; rien n'est publié. Si elle a été "
                f"publiée, remettez la copie sauvegardée de {INDEX} ; sinon, déplacez ce dossier ailleurs."
            )


def _share(draft: Path) -> None:
    """Let a web server's user read what is published, whatever the umask of who publishes."""
    for path in draft.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def next_revision(version: Version, taken: Collection[str] = ()) -> Version:
    """The version that corrects or completes another of the same quarter; the first that is not ``taken``."""
    revision = replace(version, revision=version.revision + 1)
    return next_revision(revision, taken) if str(revision) in taken else revision


def warehouse_print(warehouse: Path) -> str:
    """Fingerprint of all a warehouse is made from: a release freezes it, the same print needs no new release."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return _warehouse_print(con)


def _warehouse_print(con: duckdb.DuckDBPyConnection) -> str:
    steps = con.execute("select etape, empreinte from etapes order by etape").fetchall()
    return hashlib.sha256(json.dumps(steps).encode()).hexdigest()


def _check_rows(con: duckdb.DuckDBPyConnection) -> None:
    if not con.execute("select count(*) from observations").fetchall()[0][0]:
        raise UsageError(
            "L'entrepôt n'a aucune observation : il n'y a rien à publier. "
            "Recevez d'abord un fichier (« observatoire ingest »), puis lancez « observatoire build »."
        )


def _check_origin(con: duckdb.DuckDBPyConnection, version: Version) -> None:
    simulated = count_simulated(con)
    if simulated and not version.demo:
        raise ReleaseConflict(
            f"{simulated} lignes sont simulées : la version doit le dire. "
            f"Publiez {version}+demo, ou reconstruisez sans flux simulé."
        )
    if version.demo and not simulated:
        raise ReleaseConflict(f"Aucune ligne n'est simulée : la version {version} ne peut pas s'appeler « +demo ».")


def _check_day(day: date, version: Version, entries: tuple[Entry, ...]) -> None:
    """A clock set back would publish before what is already public; a slip in the version, what has not begun, and it
    would stay the newest."""
    last = max((date.fromisoformat(entry.date) for entry in entries), default=day)
    if day < last:
        raise ReleaseConflict(
            f"La date de publication ({day}) précède celle de la dernière version ({last}) : rien n'est publié. "
            "Remettez l'horloge à l'heure, ou donnez la date par --date."
        )
    if day < version.begins:
        raise ReleaseConflict(
            f"La version {version} est celle d'un trimestre qui n'a pas commencé le {day} : rien n'est publié. "
            "Corrigez le numéro de version (ANNÉE.TRIMESTRE.RÉVISION)."
        )


def _check_earlier(releases: Path, entries: tuple[Entry, ...]) -> None:
    """What is public is told apart and protected by what was: its tables must be those that were published."""
    for entry in entries:
        if entry.statut != WITHDRAWN:
            Release(releases / entry.version, entry)


def _fill(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    notice: Notice,
    *,
    contours: Path,
    progress: Callable[[str], None],
) -> tuple[dict[str, int], int]:
    earlier = earlier_releases(draft.parent, str(notice.version))
    if not notice.version.demo:
        hide_simulated(con)
    progress("secret")
    loss = protect(con, earlier=earlier)
    # One thread: the same rows give the same bytes on any machine.
    con.execute("set threads = 1")
    for folder in ("data", "schemas", "cartes"):
        (draft / folder).mkdir()
    rows: dict[str, int] = {}
    published = tables(con)
    for table in published:
        progress(table.name)
        rows[table.name] = write_table(con, table, draft / "data")
        _write_json(draft / "schemas" / f"{table.name}.json", table_schema(table.contract))
    for table in published:
        _check_published(table, draft / "data")
    _copy_maps(contours, draft)
    _write_json(draft / "schemas" / "confidentialite.json", asdict(secrecy_rule()))
    verdict = audit(draft, earlier, version=str(notice.version), day=notice.day.isoformat(), progress=progress)
    verdict.require()
    verdict.write(draft)
    progress("differences")
    for table, count in compare(draft, releases=draft.parent, version=notice.version, day=notice.day):
        _check_published(table, draft / "data")
        rows[table.name] = count
        published = (*published, table)
    write_formats(draft, published, rows, notice, contours=contours / "territoires.geojson", progress=progress)
    progress("metadonnees")
    write_metadata(draft, published, rows, notice)
    progress("site")
    write_site(draft, notice)
    progress("rapport")
    write_reports(draft, notice)
    progress("archive")
    seal(draft, notice)
    # What the workbooks, the pages and the archive hold is looked at too, before anybody can read it.
    inspect(draft, version=str(notice.version))
    return rows, loss.observations


def _check_published(table: Table, folder: Path) -> None:
    """A computed dataset must respect its own contract; the reference tables were checked when they were read."""
    if table.contract.kind != "datasets":
        return
    report = check(folder / f"{table.name}.csv", table.contract, references=folder)
    if not report.valid:
        raise ContractBroken(
            f"La version n'est pas publiée : {table.name} ne respecte pas son contrat.\n{report.to_text()}"
        )


def _copy_maps(contours: Path, draft: Path) -> None:
    for outline in sorted(contours.glob("*.lambert93.json")):
        shutil.copyfile(outline, draft / "cartes" / outline.name)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
