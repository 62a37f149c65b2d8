"""The two helpers through which every name and every value enters generated SQL, and what is asked of an expression."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import duckdb

from schemas.errors import ContractBroken

Literal = str | int | float | bool | date | None


def quote(name: str) -> str:
    """A name as a quoted SQL identifier. Raises ContractBroken on a NUL, which SQL cannot hold."""
    return '"' + _clean(name).replace('"', '""') + '"'


def literal(value: Literal) -> str:
    """A value as a SQL literal; text can hold anything but NUL (ContractBroken)."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + _clean(value).replace("'", "''") + "'"


def literals(values: Iterable[Literal]) -> str:
    """Values as a comma-separated list of literals."""
    return ", ".join(literal(value) for value in values)


def _clean(text: str) -> str:
    if "\0" in text:
        raise ContractBroken(f"Un nom ou une valeur du contrat contient le caractère NUL : {text!r}.")
    return text


@cache
def is_of_one_row(expression: str) -> bool:
    """Whether an expression looks at nothing but the row it is asked of: neither subquery nor window."""
    tree = duckdb.execute("SELECT json_serialize_sql(?)", [f"SELECT (\n{expression}\n)"]).fetchall()[0][0]
    return not any(f'"class":"{kind}"' in tree for kind in ("SUBQUERY", "WINDOW"))
