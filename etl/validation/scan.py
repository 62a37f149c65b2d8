"""The scan: one SELECT reads the file, types every cell, checks it, and keeps the text of the rows that fail.

Per row the scan yields the typed values ``v<i>``, the reasons of absence ``a<i>`` and, only where some check is broken,
the JSON list ``raw`` of the row's texts. What exactly is broken is then worked out on those rows alone, by the same
expressions; a valid file never pays for it.

Where the rows are not wanted, the scan only proves: a row yields whether anything is ``wrong`` with it (rules that one
row is enough for are asked there), the hash ``h<n>`` of each key, and the values that references and other rules need.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from etl.validation.constraints import cell_checks, flag, is_native
from etl.validation.dialect import Dialect
from etl.validation.findings import Check
from etl.validation.header import Columns
from etl.validation.sql import is_of_one_row, literal, literals, quote
from etl.validation.types import Expression, Reading, reading
from schemas.contract import Contract, Field, Rule

FIRST_ROW = 2  # the header is row 1
BLANK = Check("", "blank-row", "blank-row")


@dataclass(frozen=True)
class Cell:
    """One field as the scan sees it: ``c<position>`` in the file, ``x<index>`` its text, ``v<index>`` its value."""

    index: int
    position: int
    field: Field
    reading: Reading
    ahead: bool = False

    @property
    def parsed(self) -> Expression | None:
        """SQL of the value over what the file's reader gives in the place of the text, where it is to do so."""
        return self.reading.parsed if self.ahead else None

    @property
    def labelled(self) -> bool:
        """Whether the contract says why a value may be absent."""
        return any(missing.label for missing in self.field.missing)

    @property
    def text(self) -> str:
        """SQL of the cell's text, NULL where missing."""
        raw, codes = (f"c{self.position}", [missing.value for missing in self.field.missing if missing.value])
        if all(missing.value for missing in self.field.missing):
            raw = f"coalesce({raw}, '')"
        return f"CASE WHEN {raw} IN ({literals(codes)}) THEN NULL ELSE {raw} END" if codes else raw

    @property
    def value(self) -> str:
        """SQL of the cell's typed value, over its text and its quick value."""
        text, quick = f"x{self.index}", f"q{self.index}"
        if self.parsed:
            return self.parsed(text)
        exact = self.reading.value(text)
        return (
            f"CASE WHEN {self.reading.proven(text, quick)} THEN {quick} ELSE {exact} END"
            if self.reading.quick
            else exact
        )

    @property
    def absence(self) -> str:
        """SQL of the label of the missing code found in the cell, NULL where there is a value or no label."""
        cases = " ".join(
            f"WHEN {literal(missing.value)} THEN {literal(missing.label)}"
            for missing in self.field.missing
            if missing.label
        )
        return f"CASE coalesce(c{self.position}, '') {cases} END"


@dataclass(frozen=True)
class Plan:
    """The SQL of a contract for a file of a given header and dialect; unless ``whole``, of what proves a file valid.

    ``ahead`` where values come typed from the file's reader (``kinds``), as they may where nothing but proof is wanted.
    """

    contract: Contract
    columns: Columns
    dialect: Dialect
    whole: bool = True
    bland: bool = False
    ahead: bool = False

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The fields that the file has, in contract order."""
        fields = self.columns.fields(self.contract)
        return tuple(
            Cell(index, self.columns.positions[field.name], field, reading(field, self.dialect), self.ahead)
            for index, field in enumerate(fields)
        )

    @property
    def kinds(self) -> dict[int, str]:
        """SQL types of the columns of the file that its reader is to give typed, by position."""
        return {cell.position: cell.reading.sql_type for cell in self.cells if cell.parsed}

    @cached_property
    def checks(self) -> tuple[tuple[Check, str], ...]:
        """Every check that one row is enough for, with the SQL of the text it is about."""
        cells = [(check, f"coalesce(c{cell.position}, '')") for cell in self.cells for check in self._checks_of(cell)]
        return (*cells, *self._whole_key())

    def _checks_of(self, cell: Cell) -> Iterator[Check]:
        names = {"text": f"x{cell.index}", "value": f"v{cell.index}"}
        return cell_checks(cell.field, cell.reading, **names, bland=self.bland)

    def _whole_key(self) -> list[tuple[Check, str]]:
        """No part of a primary key may be missing (a part that is there but unreadable is a type error already)."""
        key = self.contract.primary_key
        parts = [cell for cell in self.cells if cell.field.name in key]
        if not key or len(parts) < len(key):
            return []
        absent = " OR ".join(f"x{cell.index} IS NULL" for cell in parts)
        shown = ", ".join(f"coalesce(c{cell.position}, '')" for cell in parts)
        return [(Check("", "primary-key", "primaryKey", ", ".join(key), absent), f"concat_ws(', ', {shown})")]

    @property
    def foreign_patterns(self) -> list[str]:
        """Patterns that the engine's regular expressions do not know."""
        patterns = [cell.field.constraints["pattern"] for cell in self.cells if "pattern" in cell.field.constraints]
        return sorted({pattern for pattern in patterns if not is_native(pattern)})

    @cached_property
    def output(self) -> dict[str, str]:
        """Columns of the typed table: declared name → internal column. Unless the ``whole`` table is wanted, only what
        references and rules judged over the table look at is kept."""
        if self.whole:
            return self._named(self.contract.names)
        references = [key.fields for key in self.contract.foreign_keys]
        own = [key.reference_fields for key in self.contract.foreign_keys if key.resource in ("", self.contract.name)]
        return self._named({*(name for key in (*references, *own) for name in key), *self._looked_at(self.rules)})

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Rules to judge over the typed table, of those that the columns of the file allow."""
        return tuple(rule for rule in self._allowed if self.whole or not is_of_one_row(rule.check))

    @property
    def _allowed(self) -> list[Rule]:
        return [rule for rule in self.contract.rules if set(rule.fields) <= set(self.columns.positions)]

    def _looked_at(self, rules: Sequence[Rule]) -> set[str]:
        texts = " ".join(rule.check.casefold() for rule in rules)
        named = {name for rule in rules for name in rule.fields}
        return named | {name for name in self.contract.names if name.casefold() in texts}

    def _named(self, names: Collection[str]) -> dict[str, str]:
        named = {}
        for cell in self.cells:
            if cell.field.name in names:
                named[cell.field.name] = f"v{cell.index}"
                if cell.labelled:
                    named[f"{cell.field.name}__absence"] = f"a{cell.index}"
        return named

    @cached_property
    def hashes(self) -> dict[tuple[str, ...], str]:
        """Keys that may not repeat and whose columns the file has, by their fields: SQL of the 64-bit hash of their
        values, NULL where a part is absent."""
        columns = {cell.field.name: f"v{cell.index}" for cell in self.cells}
        keys = (key for _, key in self.contract.uniques if set(key) <= set(columns))
        return {key: _hash([columns[name] for name in key]) for key in keys}

    def hash_of(self, key: tuple[str, ...]) -> str:
        """SQL of the hash of a key over the typed table, which keeps either its columns or its hash."""
        return self.hashes[key] if self.whole else f"h{list(self.hashes).index(key)}"

    @property
    def blank(self) -> str:
        """SQL that is TRUE on a row without any text."""
        return " AND ".join(f"{column} IS NULL" for column in self.raw)

    @property
    def raw(self) -> Sequence[str]:
        """The columns of texts, in file order."""
        return [f"c{position}" for position in range(self.columns.width)]

    def typed(self, source: str) -> str:
        """SQL that adds to a source of texts ``c<i>`` the texts ``x<i>``, the values ``v<i>`` and absences ``a<i>``."""
        texts = [f"{cell.text} AS x{cell.index}" for cell in self.cells]
        quick = [
            f"{cell.reading.quick(f'x{cell.index}')} AS q{cell.index}"
            for cell in self.cells
            if cell.reading.quick and not cell.parsed
        ]
        values = [f"{cell.value} AS v{cell.index}" for cell in self.cells]
        absences = [f"{cell.absence} AS a{cell.index}" for cell in self.cells if cell.labelled]
        return (
            f"WITH source AS ({source}), texts AS (SELECT {', '.join(['*', *texts])} FROM source),"
            f" quick AS (SELECT {', '.join(['*', *quick])} FROM texts)"
            f" SELECT {', '.join(['*', *values, *absences])} FROM quick"
        )

    def scan(self, source: str) -> str:
        """SQL of the whole pass."""
        rows = self.typed(source)
        return f"CREATE OR REPLACE TABLE __cells AS {self._texts(rows) if self.whole else self._proof(rows)}"

    def _texts(self, rows: str) -> str:
        """SQL of the typed values of rows, and the texts of those that fail."""
        texts = f"CAST(to_json([{', '.join(self.raw)}]) AS VARCHAR)"
        kept = [*self.output.values(), f"CASE WHEN {self._broken()} THEN {texts} END AS raw"]
        return f"SELECT {', '.join(kept)} FROM ({rows})"

    def _proof(self, rows: str) -> str:
        """SQL of what proves rows valid. Rules see the declared names and none of ours that could be one of them."""
        rules = [rule for rule in self._allowed if rule not in self.rules]
        named = [f"{column} AS {quote(name)}" for name, column in self._named(self._looked_at(rules)).items()]
        hashes = {self.hash_of(key): sql for key, sql in self.hashes.items()}
        ours = {**{column: column for column in self.output.values()}, **hashes}
        inner = [*named, *(f"{sql} AS __{column}" for column, sql in ours.items())]
        outer = [f"__{column} AS {column}" for column in ours]
        wrong = " OR ".join(["__wrong", *(f"NOT (\n{rule.check}\n)" for rule in rules)])
        return (
            f"SELECT {', '.join([*outer, f'CASE WHEN {wrong} THEN TRUE END AS wrong'])} FROM"
            f" (SELECT {', '.join([*inner, f'CASE WHEN {self._broken()} THEN TRUE END AS __wrong'])} FROM ({rows}))"
            f" AS {quote(self.contract.name)}"
        )

    def _broken(self) -> str:
        """SQL that is TRUE on a row where any check of one row fails."""
        flags: list[str] = []
        needed = {cell.field.name for cell in self.cells if cell.field.required} | set(self.contract.primary_key)
        for cell in self.cells:
            checks = [check for check, _ in self.checks if check.field == cell.field.name]
            names = {"text": f"x{cell.index}", "value": f"v{cell.index}"}
            flags += flag(cell.field, checks, needed=cell.field.name in needed, **names)
        blank_is_seen = needed & set(self.columns.positions)
        return " OR ".join(flags if blank_is_seen else [self.blank, *flags])

    def failures(self, first_check: int) -> str:
        """SQL of the findings on single cells, as (row, check, value, hint), checks numbered from ``first_check``;
        ``first_check - 1`` is the blank row."""
        source = ", ".join(
            ["rowid AS record", *(f"json_extract_string(raw, '$[{p}]') AS {name}" for p, name in enumerate(self.raw))]
        )
        found = ", ".join(
            f"CASE WHEN {check.broken} THEN {{'c': {number}, 'v': {shown}, 'h': {check.hint}}} END"
            for number, (check, shown) in enumerate(self.checks, start=first_check)
        )
        blank = f"[{{'c': {first_check - 1}, 'v': '', 'h': ''}}]"
        rows = self.typed(f"SELECT {source} FROM __cells WHERE raw IS NOT NULL")
        return (
            f"SELECT record + {FIRST_ROW}, found.c, found.v, found.h FROM (SELECT record, unnest("
            f"CASE WHEN {self.blank} THEN {blank} ELSE [{found}] END) AS found FROM ({rows})) WHERE found IS NOT NULL"
        )


def _hash(columns: Sequence[str]) -> str:
    present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return f"CASE WHEN {present} THEN hash({', '.join(columns)}) END"


def run(connection: duckdb.DuckDBPyConnection, plan: Plan, source: str) -> int:
    """Create the table ``cells`` from a source of texts; returns the number of rows."""
    connection.execute(plan.scan(source))
    return int(connection.execute("SELECT count(*) FROM __cells").fetchall()[0][0])
