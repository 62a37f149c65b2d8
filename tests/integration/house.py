"""A data folder with the rooms a test needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from etl.build import build
from etl.snapshots import Ingestion, ingest
from publish.release import release
from publish.version import parse_version

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
DAY = date(2026, 11, 21)


class House:
    """One data folder with the rooms a test needs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.warehouse = data / "warehouse.duckdb"
        self.releases = data / "releases"

    def ingest(self, feed: str, path: Path) -> Ingestion:
        return ingest(
            feed, path, store=self.data / "snapshots", quarantine=self.data / "quarantine", references=REFERENCE
        )

    def build(self):
        return build(self.warehouse, snapshots=self.data / "snapshots", reference=REFERENCE)

    def release(self, version: str, day: date = DAY, progress: Callable[[str], object] = lambda _: None):
        return release(
            parse_version(version),
            warehouse=self.warehouse,
            releases=self.releases,
            contours=REFERENCE / "contours",
            day=day,
            progress=progress,
        )

    def ask(self, query: str):
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return con.execute(query).fetchall()
