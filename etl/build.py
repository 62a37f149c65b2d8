"""Build: from snapshots and reference tables to the observations of a DuckDB warehouse.

A build is a list of steps, each with a fingerprint of all it depends on (files, contracts, SQL, code). Only the steps
whose fingerprint changed run, in a copy of the warehouse that then takes its place: killed at any moment, the last
good warehouse is intact.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.files import locked, sweep, sync
from etl.snapshots import Snapshot, snapshots_of, typed_rows
from etl.validate import check
from etl.validation.sql import literal, quote
from etl.validation.types import SQL_TYPES
from schemas.catalogue import Measure, load_catalogue
from schemas.contract import contract_names, load_contract
from schemas.errors import ContractBroken

SQL = Path(__file__).resolve().parent / "sql"
PERIODS = {"P1D": "1 day", "P1M": "1 month", "P3M": "3 months", "P6M": "6 months", "P1Y": "1 year"}
# How long after its end a period may still be completed by late returns.
PROVISIONAL = {"P1D": "3 months", "P1M": "3 months", "P3M": "3 months", "P6M": "6 months", "P1Y": "1 year"}

# What is told of a declaration: who, where, when, and whether it was received.
DECLARATION = {
    **dict.fromkeys(("declarant", "territoire_niveau", "territoire_code"), "VARCHAR"),
    **{"debut": "DATE", "recue": "BOOLEAN", "origine": "VARCHAR"},
}

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Step:
    """One table of the warehouse: how to make it, and the fingerprint of all it is made from."""

    table: str
    fingerprint: str
    run: Callable[[Connection], None]


@dataclass(frozen=True)
class StepResult:
    """What a build did of a step; ``secondes`` is None where nothing had changed."""

    table: str
    lignes: int
    secondes: float | None


def build(
    warehouse: Path, *, snapshots: Path, reference: Path, progress: Callable[[str], None] = lambda _: None
) -> tuple[StepResult, ...]:
    """Bring the warehouse up to date with the snapshots and the reference tables; says what each step did.

    Raises ContractBroken if a reference table, or a file accepted under an older contract, breaks its contract.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with locked(snapshots):
        sweep(warehouse.parent, f"{warehouse.name}.")
        steps = _steps(snapshots, reference)
        dirty, gone = _to_do(steps, warehouse)
        if not dirty and not gone:
            return _results(warehouse, steps, {})
        handle, name = tempfile.mkstemp(dir=warehouse.parent, prefix=f".{warehouse.name}.")
        os.close(handle)
        draft = Path(name)
        draft.unlink()
        try:
            if warehouse.exists():
                shutil.copyfile(warehouse, draft)
            seconds = _run(draft, dirty, gone, progress)
            sync(draft)
            draft.replace(warehouse)
            sync(warehouse.parent)
        finally:
            for leftover in (draft, draft.with_name(draft.name + ".wal")):
                leftover.unlink(missing_ok=True)
        return _results(warehouse, steps, seconds)


def outdated(warehouse: Path, *, snapshots: Path, reference: Path) -> tuple[str, ...]:
    """The tables that a build would make anew or drop, sorted; none where the warehouse is up to date."""
    dirty, gone = _to_do(_steps(snapshots, reference), warehouse)
    return tuple(sorted({step.table for step in dirty} | gone))


def _to_do(steps: list[Step], warehouse: Path) -> tuple[list[Step], set[str]]:
    done = _fingerprints(warehouse)
    dirty = [step for step in steps if done.get(step.table) != step.fingerprint]
    return dirty, set(done) - {step.table for step in steps}


def _run(draft: Path, dirty: list[Step], gone: set[str], progress: Callable[[str], None]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with duckdb.connect(str(draft)) as con:
        con.execute("create table if not exists etapes (etape varchar primary key, empreinte varchar not null)")
        for table in sorted(gone):
            con.execute(f"drop table if exists {quote(table)}")
            con.execute("delete from etapes where etape = $table", {"table": table})
        for step in dirty:
            progress(step.table)
            start = time.monotonic()
            step.run(con)
            con.execute(
                "insert or replace into etapes values ($table, $print)",
                {"table": step.table, "print": step.fingerprint},
            )
            seconds[step.table] = time.monotonic() - start
    return seconds


def _fingerprints(warehouse: Path) -> dict[str, str]:
    if not warehouse.exists():
        return {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return dict(con.execute("select etape, empreinte from etapes").fetchall())


def _results(warehouse: Path, steps: list[Step], seconds: dict[str, float]) -> tuple[StepResult, ...]:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = {step.table: con.table(step.table).aggregate("count(*)").fetchall()[0][0] for step in steps}
    return tuple(StepResult(step.table, rows[step.table], seconds.get(step.table)) for step in steps)


# ── Steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _steps(snapshots: Path, reference: Path) -> list[Step]:
    references = [_reference_step(name, reference) for name in contract_names("reference")]
    ancestors = _sql_step("ancetres", "marts/ancetres.sql", references)
    catalogue = [_catalogue_step("mesures"), _catalogue_step("indicateurs")]
    feeds = [step for feed in contract_names("feeds") for step in _feed_steps(feed, snapshots, reference, references)]
    observations = _observations_step([step for step in feeds if step.table.startswith("observations_")])
    declarations = _declarations_view_step([step for step in feeds if step.table.startswith("declarations_")])
    return [*references, ancestors, *catalogue, *feeds, observations, declarations]


def _reference_step(name: str, reference: Path) -> Step:
    contract = load_contract(name, kind="reference")
    files = reference_files(name, reference)

    def run(con: Connection) -> None:
        with tempfile.TemporaryDirectory() as folder:
            typed = [_typed_reference(path, name, reference, Path(folder)) for path in files]
            con.execute(
                f"create or replace table {quote(name)} as from read_parquet($files, hive_partitioning = false)",
                {"files": [str(t) for t in typed]},
            )

    return Step(name, _hash(contract.fingerprint, *(path.read_bytes() for path in files)), run)


def reference_files(name: str, reference: Path) -> list[Path]:
    """The CSV files of a reference table: the transcribed rows and, where they exist, the simulated ones.

    Raises ContractBroken if the table is absent.
    """
    files = [path for path in (reference / f"{name}.csv", reference / f"{name}_demo.csv") if path.exists()]
    if not files:
        raise ContractBroken(
            f"{reference}/{name}.csv : cette table de référence manque. Rétablissez-la depuis le dépôt."
        )
    return files


def _typed_reference(path: Path, name: str, reference: Path, folder: Path) -> Path:
    typed = folder / f"{path.stem}.parquet"
    report = check(path, load_contract(name, kind="reference"), references=reference, parquet=typed)
    if not report.valid:
        raise ContractBroken(report.to_text())
    return typed


def _catalogue_step(table: str) -> Step:
    rows = [asdict(entry) for entry in getattr(load_catalogue(), table)]
    for row in rows:
        for key in ("nom", "definition", "reserves"):
            row.pop(key, None)

    def run(con: Connection) -> None:
        import pandas as pd

        con.register("declarees", pd.DataFrame(rows))
        con.execute(f"create or replace table {quote(table)} as from declarees")
        con.unregister("declarees")

    return Step(table, _hash(json.dumps(rows, sort_keys=True, default=list)), run)


def _sql_step(table: str, file: str, depends: list[Step]) -> Step:
    query = sql(file)

    def run(con: Connection) -> None:
        con.execute(f"create or replace table {quote(table)} as {query}")

    return Step(table, _hash(query, *(step.fingerprint for step in depends)), run)


def _feed_steps(feed: str, store: Path, reference: Path, references: list[Step]) -> list[Step]:
    """The rows that stand of a feed, the declarations expected, then its observations, if any is computed from it.

    Nothing for a feed of which no file was ever received.
    """
    received = snapshots_of(feed, store)
    if not received:
        return []
    rows = _rows_step(feed, received, store, reference)
    declarations = _declarations_step(feed, rows, references)
    if not load_catalogue().measures_of(feed):
        return [rows, declarations]
    return [rows, declarations, _feed_observations_step(feed, declarations, references)]


def _rows_step(feed: str, received: tuple[Snapshot, ...], store: Path, reference: Path) -> Step:
    contract = load_contract(feed)
    query = sql("staging/flux.sql").format(cle=", ".join(map(quote, contract.primary_key)))

    def run(con: Connection) -> None:
        files = [str(typed_rows(snapshot, store=store, references=reference)) for snapshot in received]
        sequences = [snapshot.sequence for snapshot in received]
        con.execute(
            f"create or replace table {quote('flux_' + feed)} as {query}", {"fichiers": files, "sequences": sequences}
        )

    parts = [f"{snapshot.sequence}:{snapshot.sha256}" for snapshot in received]
    return Step(f"flux_{feed}", _hash(query, contract.fingerprint, *parts), run)


def _declarations_step(feed: str, rows: Step, references: list[Step]) -> Step:
    """The declarations that were expected of a feed, each with what was received."""
    descriptor = load_contract(feed).descriptor
    lignes, attendues = sql(f"staging/{feed}.sql"), sql("staging/attendues.sql")
    asked = {"pas": PERIODS[descriptor["frequency"]], "attendu": descriptor.get("expected", "periodes")}

    def run(con: Connection) -> None:
        con.execute(f"create or replace temp view lignes as {lignes}")
        con.execute(f"create or replace table {quote('declarations_' + feed)} as {attendues}", asked)

    depends = [step.fingerprint for step in (rows, *_read_by([lignes], references))]
    return Step(f"declarations_{feed}", _hash(lignes, attendues, json.dumps(asked), *depends), run)


def _feed_observations_step(feed: str, declarations: Step, references: list[Step]) -> Step:
    catalogue = load_catalogue()
    contract = load_contract(feed)
    frequency = contract.descriptor["frequency"]
    files = ("macros.sql", "staging/longues.sql", "marts/cumuls.sql", "marts/observations.sql", "marts/bornees.sql")
    queries = [sql(file) for file in files]
    queries[1] = queries[1].format(mesures=_measure_list(catalogue.measures_of(feed), contract.names))

    def run(con: Connection) -> None:
        from etl.limits import with_limits  # numpy, pandas and scipy: most of what a build without a change would take

        macros, longues, cumuls, observations, bounded = queries
        con.execute(macros)
        con.execute(f"create or replace temp view attendues as from {quote(declarations.table)}")
        con.execute(f"create or replace temp view longues as {longues}")
        con.execute(f"create or replace temp table cumuls as {cumuls}", {"flux": feed, "pas": PERIODS[frequency]})
        con.execute(f"create or replace temp table valeurs as {observations}", {"provisoire": PROVISIONAL[frequency]})
        with_limits(con, bounded, table=f"observations_{feed}")

    declared = [*map(asdict, catalogue.measures_of(feed)), *map(asdict, catalogue.indicators_of(feed))]
    depends = [step.fingerprint for step in (declarations, *_read_by(queries, references))]
    return Step(
        f"observations_{feed}", _hash(*queries, json.dumps(declared, default=list), _statistics_code(), *depends), run
    )


def _statistics_code() -> str:
    """Source of all that computes limits, read and not imported: a change to any of it may change what is computed."""
    here = Path(__file__).parent
    return "".join(
        path.read_text(encoding="utf-8") for path in (here / "limits.py", *sorted(here.glob("statistics/*.py")))
    )


def _read_by(queries: list[str], references: list[Step]) -> list[Step]:
    """The reference tables that some SQL reads: a change to any other leaves its result as it is."""
    words = set(re.findall(r"\w+", " ".join([*queries, sql("marts/ancetres.sql")])))
    return [step for step in references if step.table in words]


def _measure_list(measures: tuple[Measure, ...], fields: tuple[str, ...]) -> str:
    """Each measure as a struct {mesure, valeur, absence}; only a field of the contract says why it is absent."""
    return ",\n        ".join(
        f"{{'mesure': '{name}', 'valeur': {quote(name)}::double, 'absence': {_absence(name, fields)}}}"
        for name in (measure.mesure for measure in measures)
    )


def _absence(name: str, fields: tuple[str, ...]) -> str:
    return quote(f"{name}__absence") if name in fields else "null::varchar"


def _observations_step(feeds: list[Step]) -> Step:
    types = {
        field.name: SQL_TYPES.get(field.type, "VARCHAR")
        for field in load_contract("observations", kind="datasets").fields
    }
    columns = ", ".join(map(quote, types))
    return _union_step("observations", types, [(step, columns) for step in feeds])


def _declarations_view_step(feeds: list[Step]) -> Step:
    """Every declaration expected, received or not; feeds of which none is expected at a fixed date are not in it."""
    parts = []
    for step in feeds:
        feed = step.table.removeprefix("declarations_")
        descriptor = load_contract(feed).descriptor
        if descriptor.get("expected") != "aucune":
            said = f"{literal(feed)} as flux, {literal(descriptor['frequency'])} as frequence"
            parts.append((step, f"{said}, {', '.join(DECLARATION)}"))
    return _union_step("declarations", {"flux": "VARCHAR", "frequence": "VARCHAR", **DECLARATION}, parts)


def _union_step(view: str, types: Mapping[str, str], parts: list[tuple[Step, str]]) -> Step:
    """A view over the tables of several steps, each with its list of columns; empty where there is none.

    ``types``: columns of the view and their SQL types.
    """
    union = " union all ".join(f"select {columns} from {quote(step.table)}" for step, columns in parts)
    query = (
        union
        or "select " + ", ".join(f"null::{type} as {quote(name)}" for name, type in types.items()) + " where false"
    )

    def run(con: Connection) -> None:
        con.execute(f"create or replace view {quote(view)} as {query}")

    return Step(view, _hash(query), run)


# ── SQL ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def sql(file: str) -> str:
    """The SELECT of ``etl/sql/<file>``."""
    return (SQL / file).read_text(encoding="utf-8")


def _hash(*parts: str | bytes | Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
