"""One file examined from end to end: source, scan, keys and rules, and the page of findings that was asked for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from etl.validation import keys, references, scan
from etl.validation.constraints import constants, function_of, matcher
from etl.validation.dialect import Dialect
from etl.validation.elsewhere import place_in_text, separator_of_rows
from etl.validation.engine import engine
from etl.validation.findings import Check, Finding
from etl.validation.formulas import DECIMAL, ERROR, MERGED, UNCOMPUTED
from etl.validation.header import HEADER_ROW, Columns, match
from etl.validation.number_formats import ANOTHER, NOTHING
from etl.validation.scan import BLANK, Plan
from etl.validation.sniff import UnreadableError
from etl.validation.source import Source, exact, open_source
from etl.validation.sql import literal, literals, quote
from etl.validation.types import GROUPED_RULE, may_be_grouped
from schemas.contract import Contract
from schemas.errors import ContractBroken

NO_ROWS = Check("", "source-error", "no-rows")
TOTAL = Check("", "row-error", "total-row")
TOTAL_TEXT = r"(?i)\s*(sous[- ]?)?(total|totaux|somme)( g[ée]n[ée]ra(l|ux)| d[eu] .*| [0-9].*)?\s*:?\s*"
MAX_TEXT = 200  # characters of a value kept in a finding
RESERVED = re.compile(rf"{keys.ROW}|__wrong|__[avh]\d+")


@dataclass(frozen=True)
class Job:
    """What to examine, and with what."""

    path: Path
    contract: Contract
    references: Path
    today: date
    folder: Path
    limit: int | None
    offset: int
    memory_limit: str
    threads: int | None
    write: bool


@dataclass(frozen=True)
class Outcome:
    """What was seen. ``parquet`` is a file in the job's folder, there only if nothing is wrong and it was asked for."""

    dialect: Dialect
    encoding: str
    rows: int = 0
    columns: Columns | None = None
    findings: tuple[Finding, ...] = ()
    total: int = 0
    parquet: Path | None = None


@dataclass
class Found:
    """The table of findings: (row, check, value, hint), checks by their number in ``checks``."""

    connection: duckdb.DuckDBPyConnection
    checks: list[Check] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection.execute("CREATE TABLE __findings (row BIGINT, number INTEGER, value VARCHAR, hint VARCHAR)")

    def add(self, check: Check, select: str) -> None:
        """Record the rows of a SELECT of (row, value, hint) as breaking a check."""
        number = len(self.checks)
        self.checks.append(check)
        self.insert(f"SELECT row, {number}, value, hint FROM ({select}) AS found(row, value, hint)")

    def insert(self, select: str) -> None:
        """Record the rows of a SELECT of (row, number, value, hint)."""
        self.connection.execute(
            f"INSERT INTO __findings SELECT row, number, left(value, {MAX_TEXT}), left(hint, {MAX_TEXT})"
            f" FROM ({select}) AS found(row, number, value, hint)"
        )

    def total(self) -> int:
        """How many findings there are in all."""
        return int(self.connection.execute("SELECT count(*) FROM __findings").fetchall()[0][0])

    def page(self, limit: int | None, offset: int, places: str) -> tuple[Finding, ...]:
        """Findings in file order; ``places`` is the SELECT of the lines of records."""
        page = (
            "SELECT row, number, value, hint FROM __findings ORDER BY row, number, value"
            f" LIMIT {'ALL' if limit is None else int(limit)} OFFSET {int(offset)}"
        )
        rows = self.connection.execute(
            f"SELECT row, number, value, hint, line FROM ({page}) LEFT JOIN ({places}) USING (row)"
            " ORDER BY row, number, value"
        ).fetchall()
        return tuple(
            Finding(row, self.checks[number], value, hint or "", line) for row, number, value, hint, line in rows
        )


def examine(job: Job) -> Outcome:
    """Examine a file. Raises ContractBroken; what is wrong with the file is in the outcome."""
    try:
        source = open_source(job.path, job.folder, job.contract.names)
        return _scanned(job, source)
    except UnreadableError as trouble:
        check = Check("", trouble.type, trouble.rule)
        line = trouble.line if trouble.line != trouble.row else None
        return Outcome(
            Dialect(), "", findings=(Finding(trouble.row, check, trouble.value, trouble.hint, line),), total=1
        )


def _scanned(job: Job, source: Source) -> Outcome:
    columns = match(source.labels, job.contract)
    if source.elsewhere or not columns.positions:
        findings = _elsewhere(job, source) or columns.findings
        page = findings[job.offset :][: job.limit]
        return Outcome(source.dialect, source.encoding, 0, columns, page, len(findings))
    _check_separator(job, source)
    tables = references.needed(job.contract, job.references)
    readable = [job.path, *(path.resolve() for files in tables.values() for path in files)]
    with engine(
        folder=job.folder, readable=readable, memory_limit=job.memory_limit, threads=job.threads, today=job.today
    ) as connection:
        for name, files in tables.items():
            references.load(connection, name, files)
        return _verdict(job, connection, *_table(job, connection, source))


def _check_separator(job: Job, source: Source) -> None:
    """Raises UnreadableError for a text whose rows have not the separator of its header: none of their cells is one."""
    if source.structure is None or source.dialect.delimiter is None:
        return
    own = source.dialect.delimiter
    if other := separator_of_rows(job.path, encoding=source.encoding, delimiter=own):
        raise UnreadableError("source-error", "two-separators", value=own, hint=other)


def _elsewhere(job: Job, source: Source) -> tuple[Finding, ...]:
    """The one thing to say of a file whose header is not where it is read, if that is so."""
    place = source.elsewhere
    if not source.dialect.spreadsheet:
        place = place_in_text(job.path, encoding=source.encoding, names=job.contract.names)
    if place is None:
        return ()
    check = Check("", "unmatched-header", "other-sheet" if place.sheet else "other-row")
    return (Finding(HEADER_ROW, check, place.sheet or str(place.row), str(place.row)),)


def _table(job: Job, connection: duckdb.DuckDBPyConnection, source: Source) -> tuple[Source, Plan, int]:
    """The typed table: where rows are not wanted, only what proves the file valid, if that is what it does. A file that
    is known to be wrong, or whose cells are doubtful, is not to be proven."""
    whole = Plan(job.contract, match(source.labels, job.contract), source.dialect, bland=source.bland)
    prepare(connection, whole)
    proof = not (job.write or source.structure or source.doubtful)
    plan = replace(whole, whole=not proof, ahead=proof and source.lines is not None)
    source, rows = _read(job, connection, plan, source)
    if plan.whole or keys.proven(connection, plan, rows):
        return source, plan, rows
    source, rows = _read(job, connection, whole, source)
    return source, whole, rows


def _read(job: Job, connection: duckdb.DuckDBPyConnection, plan: Plan, source: Source) -> tuple[Source, int]:
    """Fill the typed table, by the fastest path that the file allows."""
    try:
        with source.texts(connection, plan.kinds) as texts:
            rows = _fill(connection, plan, texts)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        if source.lines is None:
            raise
        rows = -1
    if source.lines in (None, rows + 1):
        return source, rows
    if plan.ahead:  # a spelling that only a look at the texts can judge, or what the exact path is for
        return _read(job, connection, replace(plan, ahead=False), source)
    # Ragged records or blank lines: only the exact path knows where.
    return _read(job, connection, plan, exact(job.path, job.folder, source.dialect, source.encoding))


def _fill(connection: duckdb.DuckDBPyConnection, plan: Plan, source: str) -> int:
    """Fill the typed table, which references and rules know by the name of its contract; returns its rows."""
    rows = scan.run(connection, plan, source)
    connection.execute(f"CREATE OR REPLACE VIEW {quote(plan.contract.name)} AS {_shown(plan)}")
    return rows


def prepare(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Try the SQL of a contract, whose plan is ``whole``, on an empty table: its faults are the contract's.

    Raises ContractBroken.
    """
    _check_names(plan)
    keys.check_rules(connection, plan)
    for pattern in plan.foreign_patterns:
        connection.create_function(function_of(pattern), matcher(pattern), ["VARCHAR"], "BOOLEAN")
    nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in plan.raw)
    try:
        for tried in (replace(plan, whole=False), plan):
            _fill(connection, tried, f"SELECT {nothing} WHERE FALSE")
        for query in keys.queries(plan):
            connection.execute(query.select)
        keys.check_verdicts(connection, plan)
        _check_constants(connection, plan)
    except duckdb.Error as error:
        raise ContractBroken(f"Contrat {plan.contract.name} : {error}") from error


def _check_names(plan: Plan) -> None:
    """The engine does not tell case, and the typed table has columns of its own."""
    absences = (f"{cell.field.name}__absence" for cell in plan.cells if cell.labelled)
    names = [*plan.contract.names, *absences]
    seen = Counter(name.casefold() for name in names)
    if twice := sorted({name for name in names if seen[name.casefold()] > 1 or RESERVED.fullmatch(name.casefold())}):
        raise ContractBroken(
            f"Contrat {plan.contract.name} : noms de colonnes en double ou réservés : {', '.join(twice)}."
        )


def _check_constants(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Every bound and every listed value must itself be a value of its field."""
    for cell in plan.cells:
        for name, sql in constants(cell.field, cell.reading):
            if connection.execute(f"SELECT {sql}").fetchall()[0][0] is None:
                raise ContractBroken(
                    f"Champ « {cell.field.name} » : une valeur de {name} n'est pas du type {cell.field.type}."
                )


def _shown(plan: Plan) -> str:
    """The typed table under its declared names, in contract order."""
    columns = [f"{column} AS {quote(name)}" for name, column in plan.output.items()] or ["rowid"]
    return f"SELECT {', '.join(columns)} FROM __cells"


def _verdict(job: Job, connection: duckdb.DuckDBPyConnection, source: Source, plan: Plan, rows: int) -> Outcome:
    found = Found(connection)
    collect(found, plan, source, rows)
    total = found.total()
    parquet = job.folder / "rows.parquet" if job.write and not total else None
    if parquet:
        connection.execute(f"COPY ({_shown(plan)}) TO {literal(str(parquet))} (FORMAT parquet)")
    return Outcome(
        source.dialect,
        source.encoding,
        rows,
        plan.columns,
        keys.with_near(connection, plan, found.page(job.limit, job.offset, source.places)),
        total,
        parquet,
    )


def collect(found: Found, plan: Plan, source: Source, rows: int) -> None:
    """Gather every finding: header, structure, cells, keys and rules; and that there is no row, where some are due."""
    for finding in plan.columns.findings:
        found.add(finding.check, f"SELECT {finding.row}, {literal(finding.value or '')}, ''")
    if source.structure and source.structure.stat().st_size:
        _structure(found, plan, source, source.structure)
    if plan.whole:
        first = len(found.checks) + 1
        found.checks += [BLANK, *(check for check, _ in plan.checks)]
        found.insert(plan.failures(first))
    if source.doubtful:
        _doubtful(found, plan, source.doubtful)
    for query in keys.queries(plan):
        if not query.key or not keys.distinct(found.connection, plan, query.key, rows):
            found.add(query.check, query.select)
    if plan.whole:
        _totals(found)
    if not rows and plan.contract.needs_rows:
        found.add(NO_ROWS, "SELECT NULL, '', ''")


def _structure(found: Found, plan: Plan, source: Source, path: Path) -> None:
    """Cells too many, with their place, and too few. In a workbook those between two that hold something are none."""
    labels, spreadsheet = source.labels, source.dialect.spreadsheet
    names = {position: name for name, position in plan.columns.positions.items()}
    read = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
    column = "if(position < 26, '', chr((64 + position // 26)::integer)) || chr((65 + position % 26)::integer)"
    place, held = (f"{column} || row", "AND value <> ''") if spreadsheet else ("(position + 1)::varchar", "")
    extra = f"SELECT row, value, {place} FROM {read} WHERE position >= {len(labels)} {held}"
    found.add(Check("", "extra-cell", "extra-cell"), extra)
    for position, label in enumerate(labels):
        check = Check(names.get(position, label), "missing-cell", "missing-cell")
        found.add(check, f"SELECT row, '', '' FROM {read} WHERE position = {position}")


def _totals(found: Found) -> None:
    """Of a row that fails and whose first text announces a total, that is told, and nothing else."""
    texts = "list_filter(from_json(raw, '[\"VARCHAR\"]'), lambda text: text <> '')"
    first = f"SELECT rowid + {scan.FIRST_ROW} AS row, {texts}[1] AS value FROM __cells WHERE raw IS NOT NULL"
    totals = f"SELECT row, value, '' FROM ({first}) WHERE regexp_full_match(value, {literal(TOTAL_TEXT)})"
    found.connection.execute(f"DELETE FROM __findings WHERE row IN (SELECT row FROM ({totals}))")
    found.add(TOTAL, totals)


def _doubtful(found: Found, plan: Plan, path: Path) -> None:
    """Cells of a workbook that hold an error, a formula without a result, a value that they do not show or spread over
    their neighbours, a text such as 1.000 for a number or a number such as 1.1 for a text: that, and nothing else, is
    said of them."""
    columns = "{'row': 'BIGINT', 'position': 'BIGINT', 'rule': 'VARCHAR', 'value': 'VARCHAR'}"
    read = f"read_csv({literal(str(path))}, auto_detect = false, quote = '\"', escape = '\"', columns = {columns})"
    found.connection.execute(f"CREATE TABLE __doubtful AS SELECT * FROM {read} WHERE row >= {scan.FIRST_ROW}")
    for name, position in plan.columns.positions.items():
        named = plan.contract.field(name)
        kinds = dict.fromkeys((ERROR, UNCOMPUTED, ANOTHER, NOTHING, MERGED), "")
        kinds |= {GROUPED_RULE: named.type} if may_be_grouped(named) else {}
        kinds |= {DECIMAL: named.type} if named.type == "string" else {}
        others = [number for number, check in enumerate(found.checks) if check.field == name]
        cells = f"FROM __doubtful WHERE position = {position} AND rule"
        found.connection.execute(
            f"DELETE FROM __findings WHERE number IN ({literals(others)})"
            f" AND row IN (SELECT row {cells} IN ({literals(kinds)}))"
        )
        for rule, kind in kinds.items():
            found.add(Check(name, "type-error", rule, kind), f"SELECT row, value, '' {cells} = {literal(rule)}")
