"""Checks across rows and tables, on the typed table: keys, references, named rules. Each is a check and a SELECT.

A SELECT gives (row, value, hint) of the rows that break the check.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any

import duckdb
import numpy as np

from etl.validation.findings import Check, Finding
from etl.validation.scan import FIRST_ROW, Plan
from etl.validation.sql import literal, quote
from schemas.contract import ForeignKey, Rule
from schemas.errors import ContractBroken

ROW = "__ligne"
PART = 10_000_000  # keys whose hashes are held at once
SORTED_AT_ONCE = 100_000  # hashes below which a second processor gains nothing
CLOSE = 0.85  # of 1, two values that differ in nothing
COMPARED = 100  # unknown values that are compared with all the known ones


@dataclass(frozen=True)
class Query:
    """A check and its SELECT; ``key`` are the fields that must not repeat, where that is what is asked; ``known`` is
    the SELECT of the values that a table of reference has."""

    check: Check
    select: str
    key: tuple[str, ...] = ()
    known: str = ""


def queries(plan: Plan) -> Iterator[Query]:
    """Every check across rows that the typed table allows: of keys, only where it is whole."""
    for rule, key in plan.contract.uniques if plan.whole else ():
        yield from _unique(plan, key, _unique_check(rule, key))
    for foreign in plan.contract.foreign_keys:
        yield from _foreign(plan, foreign)
    yield from (_rule(plan, rule) for rule in plan.rules)


def _unique_check(rule: str, key: tuple[str, ...]) -> Check:
    if rule == "unique":
        return Check(key[0], "unique-error", rule)
    return Check("", "primary-key" if rule == "primaryKey" else "unique-error", rule, ", ".join(key))


def _columns(plan: Plan, names: Sequence[str]) -> list[str]:
    """Internal columns of declared names; empty if the file lacks one of them."""
    return [plan.output[name] for name in names] if set(names) <= set(plan.output) else []


def _shown(columns: Sequence[str]) -> str:
    return f"concat_ws(', ', {', '.join(f'CAST({column} AS VARCHAR)' for column in columns)})"


def _present(columns: Sequence[str]) -> str:
    return " AND ".join(f"{column} IS NOT NULL" for column in columns)


def _unique(plan: Plan, names: tuple[str, ...], check: Check) -> Iterator[Query]:
    """Rows whose key was seen before; the hint is the row of its first use. A key with an absent part repeats none."""
    if not (columns := _columns(plan, names)):
        return
    key = ", ".join(columns)
    same = " AND ".join(f"cells.{column} = twice.{column}" for column in columns)
    select = (
        f"WITH twice AS (SELECT {key}, min(rowid) AS first FROM __cells AS cells WHERE {_present(columns)}"
        f" GROUP BY {key} HAVING count(*) > 1)"
        f" SELECT cells.rowid + {FIRST_ROW}, {_shown([f'cells.{column}' for column in columns])},"
        f" CAST(first + {FIRST_ROW} AS VARCHAR) FROM __cells AS cells JOIN twice ON {same} WHERE cells.rowid > first"
    )
    yield Query(check, select, names)


def _foreign(plan: Plan, key: ForeignKey) -> Iterator[Query]:
    """Rows whose reference is nowhere in the table referred to; the hint is the columns it was looked up in. Texts are
    compared, so that types need not agree."""
    if not (columns := _columns(plan, key.fields)):
        return
    resource = key.resource or plan.contract.name
    same = " AND ".join(
        f"CAST(target.{quote(name)} AS VARCHAR) = CAST(cells.{column} AS VARCHAR)"
        for name, column in zip(key.reference_fields, columns, strict=True)
    )
    check = Check("", "foreign-key", "foreignKeys", resource, fields=key.fields)
    sought = literal(", ".join(key.reference_fields))
    yield Query(
        check,
        f"SELECT rowid + {FIRST_ROW}, {_shown(columns)}, {sought} FROM __cells AS cells WHERE {_present(columns)}"
        f" AND NOT EXISTS (SELECT 1 FROM {quote(resource)} AS target WHERE {same})",
        known=f"SELECT DISTINCT {_shown([quote(name) for name in key.reference_fields])} FROM {quote(resource)}"
        if resource != plan.contract.name
        else "",
    )


def with_near(connection: duckdb.DuckDBPyConnection, plan: Plan, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings, those of unknown references with the one known value that is close to theirs, where just one is."""
    known = {query.check: query.known for query in queries(plan) if query.known}
    unknown = dict.fromkeys((found.check, found.value or "") for found in findings if found.check in known)
    compared = list(islice(unknown, COMPARED))
    texts = {check: [text for (text,) in connection.execute(known[check]).fetchall()] for check, _ in compared}
    near: dict[tuple[Check, str | None], str] = {}
    for check, value in compared:
        close = get_close_matches(value, texts[check], n=2, cutoff=CLOSE)
        near[check, value] = close[0] if len(close) == 1 else ""
    return tuple(replace(found, near=near.get((found.check, found.value), "")) for found in findings)


def _rule(plan: Plan, rule: Rule) -> Query:
    texts = [f"{literal(name + ' = ')} || coalesce(CAST({quote(name)} AS VARCHAR), '∅')" for name in rule.fields]
    first = rule.fields[0]
    return Query(
        Check(first, "row-constraint", rule.name, fields=rule.fields),
        f"SELECT {quote(ROW)} + {FIRST_ROW}, CAST({quote(first)} AS VARCHAR), concat_ws(', ', {', '.join(texts)})"
        f" FROM ({_judged(plan, rule)}) WHERE NOT __respectee",
    )


def _judged(plan: Plan, rule: Rule) -> str:
    """SQL of the typed rows and, for each, whether it keeps the rule."""
    named = ", ".join(f"{column} AS {quote(name)}" for name, column in plan.output.items())
    rows = f"SELECT rowid AS {quote(ROW)}, {named} FROM __cells"
    return f"SELECT *, (\n{rule.check}\n) AS __respectee FROM ({rows}) AS {quote(plan.contract.name)}"


def check_verdicts(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Refuse a rule that is neither true nor false, once there is a typed table. Raises ContractBroken."""
    for rule in plan.rules:
        kind = connection.execute(f"DESCRIBE SELECT __respectee FROM ({_judged(plan, rule)})").fetchall()[0][1]
        if kind != "BOOLEAN":
            raise ContractBroken(
                f"Règle « {rule.name} » de {plan.contract.name} : {rule.check} vaut un {kind}, ni vrai ni faux."
            )


def distinct(connection: duckdb.DuckDBPyConnection, plan: Plan, key: tuple[str, ...], rows: int) -> bool:
    """Whether a key is proven to repeat nowhere: its 64-bit hashes, sorted, are all different.

    Several times faster than an aggregate. False proves nothing (two values may have one hash): the SELECT decides.
    """
    parts = 1 + rows // PART
    hashed = f"SELECT h FROM (SELECT {plan.hash_of(key)} AS h FROM __cells) WHERE h IS NOT NULL"
    for part in range(parts):
        where = f" AND h % {parts} = {part}" if parts > 1 else ""
        found = connection.execute(hashed + where).to_arrow_table()["h"].to_numpy()
        hashes = np.require(found, requirements="W")
        _sort(hashes)
        if np.any(hashes[1:] == hashes[:-1]):
            return False
    return True


def _sort(hashes: np.ndarray[Any, Any]) -> None:
    """Sort in place, on all processors: each sorts what lies between two of the values."""
    parts = min(os.cpu_count() or 1, 1 + len(hashes) // SORTED_AT_ONCE)
    cuts = [len(hashes) * part // parts for part in range(1, parts)]
    if cuts:
        hashes.partition(cuts)
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(np.ndarray.sort, np.split(hashes, cuts)))


def proven(connection: duckdb.DuckDBPyConnection, plan: Plan, rows: int) -> bool:
    """Whether a table that is not whole proves that nothing is wrong with any row alone, and that no key repeats."""
    wrong = connection.execute("SELECT coalesce(bool_or(wrong), FALSE) FROM __cells").fetchall()[0][0]
    return not wrong and all(distinct(connection, plan, key, rows) for key in plan.hashes)


def check_rules(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Refuse a rule that is more than one expression; to be called before any runs. Raises ContractBroken."""
    for rule in plan.contract.rules:
        answer = connection.execute("SELECT json_serialize_sql(?)", [f"SELECT (\n{rule.check}\n)"]).fetchall()[0][0]
        if '"error":true' in answer:
            raise ContractBroken(
                f"Règle « {rule.name} » de {plan.contract.name} : {rule.check} n'est pas une expression SQL."
            )
