"""The shape of a Table Schema descriptor: what must be there, and of which kind each part is.

Only the shape: whether a type, a pattern or a bound means something is found where it is used. Properties that nobody
here knows are let through, as the standard does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemas.errors import ContractBroken

Rule = Callable[[Any, str], Iterator[str]]
MATCHES = ("exact", "equal", "subset", "superset", "partial")


def check_shape(descriptor: Any) -> None:
    """Raises ContractBroken, naming the part and what is expected there."""
    if fault := next(TABLE(descriptor, ""), None) or _half(descriptor):
        name = descriptor.get("name", "") if isinstance(descriptor, Mapping) else ""
        raise ContractBroken(f"Contrat {name} : {fault}. Corrigez cette partie de schema.json.")


def _half(descriptor: Any) -> str:
    """What to say of half a character of UTF-16, which no file can hold."""
    found = re.search("[\ud800-\udfff]", json.dumps(descriptor, ensure_ascii=False, default=str))
    return f"le demi-caractère U+{ord(found[0]):04X} n'est pas un texte" if found else ""


def _kind(expected: str, holds: Callable[[Any], object]) -> Rule:
    def rule(value: Any, where: str) -> Iterator[str]:
        if not holds(value):
            yield f"« {where or 'descripteur'} » vaut {_seen(value)}, or {expected} est attendu"

    return rule


def _seen(value: Any) -> str:
    """A value as it is told: its kind where it is too large to be written out."""
    return ascii(value)[:60] if not isinstance(value, int) or abs(value) < 2**64 else "un nombre démesuré"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


TEXT = _kind("un texte", lambda value: isinstance(value, str) and "\0" not in value)
WORD = _kind("un texte non vide", lambda value: isinstance(value, str) and value != "" and "\0" not in value)
LIST = _kind("le nom d'une liste", lambda value: isinstance(value, str) and re.fullmatch("[a-z0-9_]{1,80}", value))
FLAG = _kind("true ou false", lambda value: isinstance(value, bool))
WHOLE = _kind("un nombre entier positif", _is_whole)
SCALAR = _kind("un texte, un nombre ou un booléen", lambda value: isinstance(value, str | int | float))
MATCH = _kind(f"l'un de {', '.join(MATCHES)}", lambda value: value in MATCHES)
NOTHING = _kind("rien", lambda value: value is None)


def _listed(of: Rule, *, least: int = 0) -> Rule:
    def rule(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list | tuple) or len(value) < least:
            yield f"« {where} » vaut {_seen(value)}, or une liste{' non vide' if least else ''} est attendue"
            return
        for place, item in enumerate(value):
            yield from of(item, f"{where}[{place}]")

    return rule


def _either(first: Rule, second: Rule) -> Rule:
    """What one of two rules allows; the faults are those of the second."""

    def rule(value: Any, where: str) -> Iterator[str]:
        if next(first(value, where), None):
            yield from second(value, where)

    return rule


def _record(needed: Mapping[str, Rule], parts: Mapping[str, Rule]) -> Rule:
    def rule(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"« {where or 'descripteur'} » vaut {_seen(value)}, or un objet est attendu"
            return
        for name in needed:
            if name not in value:
                yield f"« {where}.{name} » manque".replace("« .", "« ")
        for name, of in {**needed, **parts}.items():
            if name in value:
                yield from of(value[name], f"{where}.{name}".lstrip("."))

    return rule


def _as_many(of: Rule) -> Rule:
    """A foreign key whose sides are as long."""

    def rule(value: Any, where: str) -> Iterator[str]:
        faults = list(of(value, where))
        yield from faults
        if not faults and len(_many(value["fields"])) != len(_many(value["reference"]["fields"])):
            yield f"« {where} » n'a pas autant de champs que sa référence"

    return rule


def _many(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


NAMES = _either(TEXT, _listed(TEXT))
SOME_NAMES = _either(WORD, _listed(WORD, least=1))
TITLES = dict.fromkeys(("title", "title_en", "description", "description_en"), TEXT)
LABELS = dict.fromkeys(("label", "label_en"), TEXT)
CATEGORIES = _listed(_either(SCALAR, _record({"value": SCALAR}, LABELS)), least=1)
MISSING = _listed(_either(TEXT, _record({"value": TEXT}, LABELS)))
BOUNDS = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), SCALAR)
CONSTRAINTS = _record(
    {},
    {
        **BOUNDS,
        **dict.fromkeys(("required", "unique"), FLAG),
        **dict.fromkeys(("minLength", "maxLength"), WHOLE),
        "pattern": TEXT,
        "enum": _listed(SCALAR, least=1),
    },
)
FIELD = _record(
    {"name": WORD},
    {
        **TITLES,
        **dict.fromkeys(("type", "format", "itemType", "decimalChar", "groupChar"), TEXT),
        "codes": LIST,
        "example": SCALAR,
        "delimiter": WORD,
        **dict.fromkeys(("bareNumber", "sensitive"), FLAG),
        **dict.fromkeys(("trueValues", "falseValues"), _listed(TEXT)),
        "unit": _either(NOTHING, TEXT),
        "constraints": CONSTRAINTS,
        "categories": CATEGORIES,
        "missingValues": MISSING,
    },
)
FOREIGN = _as_many(
    _record({"fields": SOME_NAMES, "reference": _record({"fields": SOME_NAMES}, {"resource": TEXT})}, {})
)
TABLE = _record(
    {"fields": _listed(FIELD, least=1)},
    {
        **TITLES,
        **dict.fromkeys(("name", "version", "published", "expected", "period_field"), TEXT),
        "missingValues": MISSING,
        "fieldsMatch": _either(MATCH, _listed(MATCH, least=1)),
        "primaryKey": NAMES,
        "uniqueKeys": _listed(NAMES),
        "foreignKeys": _listed(FOREIGN),
        "rules": _listed(_record({"name": WORD, "check": WORD, "fields": _listed(WORD, least=1)}, TITLES)),
    },
)
