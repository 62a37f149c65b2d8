"""Take back a release, or one dataset of it, leaving its trace: checksums, date, reason.

The index is replaced first and in one step: from then on nothing of what is withdrawn is served. The files then leave
the public folder for a sibling that nobody serves, ``<releases>.retirees/<version>/``, since the audit of later
releases must still know what was once public. Killed in between, the next writer ends the moves.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from etl.files import locked, sync, write_atomically
from publish.comite.revue import ACTIONS
from publish.comite.revue import TABLES as REVIEWED
from publish.entries import WITHDRAWN, Entry, Withdrawal
from publish.index import read_index, standing, write_index
from publish.reader import CHECKSUMS, TRACES, Release
from publish.version import parse_version
from schemas.errors import ReleaseConflict, UsageError

# Without it a release cannot be read: it is withdrawn as a whole.
ESSENTIAL = "observations"
# What holds other files of the release, and so the withdrawn one.
ARCHIVES = ("*.zip", "*.zip.sha256")
# What the report of the committee tells of: it goes with any of them.
REPORTED = (*REVIEWED, ACTIONS)
QUOTES = "select count(*) as n from differences where version_avant = $version and nature <> 'ajout'"


@dataclass(frozen=True)
class Done:
    """What was withdrawn, and the later releases whose differences quote it: withdraw these too if they must not.

    ``abimees``: releases that could not be read, to know whether they quote it.
    """

    version: str
    fichiers: tuple[str, ...]
    citee_par: tuple[str, ...]
    abimees: tuple[str, ...]

    def to_text(self) -> str:
        """What was done, and what is left to judge."""
        what = (
            f"{', '.join(self.fichiers)} de la version {self.version}" if self.fichiers else f"Version {self.version}"
        )
        quoted, unread = self._quoted() if self.citee_par else "", self._unread() if self.abimees else ""
        return f"Retrait fait : {what}.{quoted}{unread}"

    def _unread(self) -> str:
        return (
            f"\nLes différences de {', '.join(self.abimees)} n'ont pas pu être lues : cette version est abîmée. "
            f"Remettez sa copie sauvegardée, puis voyez si elles citent d'anciennes valeurs de {self.version}."
        )

    def _quoted(self) -> str:
        return (
            f"\nLes différences de {', '.join(self.citee_par)} citent d'anciennes valeurs de {self.version}. "
            "Si elles ne doivent plus être lues : "
            f"observatoire withdraw {self.citee_par[0]} --donnees differences --raison …"
        )


def withdrawn_folder(releases: Path, version: str) -> Path:
    """Where the withdrawn files of a release are kept: beside the public folder, out of reach of any server."""
    public = releases.resolve()
    return public.with_name(f"{public.name}.retirees") / version


def held_folders(releases: Path, entry: Entry) -> tuple[Path, ...]:
    """Every folder that holds files once public of a release: the public one, and that of its withdrawals."""
    folders = (releases / entry.version, withdrawn_folder(releases, entry.version))
    return tuple(folder for folder in folders if folder.is_dir())


def held_file(folder: Path, relative: str) -> Path:
    """A file once public of the release in ``folder``: where it stands, or where its withdrawal keeps it."""
    kept = withdrawn_folder(folder.parent, folder.name) / relative
    return kept if kept.is_file() and not (folder / relative).is_file() else folder / relative


def withdraw(version: str, *, releases: Path, reason: str, day: date, dataset: str = "") -> Done:
    """Take back a release, or one ``dataset`` of it in every format, for a ``reason`` told to all.

    Raises UsageError for a version or a dataset that is not there or was withdrawn already, or without a reason.
    """
    if not reason.strip():
        raise UsageError("Un retrait se justifie : donnez sa raison par --raison. Elle est publiée.")
    with locked(releases):
        finish(releases)
        entries = read_index(releases)
        entry = _entry(version, entries)
        if day.isoformat() < entry.date:
            raise UsageError(
                f"La version {version} a été publiée le {entry.date} : elle n'a pas pu être retirée le {day}. "
                "Corrigez --date."
            )
        files = _files(releases / version, dataset) if dataset else ("",)
        taken = tuple(Withdrawal(file, day.isoformat(), reason.strip()) for file in files)
        changed = replace(entry, retraits=(*entry.retraits, *taken), statut=entry.statut if dataset else WITHDRAWN)
        quoting, damaged = _quoting(releases, entry, entries)
        write_index(releases, tuple(changed if one is entry else one for one in entries))
        finish(releases)
    return Done(version, files if dataset else (), quoting, damaged)


def finish(releases: Path) -> None:
    """End the moves of every withdrawal that the index tells; to be called under the lock of the folder."""
    for entry in read_index(releases):
        public, kept = releases / entry.version, withdrawn_folder(releases, entry.version)
        if entry.retrait:
            _move(public, kept, [path for path in _all(public) if path.name not in TRACES or path.parent != public])
            _leave_trace(public, kept, entry)
        elif entry.retraits:
            _move(public, kept, [public / one.fichier for one in entry.retraits if (public / one.fichier).is_file()])


def _entry(version: str, entries: tuple[Entry, ...]) -> Entry:
    entry = next((one for one in entries if one.version == version), None)
    if entry is None:
        known = ", ".join(one.version for one in entries) or "aucune"
        raise UsageError(f"La version « {version} » n'existe pas : rien n'est retiré. Existent : {known}.")
    if entry.retrait:
        raise UsageError(f"La version {version} a déjà été retirée le {entry.retrait.date}. Rien ne change.")
    return entry


def _files(folder: Path, dataset: str) -> tuple[str, ...]:
    """Every file that holds the rows of a dataset, named by itself or by one of its files, and the archives."""
    name = PurePosixPath(dataset).name.partition(".")[0]
    if name == ESSENTIAL:
        raise UsageError(
            f"La version {folder.name} ne se lit pas sans la table « {ESSENTIAL} » : "
            "retirez-la entière, sans --donnees."
        )
    # The name is compared, not searched for: « obs* » names no table.
    data = [path for path in sorted((folder / "data").glob("*")) if path.is_file()]
    found = [path for path in data if path.name.partition(".")[0] == name]
    if not found:
        raise UsageError(
            f"La version {folder.name} n'a pas de données « {dataset} », ou elles ont été retirées. "
            "Donnez le nom d'une table ou d'un fichier de son dossier data."
        )
    archives = [path for pattern in ARCHIVES for path in sorted(folder.glob(pattern))]
    pages = sorted((folder / "site").glob(f"*/jeux/{name}.html"))
    reports = sorted((folder / "rapport").glob("*.pdf")) if name in REPORTED else []
    return tuple(path.relative_to(folder).as_posix() for path in (*found, *archives, *pages, *reports))


def _quoting(releases: Path, entry: Entry, entries: tuple[Entry, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The releases that stand and whose differences tell values of this one; those too damaged to say."""
    found, damaged = list[str](), list[str]()
    for other in standing(parse_version(entry.version), entries):
        if other.version == entry.version or not (releases / other.version / "data/differences.parquet").exists():
            continue
        try:
            release = Release(releases / other.version, other)
        except ReleaseConflict:
            damaged.append(other.version)
            continue
        if release.query(QUOTES, {"version": entry.version})["n"][0]:
            found.append(other.version)
        release.close()
    return tuple(found), tuple(damaged)


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _move(public: Path, kept: Path, files: list[Path]) -> None:
    """Move files one by one, each in one step where both folders are on one disk, then drop the folders left empty."""
    for file in files:
        target = kept / file.relative_to(public)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, target)
        sync(target.parent)
    for folder in sorted((path for path in public.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _leave_trace(public: Path, kept: Path, entry: Entry) -> None:
    """Checksums, reason and date stand where the release stood."""
    if entry.retrait is None or (public / "RETRAIT.md").exists():
        return
    public.mkdir(exist_ok=True)
    # Lost with the release, they can no longer be told; the withdrawal is done all the same.
    if (public / CHECKSUMS).is_file():
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(public / CHECKSUMS, kept / CHECKSUMS)
    told = {"version": entry.version, "publiee_le": entry.date, **asdict(entry.retrait)}
    write_atomically(public / "RETRAIT.json", json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    write_atomically(public / "RETRAIT.md", _notice(entry, entry.retrait))


def _notice(entry: Entry, withdrawal: Withdrawal) -> str:
    return f"""# Version {entry.version} retirée

Publiée le {entry.date}, retirée le {withdrawal.date}.

Raison : {withdrawal.raison}

`SHA256SUMS` donne l'empreinte de chaque fichier qu'elle contenait. Ses données ne sont plus servies.

# Version {entry.version} withdrawn

Released on {entry.date}, withdrawn on {withdrawal.date}. The reason is given above, as it was written.

`SHA256SUMS` gives the checksum of each file it held. Its data are no longer served.
"""
