"""Rows of one table of a release, cut and paged: SQL whose names come from contracts and whose values are all bound."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from dashboard.api import cursor
from dashboard.api.cursor import Cursor, digest
from dashboard.api.datasets import Dataset, Filter
from dashboard.api.operations import Operation
from dashboard.api.parameters import USUAL_PAGE, Value
from dashboard.api.problems import Problem
from dashboard.router import Lang
from publish.reader import Release

if TYPE_CHECKING:
    import pyarrow

# Rows that one answer may hold where no page was asked for: CSV and Parquet have no room to say that more follow.
MOST_ROWS = 100_000
NAMES = """
    select p.*, {indicateur} as indicateur_nom, {territoire} as territoire_nom
    from page as p
    left join indicateurs as i on i.indicateur = p.indicateur
    left join territoires as t on t.niveau = p.territoire_niveau and t.code = p.territoire_code
"""
NAMED_COLUMNS = ("indicateur_nom", "territoire_nom")
HALVES = {"S1": ("01-01", "06-30"), "S2": ("07-01", "12-31")}
TO_QUOTE = '[",\n\r]'


@dataclass(frozen=True)
class Asked:
    """A request once read: the values of each filter by its name, and how the rows are wanted.

    ``lang`` is None where no language was asked for; ``size`` None where no page was; ``cursor`` "" for a first page.
    """

    operation: Operation
    values: Mapping[str, tuple[Value, ...]]
    format: str = "json"
    lang: Lang | None = None
    size: int | None = None
    cursor: str = ""

    @property
    def named(self) -> bool:
        """Whether the rows say names beside codes."""
        return self.operation.named and self.lang is not None

    @property
    def whole(self) -> bool:
        """Whether all rows are wanted at once."""
        return self.format != "json" and self.size is None and not self.cursor

    @property
    def rows(self) -> int:
        """Most rows of the answer."""
        return MOST_ROWS if self.whole else self.size or USUAL_PAGE

    @property
    def question(self) -> str:
        """What a cursor of this request is good for."""
        return digest((self.operation.path, sorted(self.values.items())))


@dataclass(frozen=True)
class Page:
    """Rows as texts, one a line, or as an Arrow table; ``following`` is the cursor of the next page, "" for none."""

    columns: tuple[str, ...]
    rows: Sequence[str] | pyarrow.Table
    following: str


class _Statement:
    """A SELECT being written: each value is bound under a name of its own."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.params: dict[str, Value] = {}
        self.conditions: list[str] = []

    def bind(self, value: Value, column: str) -> str:
        """The place of a value compared with a column."""
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"${name}::{self.dataset.types[column]}"

    def keep(self, cut: Filter, values: Sequence[Value]) -> None:
        """Keep the rows that a filter asks for."""
        first = f'"{cut.columns[0]}"'
        if cut.comparison != "parmi":
            sign, place = (">=", 0) if cut.comparison == "depuis" else ("<=", 1)
            limit = bounds(str(values[0]), cut.parameter.name)[place]
            self.conditions.append(f"{first} {sign} {self.bind(limit, cut.columns[0])}")
        elif len(cut.columns) == 1:
            places = ", ".join(self.bind(value, cut.columns[0]) for value in values)
            self.conditions.append(f"{first} in ({places})")
        else:
            each = (" and ".join(self._equal(cut.columns, str(value).split(":"))) for value in values)
            self.conditions.append("(" + " or ".join(f"({one})" for one in each) + ")")

    def _equal(self, columns: Sequence[str], parts: Sequence[str]) -> list[str]:
        return [f'"{name}" = {self.bind(part, name)}' for name, part in zip(columns, parts, strict=True)]

    def follow(self, last: Cursor) -> None:
        """Keep the rows after a key. The first part is compared apart, so that parts of the file can be passed over."""
        key = self.dataset.key
        places = [self.bind(part, name) for name, part in zip(key, last.key, strict=True)]
        self.conditions.append(f'"{key[0]}" >= {places[0]}')
        self.conditions.append(f"({_names(key)}) > ({', '.join(places)})")

    def text(self, *, rows: int, lang: Lang | None) -> str:
        """The SELECT; with ``lang``, names stand beside codes."""
        where = f" where {' and '.join(self.conditions)}" if self.conditions else ""
        order = f" order by {_names(self.dataset.key)}"
        page = f'select * from "{self.dataset.name}"{where}{order} limit {int(rows)}'
        if lang is None:
            return page
        names = NAMES.format(indicateur=_name("i", lang), territoire=_name("t", lang))
        return f"with page as ({page}) {names}{order.replace('by ', 'by p.').replace(', ', ', p.')}"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _name(table: str, lang: Lang) -> str:
    return f"{table}.nom" if lang == "fr" else f"coalesce(nullif({table}.nom_en, ''), {table}.nom)"


def bounds(period: str, parameter: str) -> tuple[str, str]:
    """First and last day of a period written as in the observations. Raises Problem for a day that does not exist."""
    year, half = period[:4], period[5:]
    if half in HALVES:
        return f"{year}-{HALVES[half][0]}", f"{year}-{HALVES[half][1]}"
    try:
        span = pd.Period(period.replace("-T", "Q"))
    except ValueError as error:
        raise Problem("valeur-invalide", parameter=parameter, value=period, expected="2026-T3") from error
    return str(span.start_time.date()), str(span.end_time.date())


def select(release: Release, asked: Asked) -> Page:
    """The rows asked for. Raises Problem for more rows than an answer holds, or a cursor that is of no use."""
    dataset = _dataset(asked)
    statement = _Statement(dataset)
    for cut in asked.operation.filters:
        if cut.parameter.name in asked.values:
            statement.keep(cut, asked.values[cut.parameter.name])
    if asked.cursor:
        width = len(dataset.key)
        last = cursor.read(asked.cursor, version=release.version, question=asked.question, width=width)
        statement.follow(last)
    return _page(release, asked, statement)


def _dataset(asked: Asked) -> Dataset:
    if asked.operation.dataset is None:
        raise ValueError(f"{asked.operation.path} has no rows")
    return asked.operation.dataset


def _page(release: Release, asked: Asked, statement: _Statement) -> Page:
    """One row more than wanted is read: it tells whether there are more."""
    dataset = statement.dataset
    sql = statement.text(rows=asked.rows + 1, lang=asked.lang if asked.named else None)
    columns = (*dataset.contract.names, *(NAMED_COLUMNS if asked.named else ()))
    try:
        rows: Any = _read(release, asked.format, sql, columns, statement)
    except duckdb.ConversionException as error:
        raise cursor.refusal(asked.cursor) from error
    more = len(rows) > asked.rows
    if more and asked.whole:
        raise Problem("trop-de-lignes", parameter="taille", most=MOST_ROWS, table=dataset.name, version=release.version)
    kept = rows[: asked.rows] if more else rows
    key = _last_key(asked.format, kept, columns, dataset) if more else ()
    return Page(columns, kept, Cursor(release.version, asked.question, key).text() if more else "")


def _read(
    release: Release, format: str, sql: str, columns: Sequence[str], statement: _Statement
) -> list[str] | pyarrow.Table:
    if format == "parquet":
        return release.arrow(f"select {_names(columns)} from ({sql})", statement.params)
    line = "to_json(r)::varchar" if format == "json" else _csv_line(columns, statement.dataset)
    inside = f"select {_names(columns)} from ({sql})"
    return [text for (text,) in release.rows(f"select {line} from ({inside}) as r", statement.params)]


def _csv_line(columns: Sequence[str], dataset: Dataset) -> str:
    """A line as DuckDB writes it in the CSV of the release: the same text for the same row."""
    coded = {field.name for field in dataset.contract.fields if field.categories}
    free = {name for name in columns if dataset.types.get(name, "VARCHAR") == "VARCHAR"} - coded
    return f"concat_ws(',', {', '.join(_csv_cell(name, quoted=name in free) for name in columns)})"


def _csv_cell(name: str, *, quoted: bool) -> str:
    """A cell; only free text may hold what must be quoted."""
    if not quoted:
        return f"coalesce(\"{name}\"::varchar, '')"
    within = f"'\"' || replace(\"{name}\", '\"', '\"\"') || '\"'"
    needs = f"\"{name}\" = '' or regexp_matches(\"{name}\", '{TO_QUOTE}')"
    return f"coalesce(case when {needs} then {within} else \"{name}\" end, '')"


def _last_key(format: str, rows: Any, columns: Sequence[str], dataset: Dataset) -> tuple[str, ...]:
    if format == "json":
        row = json.loads(rows[-1])
    elif format == "csv":
        row = dict(zip(columns, next(csv.reader([rows[-1]])), strict=True))
    else:
        row = rows.slice(len(rows) - 1).to_pylist()[0]
    return tuple(str(row[name]) for name in dataset.key)
