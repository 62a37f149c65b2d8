"""Snapshots: every file ever accepted, kept under its checksum with a sidecar that says what it is.

``<store>/<feed>/<sha256>/`` holds the file as received (``original.<ext>``), its typed rows
(``<contract fingerprint>.parquet``, their checksum beside) and ``sidecar.json``. The order of reception is a number,
not a clock. Rows that are no longer what was written are made again from the original.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from etl.files import locked, new_folder, sha256, sweep, write_atomically
from etl.validate import Report, check, check_readable
from schemas.contract import Contract, load_contract
from schemas.errors import ContractBroken, DiskRefused

SIDECAR = "sidecar.json"
PACKAGE = "observatoire-plan-crack"


@dataclass(frozen=True)
class Snapshot:
    """The sidecar of an accepted file. ``sequence`` grows with each reception, whatever the clock says."""

    feed: str
    sha256: str
    fichier: str
    recu_le: str
    sequence: int
    lignes: int
    encodage: str
    contrat_version: str
    validateur_version: str


@dataclass(frozen=True)
class Ingestion:
    """What became of a file: ``etat`` is accepte, repris, deja_recu or rejete; ``dossier`` is where it is kept.

    ``depuis``: where an older file was sent again (repris), those received since, over whose rows its own stand.
    """

    etat: str
    report: Report | None
    dossier: Path
    depuis: tuple[Snapshot, ...] = ()


def snapshots_of(feed: str, store: Path) -> tuple[Snapshot, ...]:
    """The accepted files of a feed, in the order they were received. Raises DiskRefused for a damaged sidecar."""
    sidecars = (store / feed).glob(f"*/{SIDECAR}")
    found = (_read_sidecar(path) for path in sidecars if not path.parent.name.startswith("."))
    return tuple(sorted(found, key=lambda snapshot: snapshot.sequence))


def ingest(feed: str, path: Path, *, store: Path, quarantine: Path, references: Path, lang: str = "fr") -> Ingestion:
    """Accept or reject a file whole.

    An accepted file becomes a snapshot; a rejected one is copied to ``quarantine`` with its report and changes nothing;
    the file received last, sent again, changes nothing either; an older one becomes the newest. Raises UsageError for
    an unknown feed or an absent file.
    """
    contract = load_contract(feed)
    check_readable(path)
    with locked(store):
        sweep(store)
        sweep(store / feed)
        known = snapshots_of(feed, store)
        checksum = sha256(path)
        folder = store / feed / checksum
        if known and known[-1].sha256 == checksum:
            return Ingestion("deja_recu", None, folder)
        sequence = known[-1].sequence + 1 if known else 1
        if folder.exists():
            return _received_again(folder, sequence, known)
        return _received(
            path, checksum, contract, sequence, store=store, quarantine=quarantine, references=references, lang=lang
        )


def _received_again(folder: Path, sequence: int, known: tuple[Snapshot, ...]) -> Ingestion:
    """An older file sent again becomes the newest: its rows stand once more."""
    sidecar = folder / SIDECAR
    snapshot = _read_sidecar(sidecar)
    _write_sidecar(sidecar, replace(snapshot, sequence=sequence, recu_le=_now()))
    since = tuple(other for other in known if other.sequence > snapshot.sequence)
    return Ingestion("repris", None, folder, since)


def _received(
    path: Path,
    checksum: str,
    contract: Contract,
    sequence: int,
    *,
    store: Path,
    quarantine: Path,
    references: Path,
    lang: str,
) -> Ingestion:
    with tempfile.TemporaryDirectory(dir=store, prefix=".lecture.") as scratch:
        typed = Path(scratch) / "typed.parquet"
        report = check(path, contract, references=references, lang=lang, parquet=typed)
        if not report.valid:
            return Ingestion("rejete", report, _set_aside(path, checksum, contract, report, quarantine))
        target = store / contract.name / checksum
        with new_folder(target) as draft:
            shutil.copyfile(path, draft / f"original{path.suffix.lower()}")
            rows = draft / f"{contract.fingerprint}.parquet"
            shutil.move(typed, rows)
            _sum_of(rows).write_text(sha256(rows), encoding="utf-8")
            _write_sidecar(
                draft / SIDECAR,
                Snapshot(
                    feed=contract.name,
                    sha256=checksum,
                    fichier=path.name,
                    recu_le=_now(),
                    sequence=sequence,
                    lignes=report.rows,
                    encodage=report.encoding,
                    contrat_version=contract.version,
                    validateur_version=version(PACKAGE),
                ),
            )
    return Ingestion("accepte", report, target)


def _set_aside(path: Path, checksum: str, contract: Contract, report: Report, quarantine: Path) -> Path:
    target = quarantine / contract.name / checksum
    if target.exists():
        shutil.rmtree(target)
    with new_folder(target) as draft:
        shutil.copyfile(path, draft / f"original{path.suffix.lower()}")
        (draft / "rapport.json").write_text(report.to_json(), encoding="utf-8")
    return target


def _write_sidecar(path: Path, snapshot: Snapshot) -> None:
    write_atomically(path, json.dumps(asdict(snapshot), ensure_ascii=False, indent=2) + "\n")


def _read_sidecar(path: Path) -> Snapshot:
    try:
        return Snapshot(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DiskRefused(
            f"{path} : ce qui est dit d'un fichier accepté ne peut plus être lu. Rien n'a été changé. "
            "Remettez la copie sauvegardée de ce dossier, puis recommencez."
        ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def typed_rows(snapshot: Snapshot, *, store: Path, references: Path) -> Path:
    """The Parquet of a snapshot's rows under today's contract.

    Where the contract changed since, or the rows were damaged, the original is checked anew. Raises ContractBroken if
    it no longer passes: an accepted file must stay readable, so a contract changes only in ways that its history
    allows; DiskRefused if the original itself is not what was received.
    """
    contract = load_contract(snapshot.feed)
    folder = store / snapshot.feed / snapshot.sha256
    target = folder / f"{contract.fingerprint}.parquet"
    if _sound(target):
        return target
    original = _original(folder, snapshot)
    sweep(folder)
    draft = folder / f".{target.name}"
    report = check(original, contract, references=references, parquet=draft)
    if not report.valid:
        raise ContractBroken(
            f"{snapshot.feed} : le fichier accepté {snapshot.fichier} (sha256 {snapshot.sha256[:12]}…) ne respecte "
            f"plus le contrat {contract.version}. Rendez le contrat compatible ou faites renvoyer ce fichier.\n"
            f"{report.to_text()}"
        )
    write_atomically(_sum_of(target), sha256(draft))
    draft.replace(target)
    return target


def _sum_of(rows: Path) -> Path:
    return rows.with_suffix(".sha256")


def _sound(rows: Path) -> bool:
    """Whether typed rows are there and are those that were written."""
    beside = _sum_of(rows)
    return rows.exists() and beside.exists() and beside.read_bytes() == sha256(rows).encode()


def _original(folder: Path, snapshot: Snapshot) -> Path:
    """The file as it was received. Raises DiskRefused where it is missing or has other bytes."""
    found = next(folder.glob("original*"), None)
    if found is None or sha256(found) != snapshot.sha256:
        raise DiskRefused(
            f"{folder} : le fichier accepté {snapshot.fichier} n'est plus celui qui a été reçu. "
            "Rien n'a été changé. Remettez la copie sauvegardée de ce dossier, puis recommencez."
        )
    return found
