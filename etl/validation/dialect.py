"""How a file was written: separator, decimal comma, kind of container; detected, and said in the report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

DELIMITERS = (",", ";", "\t", "|")
NAMES = {
    ",": ("virgule", "comma"),
    ";": ("point-virgule", "semicolon"),
    "\t": ("tabulation", "tab"),
    "|": ("barre verticale", "pipe"),
}


@dataclass(frozen=True)
class Dialect:
    """``format`` is csv, xlsx or ods; ``decimal`` and ``dates`` are the further spellings accepted beside the
    standard ones (12.5, 2026-09-30): a comma and jj/mm/aaaa in files that come from a French spreadsheet."""

    format: str = "csv"
    delimiter: str | None = ","
    quote: str = '"'
    decimal: str = "."
    dates: str = "AAAA-MM-JJ"
    sheet: str | None = None

    @property
    def french(self) -> bool:
        """Whether the spellings of French spreadsheets are accepted: 12,5 and 30/09/2026."""
        return self.decimal == ","

    @property
    def spreadsheet(self) -> bool:
        """Whether the file is a workbook, whose cells have references such as C14."""
        return self.format != "csv"

    def to_dict(self) -> dict[str, Any]:
        """The dialect as plain values."""
        return asdict(self)

    def describe(self, encoding: str, lang: str) -> str:
        """One phrase on how the file was read."""
        english = lang == "en"
        if self.spreadsheet:
            return (
                f"workbook {self.format}, sheet “{self.sheet}”"
                if english
                else f"classeur {self.format}, feuille « {self.sheet} »"
            )
        parts = [encoding, ("separator: " if english else "séparateur : ") + NAMES[self.delimiter or ","][english]]
        if self.french:
            parts.append(
                "decimal comma and dd/mm/yyyy dates accepted"
                if english
                else "virgule décimale et dates jj/mm/aaaa acceptées"
            )
        return ", ".join(parts)


FRENCH = {"decimal": ",", "dates": "AAAA-MM-JJ ou JJ/MM/AAAA"}


def csv_dialect(delimiter: str) -> Dialect:
    """The dialect of a CSV: the semicolon brings the French spellings with it, as spreadsheets write them."""
    return Dialect(delimiter=delimiter, **(FRENCH if delimiter == ";" else {}))


def workbook_dialect(format: str, sheet: str) -> Dialect:
    """The dialect of a spreadsheet; text cells may hold the French spellings."""
    return Dialect(format=format, delimiter=None, sheet=sheet, **FRENCH)


def letters(position: int) -> str:
    """The letters of a spreadsheet column, from its position counted from 0: 0 → A, 26 → AA."""
    head, last = divmod(position, 26)
    return (letters(head - 1) if head else "") + chr(ord("A") + last)
