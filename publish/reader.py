"""The one door through which a release is read: nothing public is opened any other way.

A release never changes once indexed, so whatever is computed from it may be cached for ever under its version. Queries
run on views over the Parquet files of that release, in an in-memory DuckDB connection that can open nothing else. A
connection is used by one thread at a time; there are as many as there were queries at once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from publish.entries import INDEX, WITHDRAWN, Entry, Index, Withdrawn
from publish.version import parse_version
from schemas.errors import ReleaseConflict, UsageError

if TYPE_CHECKING:
    import pyarrow

LATEST = "latest"
# Seconds during which the tables of a release are not looked at again.
LOOKED = 1.0
CHECKSUMS = "SHA256SUMS"
DESCRIPTOR = "datapackage.json"
# What a withdrawn release leaves in its place.
TRACES = (CHECKSUMS, "RETRAIT.json", "RETRAIT.md")
# One figure as one release had it; a period that is not asked for is any period.
VINTAGE = """
    select
        indicateur, territoire_niveau, territoire_code, granularite, periode, periode_debut, periode_fin, ventilation,
        modalite, valeur, borne_basse, borne_haute, unite, statut, provisoire, attendues, recues, origine
    from observations
    where indicateur = $indicateur and territoire_niveau = $niveau and territoire_code = $code
      and granularite = $granularite and ventilation = $ventilation and modalite = $modalite
      and ($periode is null or periode = $periode)
    order by periode_debut
"""


class Record(dict[str, Any]):
    """A row read by name, as ``row["valeur"]`` or ``row.valeur``, as those of a frame are, without its cost."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seen(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What stands in a release, as far as names, sizes and times say."""
    files = [*folder.glob("*"), *folder.glob("data/*")]
    found = ((path.name, path.stat()) for path in sorted(files))
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


class Release:
    """One immutable release: its tables as SQL views, its files by relative path.

    Raises ReleaseConflict on construction if the folder lacks what makes it a release, or if a table was altered; on
    reading, where what was read does not stand since a table was altered after that.
    """

    def __init__(self, folder: Path, entry: Entry) -> None:
        self.folder = folder.resolve()
        self.entry = entry
        self._idle: deque[duckdb.DuckDBPyConnection] = deque()
        self._stamps, self.sound = self._stamped(), True
        self._check_complete()
        self._check_tables()

    @property
    def version(self) -> str:
        """Its version, as the index writes it."""
        return self.entry.version

    @property
    def intact(self) -> bool:
        """Whether its tables still are the files that were checked, as far as sizes and times say."""
        self.sound = self.sound and self._stamps == self._stamped()
        return self.sound

    def _stamped(self) -> Mapping[str, tuple[int, int, int]]:
        found = {}
        for file in self._files:
            with suppress(OSError):
                stat = file.stat()
                found[file.stem] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        return found

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        return tuple(self.folder / "data" / f"{table}.parquet" for table in self.tables)

    def _check_complete(self) -> None:
        required = (DESCRIPTOR, CHECKSUMS, "data/observations.parquet")
        if missing := [name for name in required if not (self.folder / name).is_file()]:
            raise ReleaseConflict(
                f"{self.folder} : la publication {self.version} est incomplète, il manque {', '.join(missing)}. "
                "Remettez la copie sauvegardée de ce dossier, ou le contenu de son archive ZIP."
            )

    def _check_tables(self) -> None:
        """No figure is ever read from a table whose bytes are not those that were published."""
        listed = {name for name in self.checksums if name.endswith(".parquet")}
        taken = {one.fichier for one in self.entry.retraits}
        for name in sorted((listed | {f"data/{table}.parquet" for table in self.tables}) - taken):
            table = self.folder / name
            if not table.is_file() or _digest(table) != self.checksums.get(name):
                raise self._altered(table)

    def _check_intact(self, error: duckdb.Error | None = None) -> None:
        """What was read of a table altered since it was checked is told to nobody."""
        if not self.intact:
            now = self._stamped()
            table = next((name for name, stamp in self._stamps.items() if now.get(name) != stamp), "")
            raise self._altered(self.folder / "data" / f"{table}.parquet") from error

    def _altered(self, table: Path) -> ReleaseConflict:
        return ReleaseConflict(
            f"{table} : ce fichier de la publication {self.version} n'est pas celui qui a été publié. "
            "Remettez la copie sauvegardée de ce dossier, ou le contenu de son archive ZIP."
        )

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that can be queried, sorted."""
        return tuple(sorted(path.stem for path in (self.folder / "data").glob("*.parquet")))

    @cached_property
    def checksums(self) -> Mapping[str, str]:
        """SHA-256 (hexadecimal) of each file by its relative path, from ``SHA256SUMS``."""
        lines = (self.folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        pairs = (line.split(maxsplit=1) for line in lines if line.strip())
        return {name.lstrip("*").removeprefix("./"): digest for digest, name in pairs}

    @cached_property
    def descriptor(self) -> Mapping[str, Any]:
        """The Data Package descriptor of the release, without the resources that were taken back."""
        document = json.loads((self.folder / DESCRIPTOR).read_text(encoding="utf-8"))
        gone = {withdrawal.fichier for withdrawal in self.entry.retraits}
        return {**document, "resources": [one for one in document["resources"] if one.get("path") not in gone]}

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a bound SELECT over the views of this release. Values only ever come in through ``params``."""
        with self._connection() as connection:
            return connection.execute(sql, params or None).df()

    def rows(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The same rows as Python values, without the cost of a frame."""
        with self._connection() as connection:
            return connection.execute(sql, params or None).fetchall()

    def records(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> tuple[Record, ...]:
        """The same rows, each value under its name."""
        with self._connection() as connection:
            found = connection.execute(sql, params or None)
            names = [column[0] for column in found.description]
            return tuple(Record(zip(names, row, strict=True)) for row in found.fetchall())

    def arrow(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> pyarrow.Table:
        """The same rows with the types of the Parquet files: a frame would make decimals of whole numbers with gaps."""
        with self._connection() as connection:
            return connection.execute(sql, params or None).to_arrow_table()

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that no other thread uses meanwhile."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        except duckdb.Error as error:
            self._check_intact(error)
            raise
        else:
            self._check_intact()
        finally:
            self._idle.append(connection)

    def path(self, relative: str) -> Path:
        """A file of the release by its path below the folder.

        Raises UsageError if it leaves the folder (``..``, absolute path, link) or if no such file is there, Withdrawn
        if it was taken back.
        """
        for withdrawal in self.entry.retraits:
            if withdrawal.fichier == relative:
                raise Withdrawn(f"La donnée {relative} de la version {self.version}", withdrawal)
        path = self._inside(relative)
        if path is None:
            raise UsageError(
                f"« {relative} » n'est pas un fichier de la publication {self.version}. "
                "Les fichiers existants sont listés dans SHA256SUMS."
            )
        return path

    def _inside(self, relative: str) -> Path | None:
        """The file of that path, None where it is not in the folder, or where no file could bear that name."""
        try:
            path = (self.folder / relative).resolve()
            return path if path.is_relative_to(self.folder) and path.is_file() else None
        except (ValueError, OSError):
            return None

    def close(self) -> None:
        """Close the connections: to be called once, when nothing reads any more."""
        while self._idle:
            self._idle.pop().close()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"threads": 1, "autoinstall_known_extensions": False})
        for table in self.tables:
            file = str(self.folder / "data" / f"{table}.parquet").replace("'", "''")
            connection.execute(
                f"create view \"{table}\" as select * from read_parquet('{file}', hive_partitioning = false)"
            )
        folder = str(self.folder).replace("'", "''")
        connection.execute(f"set allowed_directories = ['{folder}']")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        return connection


class Releases:
    """The folder of releases. The index is read again when it is replaced; a release is opened once, and again where
    its tables were altered.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._open: dict[str, Release] = {}
        self._index = Index(self.folder / INDEX)
        self._refused: dict[str, tuple[tuple[Any, ...], ReleaseConflict]] = {}
        self._looked: dict[str, float] = {}
        self._lock = threading.Lock()

    def index(self) -> tuple[Entry, ...]:
        """What exists, newest first as the index lists it. Raises ReleaseConflict where there is no readable index."""
        return self._index.read().entries

    @property
    def index_stands(self) -> bool:
        """Whether the index can be read; where not, what it last said holds. Raises as ``index`` does."""
        self._index.read()
        return self._index.stands

    @property
    def latest(self) -> str:
        """Version of the newest release that stands and is whole: the last good one where a newer was damaged.

        Raises ReleaseConflict where all were withdrawn or none is whole.
        """
        latest = self._index.read().latest
        if latest is None:
            raise ReleaseConflict(
                f"{self.folder / INDEX} : toutes les versions ont été retirées. "
                "Publiez-en une autre par « observatoire release »."
            )
        refusals = []
        for version in [str(latest), *sorted(set(self.versions) - {latest}, key=parse_version, reverse=True)]:
            try:
                self._opened(self._entry(version))
            except ReleaseConflict as error:
                refusals.append(error)
            else:
                return version
        raise refusals[0]

    @property
    def versions(self) -> tuple[str, ...]:
        """Versions that can be read, in the order of the index."""
        return tuple(entry.version for entry in self.index() if entry.statut != WITHDRAWN)

    def release(self, version: str = LATEST) -> Release:
        """The release of that version, ``latest`` being the newest that stands.

        Raises UsageError if the index does not list it, Withdrawn if it was taken back, ReleaseConflict if its folder
        is incomplete.
        """
        entry = self._entry(self.latest if version == LATEST else version)
        if entry.retrait:
            raise Withdrawn(f"La version {entry.version}", entry.retrait)
        return self._opened(entry)

    def _opened(self, entry: Entry) -> Release:
        with self._lock:
            found = self._open.get(entry.version)
            # A file may have been taken back since the release was opened, or a table altered.
            if found is None or found.entry != entry or not self._stands(found):
                self._open.pop(entry.version, None)
                found = self._open[entry.version] = self._fresh(entry)
            return found

    def _stands(self, release: Release) -> bool:
        """Whether a release opened is intact: looked at once in a while, which costs readers nothing."""
        now = time.monotonic()
        if now - self._looked.get(release.version, -LOOKED) < LOOKED:
            return release.sound
        self._looked[release.version] = now
        return release.intact

    def look(self) -> None:
        """Look at every release that is open when it is next asked for."""
        self._looked.clear()

    def _fresh(self, entry: Entry) -> Release:
        """A release opened; one that was refused is not read again until its files change."""
        folder = self.folder / entry.version
        seen, refusal = _seen(folder), self._refused.get(entry.version)
        if refusal is None or refusal[0] != seen:
            try:
                return Release(folder, entry)
            except ReleaseConflict as error:
                logging.getLogger(__name__).error("%s", error)
                refusal = self._refused[entry.version] = (seen, error)
        raise refusal[1]

    def trace(self, version: str, name: str) -> Path | None:
        """A file that a withdrawn release leaves in its place (``TRACES``); None where there is none of that name.

        Raises UsageError if the index does not list that version.
        """
        path = self.folder / self._entry(version).version / name
        return path if self._entry(version).retrait and name in TRACES and path.is_file() else None

    def vintages(
        self,
        indicateur: str,
        territoire: tuple[str, str],
        *,
        granularite: str,
        periode: str | None = None,
        ventilation: str = "ensemble",
        modalite: str = "tous",
    ) -> pd.DataFrame:
        """A figure as each release had it, oldest version first: columns ``version``, ``publiee_le``, then VINTAGE's.

        ``territoire`` is (level, official code); every period of that ``granularite`` where none is asked for. A
        release that did not have the figure gives no row, neither does a withdrawn one.
        """
        asked = {
            "indicateur": indicateur,
            "niveau": territoire[0],
            "code": territoire[1],
            "granularite": granularite,
            "periode": periode,
            "ventilation": ventilation,
            "modalite": modalite,
        }
        standing = sorted(self.versions, key=parse_version)
        frames = [_dated(self.release(version), self.release(version).query(VINTAGE, asked)) for version in standing]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def close(self) -> None:
        """Close what is open, before the process ends."""
        with self._lock:
            for release in self._open.values():
                release.close()

    def _entry(self, version: str) -> Entry:
        entries = {entry.version: entry for entry in self.index()}
        if version not in entries:
            raise UsageError(f"La publication « {version} » n'existe pas. Existent : {', '.join(entries) or 'aucune'}.")
        return entries[version]


def _dated(release: Release, rows: pd.DataFrame) -> pd.DataFrame:
    rows.insert(0, "publiee_le", release.entry.date)
    rows.insert(0, "version", release.version)
    return rows
