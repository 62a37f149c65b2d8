"""Whether a release still is what was published: every byte, every name, nothing more."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256 as new_sha256
from pathlib import Path, PurePosixPath
from typing import Any

from etl.files import CHUNK, sha256
from publish.entries import INDEX, WITHDRAWN, Entry
from publish.reader import CHECKSUMS, DESCRIPTOR, TRACES, Releases
from schemas.errors import DAMAGED_ZIP, ReleaseConflict, UsageError

NAME = "observatoire-plan-crack"
LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What a check found: files and bytes read, whether an archive stands beside, and what is wrong, in French."""

    version: str
    fichiers: int
    octets: int
    archive: bool
    retiree: bool
    fautes: tuple[str, ...]

    def to_text(self) -> str:
        """One screen: a line where all is right, else what is wrong, the first twenty by name."""
        if not self.fautes:
            state = "retirée, sa trace est entière" if self.retiree else "entière"
            archive = ", archive comprise" if self.archive else ""
            return (
                f"{self.version} : {state} ({counted(self.fichiers, 'fichier')}, {printed_size(self.octets)}{archive})."
            )
        more = len(self.fautes) - SHOWN
        lines = [f"  {fault}" for fault in self.fautes[:SHOWN]] + ([f"  … et {more} autres."] if more > 0 else [])
        return "\n".join([f"{self.version} : {counted(len(self.fautes), 'défaut')}.", *lines])


def counted(number: int, noun: str) -> str:
    """A number and its noun, which French puts in the plural from two."""
    return f"{number} {noun}{'s' if number > 1 else ''}"


def printed_size(octets: int) -> str:
    """A number of bytes as readers are told it, in megabytes."""
    return f"{octets / 1e6:.1f} Mo".replace(".", ",")


def archive_of(releases: Path, version: str) -> Path:
    """The ZIP of a release: in its folder, not in its list; its checksum is beside, with ``.sha256`` after its name."""
    return releases / version / f"{NAME}-{version}.zip"


def checksum_of(archive: Path) -> Path:
    """Where the SHA-256 of an archive is written."""
    return archive.with_name(f"{archive.name}.sha256")


def listed(folder: Path) -> dict[str, str]:
    """SHA-256 (hexadecimal) of each file by its path below the folder of a release, from ``SHA256SUMS``.

    Raises ReleaseConflict if the list is missing, or if a line is not one or leaves the folder.
    """
    path = folder / CHECKSUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseConflict(f"{path} : la liste des fichiers ne peut pas être lue ({error}).") from error
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = LINE.fullmatch(line)
        name = PurePosixPath(found[2]) if found else PurePosixPath("/")
        if not found or name.is_absolute() or ".." in name.parts or found[2] in sums:
            raise ReleaseConflict(f"{path}, ligne {number} : « {line} » n'est pas une ligne de cette liste.")
        sums[found[2]] = found[1]
    return sums


def verify(releases: Path, version: str) -> Verdict:
    """Read a whole release again and compare it with its list, its descriptor, its archive and the index.

    Raises UsageError where the index names no such version, ReleaseConflict where there is no readable index.
    """
    entries = {entry.version: entry for entry in Releases(releases).index()}
    if version not in entries:
        raise UsageError(f"{releases / INDEX} ne nomme pas « {version} ». Il nomme : {', '.join(entries) or 'rien'}.")
    return _verify(releases, entries[version])


def verify_all(releases: Path) -> tuple[Verdict, ...]:
    """The verdict of each release that the index names, in its order. Raises ReleaseConflict as ``verify`` does."""
    return tuple(_verify(releases, entry) for entry in Releases(releases).index())


def published(folder: Path, entry: Entry) -> dict[str, str]:
    """SHA-256 of each listed file that a release still gives, by its path: what was withdrawn is left out.

    Raises ReleaseConflict as ``listed`` does.
    """
    withdrawn = {one.fichier for one in entry.retraits}
    sums = listed(folder)
    return {} if entry.statut == WITHDRAWN else {name: sums[name] for name in sums if name not in withdrawn}


def _verify(releases: Path, entry: Entry) -> Verdict:
    folder, withdrawn = releases / entry.version, entry.statut == WITHDRAWN
    archive = archive_of(releases, entry.version)
    try:
        every, sums = listed(folder), published(folder, entry)
    except ReleaseConflict as error:
        return Verdict(entry.version, 0, 0, False, withdrawn, (str(error),))
    files = {name: _print(folder / name) for name in sums}
    loose = set(TRACES) if withdrawn else {CHECKSUMS, archive.name, checksum_of(archive).name}
    faults = (
        *(f"{name} : manque." for name, found in files.items() if not found),
        *(f"{name} : manque." for name in TRACES if withdrawn and not (folder / name).is_file()),
        *(f"{name} : ses octets ne sont pas ceux qui ont été publiés." for name in _altered(files, sums)),
        *_uninvited(folder, sums.keys() | loose - {one.fichier for one in entry.retraits}, every.keys()),
        *(_described(folder, entry.version, files, every) if files.get(DESCRIPTOR) else ()),
        *(_archived(archive, {**sums, CHECKSUMS: sha256(folder / CHECKSUMS)}) if archive.exists() else ()),
    )
    present = [found for found in files.values() if found]
    size = sum(octets for _, octets in present)
    return Verdict(entry.version, len(present), size, archive.exists(), withdrawn, tuple(faults))


def _print(path: Path) -> tuple[str, int] | None:
    """SHA-256 and bytes of a file; None where there is none, a link being none."""
    if path.is_symlink() or not path.is_file():
        return None
    return sha256(path), path.stat().st_size


def _altered(files: Mapping[str, tuple[str, int] | None], sums: Mapping[str, str]) -> Iterator[str]:
    return (name for name, found in files.items() if found and found[0] != sums[name])


def _uninvited(folder: Path, known: AbstractSet[str], every: AbstractSet[str]) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name not in known:
            yield f"{name} : a été retiré et est encore là." if name in every else f"{name} : n'est pas de la version."


def _described(
    folder: Path, version: str, files: Mapping[str, tuple[str, int] | None], every: Mapping[str, str]
) -> Iterator[str]:
    """Where the Data Package says otherwise than the files: version, presence, hash, bytes, schema."""
    try:
        package: dict[str, Any] = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        resources = [
            (str(item["path"]), item["hash"], item["bytes"], item.get("schema")) for item in package["resources"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        yield f"{DESCRIPTOR} : illisible ({error!r})."
        return
    if package.get("version") != version:
        yield f"{DESCRIPTOR} : dit être la version {package.get('version')}."
    for path, digest, size, schema in resources:
        if path not in every:
            yield f"{DESCRIPTOR} : {path} n'est pas dans {CHECKSUMS}."
        elif (found := files.get(path)) and (digest, size) != (f"sha256:{found[0]}", found[1]):
            yield f"{DESCRIPTOR} : l'empreinte ou la taille de {path} n'est pas celle du fichier."
        if isinstance(schema, str) and schema not in every:
            yield f"{DESCRIPTOR} : le schéma {schema} de {path} n'est pas dans {CHECKSUMS}."


def _archived(archive: Path, sums: Mapping[str, str]) -> Iterator[str]:
    """Where the ZIP is not the folder, or its checksum beside it is not its own."""
    beside = checksum_of(archive)
    if not beside.is_file():
        yield f"{beside.name} : manque."
    elif beside.read_text(encoding="utf-8").split() != [sha256(archive), archive.name]:
        yield f"{beside.name} : ne dit pas l'empreinte de {archive.name}."
    try:
        members = dict(_members(archive))
    except DAMAGED_ZIP as error:
        yield f"{archive.name} : illisible ({error})."
        return
    for name in sorted(set(sums) | set(members)):
        if sums.get(name) != members.get(name):
            yield f"{archive.name} : {name} n'y est pas comme dans la version."


def _members(archive: Path) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of each file of a ZIP, the folder that holds them all left out of the path."""
    with zipfile.ZipFile(archive) as opened:
        files = [info for info in opened.infolist() if not info.is_dir()]
        tops = {PurePosixPath(info.filename).parts[0] for info in files}
        within = len(tops) == 1 and all(len(PurePosixPath(info.filename).parts) > 1 for info in files)
        for info in files:
            parts = PurePosixPath(info.filename).parts
            digest = new_sha256()
            with opened.open(info) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
            yield PurePosixPath(*parts[1 if within else 0 :]).as_posix(), digest.hexdigest()
