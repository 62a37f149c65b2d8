"""Parameters of the API: the JSON Schema that describes one is the one its values are read with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.api.problems import Problem
from dashboard.i18n import texts
from publish.version import PATTERN as VERSION
from schemas.contract import Field, Label

Value = str | int
FORMATS = ("json", "csv", "parquet")
MOST_VALUES = 50
LARGEST_PAGE = 10_000
USUAL_PAGE = 1_000
PERIOD = r"^(19|20)\d{2}(-S[12]|-T[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
PLAIN = r"^[^\u0000-\u001f\u007f-\u009f]{1,200}$"
_WHOLE = re.compile(r"0|-?[1-9]\d{0,15}")


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``schema`` describes one value; a ``repeatable`` one may be given several times.

    ``example`` is a value to show, "" where none would mean anything.
    """

    name: str
    text: Label
    schema: Mapping[str, Any]
    example: Value
    repeatable: bool = False
    where: Literal["query", "path"] = "query"

    def read(self, given: Sequence[str]) -> tuple[Value, ...]:
        """The values given, sorted and each once. Raises Problem for one that the schema does not allow."""
        if len(given) > (MOST_VALUES if self.repeatable else 1):
            kind = "valeur-invalide" if self.repeatable else "parametre-repete"
            raise Problem(kind, parameter=self.name, value=f"{len(given)} ×", expected=f"≤ {MOST_VALUES} ×")
        return tuple(sorted({self._value(text) for text in given}, key=lambda value: (str(type(value)), value)))

    def _value(self, text: str) -> Value:
        value = _number(text) if self.schema["type"] == "integer" else text
        if value is None or not _allowed(value, self.schema):
            raise self._refusal(text)
        return value

    def _refusal(self, text: str) -> Problem:
        if self.where == "path":
            return Problem("element-inconnu", parameter=self.name, value=text, allowed=self.schema.get("enum", ()))
        allowed, words = self.schema.get("enum", ()), {"value": text, "expected": self.expected}
        return Problem("valeur-invalide", parameter=self.name, allowed=allowed, **words)

    @property
    def expected(self) -> str:
        """What its values look like, in a few signs."""
        if "enum" in self.schema:
            return " | ".join(map(str, self.schema["enum"]))
        if self.schema["type"] == "integer":
            return f"{self.schema['minimum']}…{self.schema['maximum']}"
        return f"{self.name}={self.example}" if self.example else self.schema["pattern"]


def _number(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _allowed(value: Value, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, int):
        return bool(schema["minimum"] <= value <= schema["maximum"])
    if "enum" in schema:
        return value in schema["enum"]
    return bool(re.fullmatch(schema["pattern"], value, re.ASCII)) and (schema.get("format") != "date" or _is_day(value))


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def label(key: str) -> Label:
    """A text of the catalogue in both languages."""
    return Label(texts("fr")(key), texts("en")(key))


def _control(name: str, schema: Mapping[str, Any], example: Value) -> Parameter:
    return Parameter(name, label(f"api.parametre.{name}"), schema, example)


_VERSION = f"^({VERSION.pattern})$"
RELEASE = _control("release", {"type": "string", "pattern": f"^(latest|{VERSION.pattern})$"}, "latest")
LANG = _control("lang", {"type": "string", "enum": ["fr", "en"]}, "fr")
FORMAT = _control("format", {"type": "string", "enum": list(FORMATS)}, "json")
SIZE = _control("taille", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}, USUAL_PAGE)
CURSOR = _control("curseur", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,1000}$"}, "")
CONTROLS = (RELEASE, LANG, FORMAT, SIZE, CURSOR)
VERSION_IN_PATH = Parameter(
    "version", label("api.parametre.version"), {"type": "string", "pattern": _VERSION}, "2026.3.0", where="path"
)


def column_schema(field: Field) -> dict[str, Any]:
    """The JSON Schema of a value that a column is compared with."""
    if field.categories:
        return {"type": "string", "enum": [str(category.value) for category in field.categories]}
    if field.type == "year":
        return {"type": "integer", "minimum": 1800, "maximum": 2200}
    if field.type == "integer":
        return {"type": "integer", "minimum": -(10**15), "maximum": 10**15}
    if field.type == "date":
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {"type": "string", "pattern": PLAIN}
