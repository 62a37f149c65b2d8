"""Dress the rows of a release: their other formats, what describes them, and at last what proves them whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from etl.files import sha256
from publish.catalogue.dcat import release_catalogue
from publish.catalogue.turtle import turtle
from publish.citation import bibtex, citation_file
from publish.describe import data_package, licence, readme
from publish.formats.archive import write_archive
from publish.formats.definitions import definitions
from publish.formats.territories import NAME as TERRITORIES
from publish.formats.territories import write_territories
from publish.formats.xlsx import write_workbook
from publish.notice import Notice
from publish.reader import CHECKSUMS, DESCRIPTOR
from publish.tables import Table


def write_formats(
    draft: Path,
    tables: tuple[Table, ...],
    rows: dict[str, int],
    notice: Notice,
    *,
    contours: Path,
    progress: Callable[[str], None],
) -> None:
    """Write every dataset as a workbook, and the territories with their boundaries, from the Parquet files.

    They are made from the files of the draft alone: what is not in them cannot be told.
    """
    data = draft / "data"
    for table in tables:
        progress(f"{table.name}.xlsx")
        write_workbook(
            data / f"{table.name}.parquet",
            data / f"{table.name}.xlsx",
            title=table.contract.title.fr,
            day=notice.day,
            definitions=definitions(table.contract, notice, rows=rows[table.name]),
        )
    territories = next(table for table in tables if table.name == TERRITORIES)
    write_territories(draft, territories.contract, contours)


def write_metadata(draft: Path, tables: tuple[Table, ...], rows: dict[str, int], notice: Notice) -> None:
    """Write what says what the files are: descriptor, catalogue, citation, reading notes, licence."""
    descriptor = data_package(draft, tables, rows, notice)
    catalogue = release_catalogue(descriptor)
    texts = {
        DESCRIPTOR: _json(descriptor),
        "catalog.jsonld": _json(catalogue),
        "catalog.ttl": turtle(catalogue),
        "CITATION.cff": citation_file(notice),
        "CITATION.bib": bibtex(notice),
        "README.md": readme(tables, rows, notice),
        "LICENCE.txt": licence(),
    }
    for name, text in texts.items():
        (draft / name).write_text(text, encoding="utf-8")


def seal(draft: Path, notice: Notice) -> None:
    """List the checksum of every file, then put them all in one archive. Nothing is written in the draft after it."""
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    sums = "".join(f"{sha256(path)}  {path.relative_to(draft).as_posix()}\n" for path in files)
    (draft / CHECKSUMS).write_text(sums, encoding="utf-8")
    write_archive(draft, version=str(notice.version), day=notice.day)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
