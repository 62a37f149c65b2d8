"""What may leave for a public host: the files of the releases that the index names, whole, and nothing else."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from etl.files import sha256
from publish.entries import INDEX, WITHDRAWN, Entry
from publish.feeds import FRONTS
from publish.index import read_index
from publish.reader import CHECKSUMS, TRACES
from publish.verify import archive_of, checksum_of, published, verify_all
from schemas.errors import ReleaseConflict

IMMUTABLE = "public, max-age=31536000, immutable"
BRIEF = "public, max-age=60"
TYPES = {
    "": "text/plain; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".cff": "application/yaml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sha256": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Item:
    """A file to have on the host: its name below the root of the host, where it is here, its SHA-256 and bytes."""

    name: str
    path: Path
    sha256: str
    octets: int

    @property
    def type(self) -> str:
        """Its media type, as HTTP says it."""
        return media_type(self.name)


@dataclass(frozen=True)
class Contents:
    """All a host must hold: files sorted by name, the feeds, then the text of the index, which makes them exist."""

    entries: tuple[Entry, ...]
    items: tuple[Item, ...]
    fronts: Mapping[str, bytes]
    index: bytes

    @property
    def tops(self) -> tuple[str, ...]:
        """First names of all that is ours on the host."""
        return tuple(entry.version for entry in self.entries)


def media_type(name: str) -> str:
    """The media type of a file, from its suffix."""
    suffix = PurePosixPath(name).suffix
    return TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


def contents(releases: Path) -> Contents:
    """What a folder of releases publishes, each release verified to the last byte.

    Raises ReleaseConflict where a release is not what was published, or where there is no index.
    """
    if faults := [verdict.to_text() for verdict in verify_all(releases) if verdict.fautes]:
        raise ReleaseConflict("\n".join([*faults, "Rien n'a été envoyé : aucune version abîmée ne quitte ce dossier."]))
    entries = read_index(releases)
    items = (item for entry in entries for item in _items(releases, entry))
    feeds = {name: (releases / name).read_bytes() for name in FRONTS if (releases / name).is_file()}
    return Contents(entries, tuple(sorted(items, key=lambda item: item.name)), feeds, (releases / INDEX).read_bytes())


def _items(releases: Path, entry: Entry) -> Iterator[Item]:
    folder, archive = releases / entry.version, archive_of(releases, entry.version)
    traces = TRACES if entry.statut == WITHDRAWN else (CHECKSUMS, archive.name, checksum_of(archive).name)
    loose = [folder / name for name in traces if (folder / name).is_file()]
    digests = {folder / name: digest for name, digest in published(folder, entry).items()}
    for path, digest in (digests | {path: sha256(path) for path in loose}).items():
        yield Item(path.relative_to(releases).as_posix(), path, digest, path.stat().st_size)
