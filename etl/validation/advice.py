"""What to do about a cell that is not of its type or form, as its text or the contract says; texts made visible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from etl.validation.dialect import Dialect
from etl.validation.types import GROUPED, may_be_grouped
from schemas.contract import Contract, Field, Label, units

SHOWN = 80  # characters of a value shown in a message
INVISIBLE = {
    "\u00a0": Label("espace insécable", "no-break space"),
    "\u202f": Label("espace fine insécable", "narrow no-break space"),
    "\t": Label("tabulation", "tab"),
    "\n": Label("retour à la ligne", "line break"),
    "\r": Label("retour à la ligne", "line break"),
}
SPACES = re.compile(r"\s+")
# A number, and what people put around it that says nothing else: an approximation, a percentage.
NUMBER = re.compile(
    r"(?:~|≈|env(?:\.|iron)?)?(?P<number>[+-]?\d+(?:[.,]\d+)?)(?P<percent>%)?", re.ASCII | re.IGNORECASE
)
HOURS = re.compile(r"(?P<hours>\d{1,3})[h:](?P<minutes>[0-5]\d)?", re.ASCII | re.IGNORECASE)
PERCENT, HOUR = "pourcent", "heures"  # units
SHORT_YEAR = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\D.*)?")
COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# How people write a moment, once it has no space, small letters and slashes; then how contracts want it written.
WRITTEN = {
    "date": ("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d/%m/%Y00:00:00", "%Y/%m/%d00:00:00", "%Y/%m/%dt00:00:00"),
    "yearmonth": ("%m/%Y", "%Y/%m", "%Y/%m/%d"),
    "time": ("%H:%M", "%Hh%M", "%Hh"),
}
WANTED = {"date": "%Y-%m-%d", "yearmonth": "%Y-%m", "time": "%H:%M:%S"}
YEARS = range(1900, 2100)  # of what is sent
SERIAL = re.compile(r"[1-9][0-9]{4}")
FIRST_DAY = datetime(1899, 12, 30)  # of spreadsheets, which number days


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
    if field.type in WRITTEN and (advice := _on_moment(value, field, dialect)):
        return advice
    if field.required or any(character.isdigit() for character in value):
        return None
    return _on_absence(field, contract)


def expected(field: Field) -> Label | None:
    """What the contract says in words of the texts of a field, and its example; an expression is for programs."""
    example = str(field.options.get("example", ""))

    def words(lang: str, quoted: str, instance: str) -> str:
        about = field.description[lang].rstrip(".")
        told = [quoted.format(flat(about, lang))] * bool(about) + [instance.format(flat(example, lang))] * bool(example)
        return ", ".join(told)

    if not (fr := words("fr", "« {} »", "par exemple {}")):
        return None
    en = words("en", "“{}”", "for example {}")
    return Label(f"écrivez ce que le contrat attend : {fr}", f"write what the contract expects: {en}")


def _on_number(value: str, field: Field, dialect: Dialect) -> Label | None:
    compact = SPACES.sub("", value)
    if field.type == "integer" and re.fullmatch(r"[+-]?\d+", value, re.ASCII):
        return Label(
            "ce nombre a plus de dix-huit chiffres : vérifiez-le", "this number has over eighteen digits: check it"
        )
    if (field.type, field.unit) == ("number", HOUR) and (spent := HOURS.fullmatch(compact)):
        hours = f"{int(spent['hours']) + int(spent['minutes'] or 0) / 60:.2f}".rstrip("0").rstrip(".")
        wanted = _marked(hours.replace(".", ",") if dialect.french else hours, field, dialect)
        return Label(f"écrivez {wanted}, un nombre d'heures", f"write {wanted}, a number of hours")
    if not (found := NUMBER.fullmatch(compact)):
        return None
    number = found["number"]
    if found["percent"] and field.unit not in (None, PERCENT):
        return _on_percentage(field)
    if found["percent"] and dialect.spreadsheet:
        comma, point = number.replace(".", ","), number.replace(",", ".")
        return Label(
            f"donnez à la cellule un format de nombre, pas de pourcentage, et écrivez {comma}",
            f"give the cell a format of number, not of percentage, and write {point}",
        )
    if dialect.french and may_be_grouped(field) and re.fullmatch(GROUPED, number):
        whole, decimal = number.replace(".", ""), number.replace(".", ",")
        return Label(
            f"le point peut séparer des milliers ou des décimales : écrivez {whole} ou {decimal}",
            f"the point may separate thousands or decimals: write {whole} or {decimal}",
        )
    if field.type == "integer" and not number.lstrip("+-").isdigit():
        return Label(
            "écrivez un nombre entier, sans point, virgule ni espace", "write an integer, without point, comma or space"
        )
    return _on_writing(value, number, compact, _marked(number, field, dialect))


def _on_percentage(field: Field) -> Label:
    expected = units().get(field.unit or "", Label(field.unit or "", field.unit or ""))
    return Label(
        f"écrivez un nombre ({expected.fr}), pas un pourcentage", f"write a number ({expected.en}), not a percentage"
    )


def _marked(number: str, field: Field, dialect: Dialect) -> str:
    """The number with the decimal mark that the field asks for, or that the file allows."""
    declared = field.options.get("decimalChar", "")
    return number if dialect.french and not declared else re.sub("[.,]", declared or ".", number)


def _on_writing(value: str, number: str, compact: str, wanted: str) -> Label | None:
    """How to write a number that the text surely holds."""
    if number != compact:
        return Label(f"écrivez {wanted}, sans autre signe", f"write {wanted}, without any other sign")
    if compact != value:
        return Label(f"supprimez les espaces : écrivez {wanted}", f"remove the spaces: write {wanted}")
    if wanted != number and "." in wanted:
        return Label(
            f"ce fichier n'est pas séparé par des points-virgules : écrivez {wanted}, avec un point",
            f"this file is not separated by semicolons: write {wanted}, with a point",
        )
    return None


def _on_moment(value: str, field: Field, dialect: Dialect) -> Label | None:
    """What to write for a date, a month or a time in another form: each of its readings, where two are possible."""
    wanted = WANTED[field.type] if field.format in ("default", "any") else field.format
    if field.type == "date" and SERIAL.fullmatch(value.strip()):
        day = (FIRST_DAY + timedelta(days=int(value))).strftime(wanted)
        return Label(
            f"un tableur numérote ainsi le {day} : si c'est le jour voulu, écrivez {day}",
            f"a spreadsheet program numbers {day} so: if it is the day that is meant, write {day}",
        )
    found = list(dict.fromkeys(moment.strftime(wanted) for moment in _moments(value, field)))
    if len(found) > 1 and not dialect.french:
        day, month = found
        return Label(
            f"écrivez {day} si le jour est écrit en premier, {month} si c'est le mois",
            f"write {day} if the day is written first, {month} if the month is",
        )
    return Label(f"écrivez {found[0]}", f"write {found[0]}") if found else None


def _moments(value: str, field: Field) -> Iterator[datetime]:
    """The readings of a text as a moment, the French order of days and months first."""
    compact = COMPACT_DAY.sub(r"\1/\2/\3", re.sub("[.-]", "/", SPACES.sub("", value).lower()))
    for form in WRITTEN[field.type]:
        try:
            moment = datetime.strptime(compact, form)
        except ValueError:
            continue
        if moment.year in YEARS:
            yield moment


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
