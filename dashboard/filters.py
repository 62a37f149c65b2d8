"""The state of a page, read from the query string of its URL into a frozen value.

The URL holds the whole state, so that every view can be linked and cited. A value that cannot be understood is an error
told to the reader, never silently replaced by a default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from schemas.errors import UsageError

_SLUG = r"[a-z0-9_-]{1,80}"
PATTERNS = {
    "release": r"latest|\d{4}\.[1-4]\.\d+(\+[0-9A-Za-z.-]+)?",
    "trimestre": r"\d{4}-T[1-4]",
    "annee": r"\d{4}",
    "periode": r"\d{4}(-T[1-4]|-(0[1-9]|1[0-2]))?",
    "indicateur": _SLUG,
    "territoire": r"(region|departement|arrondissement|commune|france):[0-9A-Z]{2,5}",
    "service": _SLUG,
    "unite": r"[a-z0-9-]{1,80}/[a-z0-9-]{1,80}",
    "genre": _SLUG,
    "theme": _SLUG,
    "precision": _SLUG,
    "statut": _SLUG,
    "semestre": r"\d{4}-S[12]",
    "axe": _SLUG,
    "flux": _SLUG,
    "produit": _SLUG,
    "site": _SLUG,
    "niveau": _SLUG,
    "cadre": _SLUG,
    "compare": r"[A-Za-z0-9_-]{1,80}",
    "q": r".{1,100}",
    "vue": _SLUG,
}
EXAMPLES = {
    "release": "2026.3.0",
    "trimestre": "2026-T3",
    "annee": "2025",
    "periode": "2026-T3",
    "territoire": "arrondissement:75118",
}


class BadFilter(UsageError):
    """A query string that says something no page understands. ``field`` and ``value`` are what was found."""

    def __init__(self, field: str, value: str, example: str | None = None) -> None:
        self.field, self.value, self.example = field, value, example
        hint = f" Forme attendue : {field}={example}." if example else " Retirez-le de l'adresse."
        super().__init__(f"Adresse, paramètre « {field} » : la valeur « {value} » n'est pas comprise.{hint}")


@dataclass(frozen=True)
class Filters:
    """What a page shows. An empty text means “the default of the page”; ``release`` is a version or ``latest``;
    ``vue`` the one section shown where the page is embedded in another."""

    release: str = "latest"
    trimestre: str = ""
    annee: str = ""
    periode: str = ""
    indicateur: str = ""
    territoire: str = ""
    service: str = ""
    unite: str = ""
    genre: str = ""
    theme: str = ""
    precision: str = ""
    statut: str = ""
    semestre: str = ""
    axe: str = ""
    flux: str = ""
    produit: str = ""
    site: str = ""
    niveau: str = ""
    cadre: str = ""
    compare: str = ""
    q: str = ""
    vue: str = ""

    def search(self, **changes: str) -> str:
        """Query string of this state with some fields changed, ``""`` where everything is a default."""
        state = replace(self, **changes)
        pairs = [(field.name, getattr(state, field.name)) for field in fields(state)]
        kept = [(name, value) for name, value in pairs if value and (name, value) != ("release", "latest")]
        return "?" + urlencode(kept) if kept else ""


def parse(search: str | None) -> Filters:
    """Filters of a query string (with or without its ``?``). Raises BadFilter for an unknown name or a bad value."""
    pairs = parse_qsl((search or "").removeprefix("?"), keep_blank_values=True)
    checked = {name: _checked(name, value.strip()) for name, value in pairs}
    return Filters(**{name: value for name, value in checked.items() if value})


def _checked(name: str, value: str) -> str:
    if name not in PATTERNS:
        raise BadFilter(name, value)
    # A “+” of a version is a space once decoded where the author of the link did not encode it.
    value = value.replace(" ", "+") if name == "release" else value
    if value and not re.fullmatch(PATTERNS[name], value):
        raise BadFilter(name, value, EXAMPLES.get(name))
    return value
