"""A scan of the other files of a release, which no equation covers."""

from __future__ import annotations

from pathlib import Path

import duckdb

from publish.audit.words import Leak


def scan(folder: Path, con: duckdb.DuckDBPyConnection, version: int) -> list[Leak]:
    """What the other files of the release show of its secret cells."""
    return []
