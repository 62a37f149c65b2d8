"""What changed in the contracts that two releases publish of their tables (``schemas/*.json``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

# A better name or translation of a column changes nothing of what it holds.
WORDING = ("title", "title_en", "description_en")

# What is declared before its data are written, or has none: the datasets on releases, the rule of secrecy.
SECRECY = "confidentialite"
APART = ("differences", "revisions", SECRECY)


class Change(NamedTuple):
    """A property of a contract, or of one of its columns (``champ``), that changed; texts are JSON, None for absent.

    ``propriete`` is ``*`` where the whole contract or column came or went.
    """

    jeu: str
    champ: str
    propriete: str
    nature: str
    avant: str | None
    apres: str | None


def compare_contracts(before: Path, after: Path) -> list[Change]:
    """Every change between the contracts of two release folders, sorted."""
    old, new = _descriptors(before), _descriptors(after)
    names = sorted(set(old) | set(new))
    return [change for name in names for change in _contract(name, old.get(name), new.get(name))]


def redefined(changes: list[Change]) -> set[tuple[str, str]]:
    """The columns (dataset, column) whose content does not mean the same any more."""
    return {
        (change.jeu, change.champ)
        for change in changes
        if change.champ and change.nature == "modification" and change.propriete not in WORDING
    }


def _descriptors(folder: Path) -> dict[str, Mapping[str, Any]]:
    """What a release declares, by name; the schema of a form of a dataset, written later, only says it again."""
    files = sorted((folder / "schemas").glob("*.json"))
    held = [path for path in files if path.stem in APART or (folder / "data" / f"{path.stem}.parquet").exists()]
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in held}


def _contract(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Change]:
    if old is None or new is None:
        yield Change(name, "", "*", "ajout" if old is None else "retrait", None, None)
        return
    yield from _properties(name, "", _without_fields(old), _without_fields(new))
    columns, others = _fields(old), _fields(new)
    for column in sorted(set(columns) | set(others)):
        if column in columns and column in others:
            yield from _properties(name, column, columns[column], others[column])
        else:
            yield Change(name, column, "*", "retrait" if column in columns else "ajout", None, None)


def _properties(name: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted(set(old) | set(new)):
        if old.get(key) != new.get(key):
            yield Change(name, column, key, "modification", _text(old, key), _text(new, key))


def _text(descriptor: Mapping[str, Any], key: str) -> str | None:
    return json.dumps(descriptor[key], ensure_ascii=False, sort_keys=True) if key in descriptor else None


def _without_fields(descriptor: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in descriptor.items() if key != "fields"}


def _fields(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {field["name"]: field for field in descriptor.get("fields", ())}
