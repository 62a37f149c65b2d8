"""What the API answers to: one table, from which requests are read and the description is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from dashboard.api.datasets import Dataset, Filter, column_filters, observation_filters, path_filter
from dashboard.api.parameters import CONTROLS, FORMAT, FORMATS, LANG, RELEASE, VERSION_IN_PATH, Parameter, label
from schemas.contract import Label

Kind = Literal["lignes", "publications", "publication", "jeux", "description"]
PREFIX = "/api/v1"


@dataclass(frozen=True)
class Operation:
    """One address. ``controls`` are the parameters that cut nothing; ``item`` where no row at all is an error."""

    name: str
    path: str
    kind: Kind
    title: Label
    controls: tuple[Parameter, ...]
    filters: tuple[Filter, ...] = ()
    dataset: Dataset | None = None
    item: bool = False
    named: bool = False
    formats: tuple[str, ...] = field(default=("json",))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, those of the path first."""
        every = (*(cut.parameter for cut in self.filters), *self.controls)
        return tuple(sorted(every, key=lambda parameter: parameter.where != "path"))


def operations(tables: Mapping[str, Dataset], version: str) -> tuple[Operation, ...]:
    """The operations on a release of that version, which has these tables."""
    return (*_fixed(version), *_named(tables), *(_rows_of(tables, name) for name in sorted(tables)))


def _fixed(version: str) -> tuple[Operation, ...]:
    this = replace(VERSION_IN_PATH, example=version)
    return (
        _plain("description", "/openapi.json", (RELEASE, LANG)),
        _plain("publications", "/releases", (LANG,)),
        _plain("publication", "/releases/{version}", (this, LANG)),
        _plain("jeux", "/datasets", (RELEASE, LANG)),
    )


def _plain(kind: Kind, path: str, controls: tuple[Parameter, ...]) -> Operation:
    return Operation(kind, path, kind, label(f"api.operation.{kind}"), controls)


def _named(tables: Mapping[str, Dataset]) -> Iterator[Operation]:
    """Indicators, territories and observations, which have addresses of their own."""
    if indicators := tables.get("indicateurs"):
        one: tuple[Filter, ...] = (path_filter(indicators, "code", "indicateur"),)
        yield _table("indicateurs", "/indicateurs", indicators, column_filters(tables, indicators))
        yield _table("indicateur", "/indicateurs/{code}", indicators, one, item=True)
    if places := tables.get("territoires"):
        one = tuple(path_filter(places, name, name) for name in ("niveau", "code"))
        yield _table("territoires", "/territoires", places, column_filters(tables, places))
        yield _table("territoire", "/territoires/{niveau}/{code}", places, one, item=True)
    if values := tables.get("observations"):
        named = bool(indicators and places)
        yield _table("observations", "/observations", values, observation_filters(values), named=named)


def _rows_of(tables: Mapping[str, Dataset], name: str) -> Operation:
    dataset = tables[name]
    return _table(f"jeu_{name}", f"/datasets/{name}", dataset, column_filters(tables, dataset))


def _table(
    name: str, path: str, dataset: Dataset, cuts: tuple[Filter, ...], *, item: bool = False, named: bool = False
) -> Operation:
    title = label(f"api.operation.{name}") if not name.startswith("jeu_") else dataset.contract.title
    controls = (RELEASE, LANG, FORMAT) if item else CONTROLS
    return Operation(name, path, "lignes", title, controls, cuts, dataset, item, named, FORMATS)


def match(found: Mapping[str, Operation], path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation at a path below the prefix, and the values of the parts of the path; None where there is none."""
    if path in found:
        return found[path], {}
    parts = path.split("/")
    for operation in found.values():
        pattern = operation.path.split("/")
        if len(pattern) == len(parts) and all(_fits(want, part) for want, part in zip(pattern, parts, strict=True)):
            return operation, {want[1:-1]: part for want, part in zip(pattern, parts, strict=True) if want[:1] == "{"}
    return None


def _fits(want: str, part: str) -> bool:
    return bool(part) if want.startswith("{") else want == part
