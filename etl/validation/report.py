"""What a check answers: a frozen report, as JSON for programs and as text for a reader."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.validation.dialect import Dialect
from schemas.contract import Label

WORDS = {
    "accepted": Label(
        "Accepté : {file} respecte le contrat {feed} (lignes : {rows}).",
        "Accepted: {file} follows the contract {feed} (rows: {rows}).",
    ),
    "rejected": Label(
        "Refusé : {file} ne respecte pas le contrat {feed} (lignes lues : {rows} ; erreurs : {total}).",
        "Rejected: {file} does not follow the contract {feed} (rows read: {rows}; errors: {total}).",
    ),
    "read_as": Label("Lu comme : {how}.", "Read as: {how}."),
    "paged": Label(
        "Erreurs {first} à {last} sur {total} ; {hidden} autres ne sont pas affichées ici.",
        "Errors {first} to {last} of {total}; {hidden} others are not shown here.",
    ),
    "paged_one": Label(
        "Erreurs {first} à {last} sur {total} ; 1 autre n'est pas affichée ici.",
        "Errors {first} to {last} of {total}; 1 other is not shown here.",
    ),
    "past_the_end": Label(
        "Cette page est après la dernière erreur (erreurs : {total} ; pages : {pages})."
        " Demandez une page de 1 à {pages}.",
        "This page is past the last error (errors: {total}; pages: {pages}). Ask for a page from 1 to {pages}.",
    ),
}


@dataclass(frozen=True)
class Violation:
    """One broken rule. ``row`` counts records as in the file (header = 1); ``type`` as frictionless names it.

    ``field`` is empty where the whole row or an undeclared column is meant; ``value`` is the text found.
    """

    row: int | None
    field: str
    type: str
    rule: str
    value: str | None
    message: str
    text: Label = dataclasses.field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The violation as the published format has it; ``text`` holds the message in both languages and stays out."""
        return {name: getattr(self, name) for name in ("row", "field", "type", "rule", "value", "message")}


@dataclass(frozen=True)
class Report:
    """The outcome of a check. ``errors`` is the page asked for, of ``limit`` errors from ``offset`` on;
    ``total_errors`` counts all of them."""

    valid: bool
    feed: str
    file: str
    rows: int
    dialect: Dialect
    encoding: str
    errors: tuple[Violation, ...] = dataclasses.field(default=())
    total_errors: int = 0
    offset: int = 0
    limit: int | None = None
    lang: str = "fr"

    @property
    def pages(self) -> int:
        """How many pages of this size hold all the errors."""
        return -(-self.total_errors // self.limit) if self.limit else 1

    def part(self, *, limit: int, offset: int) -> Report:
        """The same, of a page of the errors that it holds."""
        return dataclasses.replace(self, errors=self.errors[offset:][:limit], offset=offset, limit=limit)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, in the order of the published format."""
        return {
            "valid": self.valid,
            "feed": self.feed,
            "file": self.file,
            "rows": self.rows,
            "dialect": self.dialect.to_dict(),
            "encoding": self.encoding,
            "total_errors": self.total_errors,
            "offset": self.offset,
            "errors": [error.to_dict() for error in self.errors],
        }

    def to_json(self) -> str:
        """The report as indented JSON, one document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_text(self, lang: str | None = None) -> str:
        """The report for a reader: verdict first, how the file was read, then what to mend, in file order."""
        lang = lang or self.lang
        lines = [
            WORDS["accepted" if self.valid else "rejected"][lang].format(
                file=Path(self.file).name, feed=self.feed, rows=self.rows, total=self.total_errors
            )
        ]
        if self.encoding:
            lines.append(WORDS["read_as"][lang].format(how=self.dialect.describe(self.encoding, lang)))
        lines += [f"  {error.text[lang]}" for error in self.errors]
        if self.total_errors > len(self.errors):
            lines.append(self._paged(lang))
        return "\n".join(lines)

    def _paged(self, lang: str) -> str:
        """Which errors these are, and how many there are besides; or that the page is past the last one."""
        hidden = self.total_errors - len(self.errors)
        key = ("paged_one" if hidden == 1 else "paged") if self.errors else "past_the_end"
        return WORDS[key][lang].format(
            hidden=hidden,
            first=self.offset + 1,
            last=self.offset + len(self.errors),
            total=self.total_errors,
            pages=self.pages,
        )
