"""Licences of what the lock pins, checked against those that go with EUPL-1.2: ``python -m tools.licences``.

What a package says of itself is read from its installed metadata; what it says badly, from ``donnees/licences.toml``,
which also says which families are allowed and why. What runs is held to more than what only tests and builds. The exit
code is 1 where a licence is unknown or not allowed.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from license_expression import get_spdx_licensing

from tools.verrou import RUNNING_EXTRAS, Package, packages, running

TABLE = Path(__file__).resolve().parent / "donnees" / "licences.toml"
FAMILIES = ("permissive", "par_fichier", "outils")
Allowed = frozenset[str]


@dataclass(frozen=True)
class Licensed:
    """A package, the SPDX expression of its licence ("" where it says none that is understood), and whether it runs."""

    package: Package
    expression: str
    runs: bool


@cache
def table() -> Mapping[str, Any]:
    """The families of licences, the words packages use, what is declared here."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def allowed(*, runs: bool) -> Allowed:
    """SPDX identifiers allowed for what runs, or for what does not."""
    kept = (table()[name] for name in FAMILIES if table()[name]["execution"] or not runs)
    return frozenset(identifier for family in kept for identifier in family["spdx"])


def expression_of(name: str) -> str:
    """The SPDX expression of an installed package; "" where it says nothing that is understood."""
    if declared := table()["declarees"].get(name):
        return str(declared)
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := _said(told, "License-Expression"):
        return expression
    classifiers = [text.split(" :: ")[-1] for text in told.get_all("Classifier", []) if text.startswith("License ::")]
    words = [_said(told, "License").split("\n")[0].strip(), *classifiers]
    return next((str(known) for word in words if (known := table()["libelles"].get(word))), "")


def _said(told: metadata.PackageMetadata, name: str) -> str:
    """A field of a package, "" where it has none: some libraries make an absent one an error."""
    return str(told[name] or "") if name in told else ""


def fits(expression: str, within: Allowed) -> bool:
    """Whether an expression can be met by allowed licences: one side of an OR, every part of an AND."""
    return _met(get_spdx_licensing().parse(expression, validate=True), within)


def _met(parsed: Any, within: Allowed) -> bool:
    if not parsed.args:
        return str(parsed) in within
    either: Callable[[Iterable[bool]], bool] = any if parsed.operator.strip() == "OR" else all
    return either(_met(part, within) for part in parsed.args)


def licensed(every: tuple[Package, ...]) -> tuple[Licensed, ...]:
    """Every package of a lock with its licence, each name once."""
    runs = {one.name for one in running(every, *RUNNING_EXTRAS)}
    once = {one.name: one for one in every}
    return tuple(Licensed(one, expression_of(one.name), one.name in runs) for one in once.values())


def refused(every: Iterable[Licensed]) -> list[str]:
    """A line for each licence that is unknown or not allowed."""
    lines = []
    for one in every:
        where = "à l'exécution" if one.runs else "pour un outil"
        if not one.expression:
            lines.append(
                f"{one.package.name} : licence inconnue. Lisez-la et écrivez-la dans {TABLE.name}, [declarees]."
            )
        elif not fits(one.expression, allowed(runs=one.runs)):
            lines.append(f"{one.package.name} : {one.expression} n'est pas admise {where}. Voyez {TABLE.name}.")
    return lines


def main() -> int:
    """Tell what is not allowed. Returns the exit code."""
    every = licensed(packages())
    lines = refused(every)
    for line in lines:
        print(line)
    count = sum(one.runs for one in every)
    print(f"{len(every)} dépendances ({count} à l'exécution) : {len(lines) or 'aucune'} licence(s) à revoir.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
