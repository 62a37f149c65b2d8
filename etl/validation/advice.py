"""What to do about a cell that is not of its type, as its text suggests; and texts with nothing invisible left."""

from __future__ import annotations

import re
from collections.abc import Mapping

from etl.validation.dialect import Dialect
from etl.validation.types import GROUPED, may_be_grouped
from schemas.contract import Contract, Field, Label

SHOWN = 80  # characters of a value shown in a message
INVISIBLE = {
    "\u00a0": Label("espace insécable", "no-break space"),
    "\u202f": Label("espace fine insécable", "narrow no-break space"),
    "\t": Label("tabulation", "tab"),
    "\n": Label("retour à la ligne", "line break"),
    "\r": Label("retour à la ligne", "line break"),
}
SPACES = re.compile(r"\s+")
MARKED = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
SHORT_YEAR = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\D.*)?")


def visible(value: str, lang: str) -> str:
    """A text that is ``flat``, and cut."""
    shown = flat(value, lang)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def flat(value: str, lang: str) -> str:
    """A text on one line, whose unusual spaces and control characters can be told apart; « ␣ » at its ends."""
    core = value.strip(" ")
    before, after = len(value) - len(value.lstrip(" ")), len(value) - len(value.rstrip(" "))
    told = "".join(character if character.isprintable() else _named(character, lang) for character in core)
    return "␣" * before + told + ("␣" * after if core else "")


def _named(character: str, lang: str) -> str:
    return f"⟨{INVISIBLE[character][lang] if character in INVISIBLE else f'U+{ord(character):04X}'}⟩"


def advise(value: str, field: Field, contract: Contract, dialect: Dialect) -> Label | None:
    """The remedy for a text that is not a value of its field, where the text says what was meant."""
    if field.type in ("integer", "number") and (advice := _on_number(value, field, dialect)):
        return advice
    if field.type in ("date", "datetime") and SHORT_YEAR.fullmatch(value):
        formats = dialect.dates.replace("AAAA", "YYYY").replace("JJ", "DD").replace(" ou ", " or ")
        return Label(
            f"écrivez l'année avec quatre chiffres ({dialect.dates})", f"write the year with four digits ({formats})"
        )
    if field.required or any(character.isdigit() for character in value):
        return None
    return _on_absence(field, contract)


def _on_number(value: str, field: Field, dialect: Dialect) -> Label | None:
    compact = SPACES.sub("", value)
    if dialect.french and may_be_grouped(field) and re.fullmatch(GROUPED, value):
        whole, decimal = compact.replace(".", ""), compact.replace(".", ",")
        return Label(
            f"le point peut séparer des milliers ou des décimales : écrivez {whole} ou {decimal}",
            f"the point may separate thousands or decimals: write {whole} or {decimal}",
        )
    if field.type == "integer" and re.fullmatch(r"[+-]?\d+", value, re.ASCII):
        return Label(
            "ce nombre a plus de dix-huit chiffres : vérifiez-le", "this number has over eighteen digits: check it"
        )
    if not MARKED.fullmatch(compact):
        return None
    if field.type == "integer" and not compact.lstrip("+-").isdigit():
        return Label(
            "écrivez un nombre entier, sans point, virgule ni espace", "write an integer, without point, comma or space"
        )
    if compact != value:
        return Label(f"supprimez les espaces : écrivez {compact}", f"remove the spaces: write {compact}")
    if "," in compact:
        dotted = compact.replace(",", ".")
        return Label(
            f"ce fichier n'est pas séparé par des points-virgules : écrivez {dotted}, avec un point",
            f"this file is not separated by semicolons: write {dotted}, with a point",
        )
    return None


def _on_absence(field: Field, contract: Contract) -> Label | None:
    """How the contract says that a value is missing."""
    codes = field.options.get("missingValues", contract.descriptor.get("missingValues", [""]))
    ways = [_way(code if isinstance(code, Mapping) else {"value": code}) for code in codes]
    if not ways:
        return None
    fr, en = " ou ".join(way.fr for way in ways), " or ".join(way.en for way in ways)
    return Label(f"si la valeur manque, {fr} ; sinon, corrigez-la", f"if the value is missing, {en}; else, mend it")


def _way(code: Mapping[str, str]) -> Label:
    value, fr = code["value"], code.get("label", "")
    en = code.get("label_en", fr)
    meant = Label(f" ({fr})" if fr else "", f" ({en})" if en else "")
    if not value:
        return Label(f"laissez la cellule vide{meant.fr}", f"leave the cell empty{meant.en}")
    return Label(f"écrivez {value}{meant.fr}", f"write {value}{meant.en}")
