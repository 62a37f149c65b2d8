"""Check the contracts against one another: ``python -m schemas.check`` prints every fault and exits with 11.

Complete in both languages, examples and changelog in place, units and code lists known, and no fact declared twice:
the same column name means the same type and unit in every feed, and a code list used twice is shared.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from schemas.catalogue import load_catalogue
from schemas.contract import KINDS, ROOT, Contract, contract_folder, contract_names, load_contract, units
from schemas.errors import ContractBroken

EXAMPLES = ("valid.csv", "invalid.csv", "CHANGELOG.md")
EXPECTED = ("periodes", "editions", "aucune")
TEXTS = ("title", "title_en", "description", "description_en")


def contracts() -> tuple[Contract, ...]:
    """Every contract of the three kinds."""
    return tuple(load_contract(name, kind=kind) for kind in KINDS for name in contract_names(kind))


def faults(found: Iterable[Contract]) -> Iterator[str]:
    """Every fault of the contracts, each a line that says where and what to do."""
    found = tuple(found)
    for contract in found:
        yield from _incomplete(contract)
        yield from _exposed(contract)
        yield from _unexpected(contract)
    yield from _declared_twice(found)
    yield from _unshared_lists(found)
    yield from _orphans(found)


def _incomplete(contract: Contract) -> Iterator[str]:
    where = f"schemas/{contract.kind}/{contract.name}"
    yield from _untold(where, contract.descriptor)
    for field in contract.fields:
        yield from _untold(f"{where}: {field.name}", field.options)
        if field.unit and field.unit not in units():
            yield f"{where}: {field.name}: unit {field.unit} is not in schemas/units.json"
    for rule in contract.descriptor.get("rules", ()):
        yield from _untold(f"{where}: rule {rule['name']}", rule, TEXTS[:2])
    if not contract.primary_key:
        yield f"{where}: no primaryKey: say what one row is"
    if contract.kind != "datasets":
        folder = contract_folder(contract.name, kind=contract.kind)
        yield from (f"{where}: {name} is missing" for name in EXAMPLES if not (folder / name).exists())
        changelog = folder / "CHANGELOG.md"
        if changelog.exists() and contract.version not in changelog.read_text(encoding="utf-8"):
            yield f"{where}: CHANGELOG.md does not speak of version {contract.version}"


def _unexpected(contract: Contract) -> Iterator[str]:
    """Who is expected when is one of three things: anything else would expect nobody, silently."""
    if contract.descriptor.get("expected", "periodes") not in EXPECTED:
        yield f"schemas/{contract.kind}/{contract.name}: expected is one of {', '.join(EXPECTED)}"


def _exposed(contract: Contract) -> Iterator[str]:
    """A feed published row by row passes no disclosure control: it may count nobody."""
    if "published" in contract.descriptor:
        yield from (
            f"schemas/{contract.kind}/{contract.name}: published row by row, but {field.name} is sensitive"
            for field in contract.fields
            if field.sensitive
        )


def _untold(where: str, descriptor: Any, texts: tuple[str, ...] = TEXTS) -> Iterator[str]:
    yield from (f"{where}: {text} is missing" for text in texts if not descriptor.get(text))


def _declared_twice(found: tuple[Contract, ...]) -> Iterator[str]:
    """In feeds, one name has one meaning."""
    meanings: dict[str, dict[tuple[str, str | None, bool], str]] = defaultdict(dict)
    for contract in found:
        for field in contract.fields if contract.kind == "feeds" else ():
            meanings[field.name].setdefault((field.type, field.unit, field.sensitive), contract.name)
    for name, seen in meanings.items():
        if len(seen) > 1:
            yield f"schemas/feeds: {name} differs in type, unit or sensitivity between {', '.join(seen.values())}"


def _unshared_lists(found: tuple[Contract, ...]) -> Iterator[str]:
    places: dict[frozenset[str], list[str]] = defaultdict(list)
    for contract in found:
        for field in contract.fields:
            if field.categories and "codes" not in field.options:
                values = frozenset(str(category.value) for category in field.categories)
                places[values].append(f"{contract.name}.{field.name}")
    for where in places.values():
        if len(where) > 1:
            yield f"{', '.join(where)}: the same list of categories; declare it once in schemas/codes"


def _orphans(found: tuple[Contract, ...]) -> Iterator[str]:
    used = {field.options["codes"] for contract in found for field in contract.fields if "codes" in field.options}
    lists = {path.stem for path in Path(ROOT / "codes").glob("*.json")}
    yield from (f"schemas/codes/{name}.json: no contract uses it" for name in sorted(lists - used))


def main() -> int:
    """Print the faults; 0 where there is none, 11 otherwise."""
    try:
        found = contracts()
        load_catalogue()
        broken = list(faults(found))
    except ContractBroken as error:
        broken = [str(error)]
    for fault in broken:
        print(fault)
    print(f"schemas: {len(broken)} faults")
    return ContractBroken.exit_code if broken else 0


if __name__ == "__main__":
    sys.exit(main())
