"""ZIP entries whose bytes depend on their content alone, and the archive of a whole release."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from etl.files import CHUNK, sha256
from publish.notice import NAME, archive_name, archive_sum

# Already compressed: deflating them again would take time and gain nothing.
STORED = (".parquet", ".xlsx", ".png", ".woff2")


def add(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes | memoryview], day: date) -> None:
    """Write one entry: dated ``day``, readable by all, of no machine in particular."""
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, also where Python runs on another.
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w") as file:
        for chunk in chunks:
            file.write(chunk)


def write_archive(folder: Path, *, version: str, day: date) -> Path:
    """Put every file of a release folder in one ZIP at its root, and its checksum beside it; returns the ZIP.

    To be called last: the archive holds all that is there, ``SHA256SUMS`` included, and is in no list itself.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    target = folder / archive_name(version)
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            add(archive, f"{NAME}-{version}/{path.relative_to(folder).as_posix()}", _chunks(path), day)
    target.with_name(archive_sum(version)).write_text(f"{sha256(target)}  {target.name}\n", encoding="utf-8")
    return target


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
