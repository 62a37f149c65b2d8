"""Row-level gaps of one dataset between two releases, by the key of its contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from etl.validation.sql import literal, quote

# What says where a gap is and whether new returns explain it, in the datasets that have these columns.
CONTEXT = {
    "indicateur": "indicateur",
    "flux": "source",
    "niveau": "territoire_niveau",
    "code": "territoire_code",
    "debut": "periode_debut",
    "fin": "periode_fin",
}
RETURNS = ("recues", "attendues")
GAPS = """
    create or replace temp table ecarts (
        jeu varchar, cle varchar, champ varchar, nature varchar, avant varchar, apres varchar, premiere varchar,
        indicateur varchar, flux varchar, niveau varchar, code varchar, debut date, fin date, secrete boolean,
        attendue boolean
    )
"""


def compare_rows(con: duckdb.DuckDBPyConnection, name: str, before: Path, after: Path, *, key: Sequence[str]) -> None:
    """Add to table ``ecarts`` the rows added, the rows removed and the cells changed of a dataset.

    ``before`` and ``after`` are its Parquet files, which both have the columns of ``key``. Columns that only one of
    them has are not compared: their contract tells of them.
    """
    old, new = _columns(con, before), _columns(con, after)
    shared = [column for column in new if column in old and column not in key]
    con.execute(
        _select(name, key, shared, old, new),
        {"avant": str(before), "apres": str(after)},
    )


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    described = con.execute(
        "describe select * from read_parquet($file, hive_partitioning = false)", {"file": str(path)}
    ).fetchall()
    return {name: kind for name, kind, *_ in described}


def _select(name: str, key: Sequence[str], shared: Sequence[str], old: dict[str, str], new: dict[str, str]) -> str:
    text = key_text("coalesce(b.{0}, a.{0})", key)
    same = " and ".join(f"a.{quote(column)} is not distinct from b.{quote(column)}" for column in key)
    changed = " or ".join(["a.presente is null", "b.presente is null", *(_differs(c, old, new) for c in shared)])
    cells = ", ".join(
        f"{{'champ': {literal(c)}, 'avant': a.{quote(c)}::varchar, 'apres': b.{quote(c)}::varchar, "
        f"'change': {_differs(c, old, new)}}}"
        for c in shared
    )
    context = ", ".join(_context(column, old, new) for column in CONTEXT.values())
    return f"""
        insert into ecarts
        with
        a as (select *, true as presente from read_parquet($avant, hive_partitioning = false)),
        b as (select *, true as presente from read_parquet($apres, hive_partitioning = false)),
        paires as (
            select
                {text} as cle,
                case when a.presente is null then 'ajout' when b.presente is null then 'retrait'
                    else 'modification' end as nature,
                [{cells}]::struct(champ varchar, avant varchar, apres varchar, change boolean)[] as cellules,
                coalesce(b.{quote(key[0])}, a.{quote(key[0])})::varchar as premiere,
                {context},
                {_secret(old, new)} as secrete,
                {_expected(old, new)} as attendue
            from a full join b on {same}
            where {changed}
        ),
        cellules as (
            select * exclude (cellules), unnest(case
                when nature = 'modification' then [c for c in cellules if c.change]
                else [{{'champ': '*', 'avant': null, 'apres': null, 'change': true}}]
            end) as cellule
            from paires
        )
        select {literal(name)}, cle, cellule.champ, nature, cellule.avant, cellule.apres,
            * exclude (cle, nature, cellule)
        from cellules
    """


def key_text(pattern: str, key: Sequence[str]) -> str:
    """SQL of the key of a row as JSON text; ``{0}`` in ``pattern`` stands for each quoted column."""
    members = ", ".join(f"{literal(column)}: {pattern.format(quote(column))}" for column in key)
    return f"to_json({{{members}}})::varchar"


def _differs(column: str, old: dict[str, str], new: dict[str, str]) -> str:
    cast = "" if old[column] == new[column] else "::varchar"
    return f"a.{quote(column)}{cast} is distinct from b.{quote(column)}{cast}"


def _context(column: str, old: dict[str, str], new: dict[str, str]) -> str:
    sides = [f"{side}.{quote(column)}" for side, held in (("b", new), ("a", old)) if column in held]
    return f"coalesce({', '.join(sides)})" if sides else "null"


def _secret(old: dict[str, str], new: dict[str, str]) -> str:
    """Whether a row became secret or ceased to be: one that stays secret has nothing to hide but what is empty."""
    if "statut" not in old or "statut" not in new:
        return "false"
    return "coalesce(a.statut = 'secret', false) <> coalesce(b.statut = 'secret', false)"


def _expected(old: dict[str, str], new: dict[str, str]) -> str:
    """Whether a gap was to be expected: other returns, or a value that was said to be provisional."""
    found = [_differs(column, old, new) for column in RETURNS if column in old and column in new]
    provisional = ["coalesce(a.provisoire, false)"] if "provisoire" in old else []
    return " or ".join([*found, *provisional]) or "false"
