"""Which values a release knows: an empty answer to a name that does not exist would look like a fact."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.api.datasets import Dataset, Filter
from dashboard.api.problems import Problem
from dashboard.api.select import Asked, bounds
from dashboard.cache import Cache
from publish.reader import Release

PLACE = ("territoire_niveau", "territoire_code")


def check(release: Release, tables: Mapping[str, Dataset], asked: Asked, cache: Cache) -> None:
    """Raises Problem for the first value that nothing in the release has, and for periods the wrong way round."""
    _check_order(asked)
    for cut in asked.operation.filters:
        given = asked.values.get(cut.parameter.name, ())
        if given and cut.comparison == "parmi" and cut.parameter.where == "query" and _free(cut):
            known = values(release, tables, asked, cut, cache)
            if unknown := [value for value in given if str(value) not in known]:
                name = cut.parameter.name
                raise Problem("valeur-inconnue", parameter=name, allowed=sorted(known), value=unknown[0])


def _check_order(asked: Asked) -> None:
    first, last = (asked.values.get(name, ()) for name in ("periode_min", "periode_max"))
    if first and last and bounds(str(first[0]), "periode_min")[0] > bounds(str(last[0]), "periode_max")[1]:
        raise Problem("periode-inversee", parameter="periode_min", first=first[0], last=last[0])


def _free(cut: Filter) -> bool:
    """Whether the values of a filter are not all listed in its schema, nor mere numbers and dates."""
    schema = cut.parameter.schema
    return "enum" not in schema and "format" not in schema and schema["type"] == "string"


def values(release: Release, tables: Mapping[str, Dataset], asked: Asked, cut: Filter, cache: Cache) -> frozenset[str]:
    """Every value a filter may be given, as it is written in an address."""
    table = asked.operation.dataset.name if asked.operation.dataset else ""
    sources = [(table, cut.columns), *_also(tables, cut.columns)]
    return cache.get(("connues", release.version, table, cut.columns), lambda: _read(release, sources))


def _also(tables: Mapping[str, Dataset], columns: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Where a value may also stand: a known territory of which nothing was reported is no mistake."""
    if columns == PLACE:
        return [("territoires", ("niveau", "code"))]
    return [(name, columns) for name, table in tables.items() if table.key == columns]


def _read(release: Release, sources: list[tuple[str, tuple[str, ...]]]) -> frozenset[str]:
    joined = (
        " || ':' || ".join(f'"{name}"' for name in columns) + f' as valeur from "{table}"' for table, columns in sources
    )
    sql = " union ".join(f"select {part}" for part in joined)
    return frozenset(value for (value,) in release.rows(sql) if value is not None)
