"""Transcribed figures checked against the documents they come from.

Every row of the reference tables names a document, a place in it and what is printed there. ``check_sources`` re-reads
the documents and demands that the print stands at that place, that the numbers and dates of the row are those of the
print, and that no passage of a document (``RUN`` consecutive words) entered a table. Titles under which documents are
cited are exempt from the last.

A place is ``L11:32`` (line 11, from character 32), ``L11`` (anywhere on line 11), ``L11-13`` (lines 11 to 13, with or
without ``:32`` on the first) or, in ``published-figures.csv``, the identifier of a row. Lines are those between line
feeds, counted from 1.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.figures_in_print import dates_in, normalised, numbers_in, words_in
from schemas.contract import units
from schemas.errors import ContractBroken, UsageError

PUBLISHED = "published-figures.csv"
RUN = 8
NUMBER_TOLERANCE = 0.05
"""Fractions are transcribed to one decimal: a third is 33.3."""

_LOCATOR = re.compile(r"L(\d+)(?:-(\d+))?(?::(\d+))?")
_CITED = frozenset({"titre", "url"})

Row = Mapping[str, str]
Documents = Mapping[str, str]


@dataclass(frozen=True)
class Transcribed:
    """A reference table whose rows are transcribed, and which of its columns the print must confirm."""

    table: str
    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


TABLES = (
    Transcribed("chiffres_publies", ("id",), numbers=("valeur", "borne_basse", "borne_haute")),
    Transcribed("consultations_cocaine", ("service_id", "periode", "mesure"), numbers=("valeur", "effectif", "base")),
    Transcribed("objectifs", ("id",), numbers=("valeur_cible",)),
    Transcribed("services", ("service_id",)),
    Transcribed("evenements", ("id",), dates=("date_debut", "date_fin")),
    Transcribed("journees_aipauc", ("id",), dates=("date",)),
)


@dataclass(frozen=True)
class Failure:
    """One row that its source does not confirm. ``row`` is counted as in the file, the header being 1."""

    file: str
    row: int
    key: str
    rule: str
    wanted: str
    where: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.row} ({self.key}) : {self.wanted} — {self.where} [{self.rule}]. {self.advice}"


@dataclass(frozen=True)
class SourcesReport:
    """What was checked: documents read, rows and values confirmed against them, and every failure."""

    documents: tuple[str, ...]
    rows: Mapping[str, int]
    values: int
    failures: tuple[Failure, ...]

    @property
    def valid(self) -> bool:
        """Whether the documents confirm every row."""
        return not self.failures

    def to_text(self) -> str:
        """The whole report, in French, one failure a line."""
        head = f"{sum(self.rows.values())} lignes, {self.values} valeurs relues dans {len(self.documents)} documents : "
        if self.valid:
            return head + "tout est à sa place."
        return "\n".join([head + f"{len(self.failures)} à reprendre.", *(f"  {failure}" for failure in self.failures)])

    def raise_if_broken(self) -> None:
        """Raise ContractBroken, with the whole report, if a row is not confirmed."""
        if not self.valid:
            raise ContractBroken(self.to_text())


def check_sources(folder: Path, reference: Path) -> SourcesReport:
    """Check the transcribed tables of ``reference`` against the documents of ``folder``.

    ``published-figures.csv`` is read in ``folder`` or in its sibling ``domain``. Raises UsageError where ``folder`` or
    a table cannot be found; what the documents do not confirm is reported, not raised.
    """
    documents = _documents(folder)
    tables = {spec: _rows(reference / f"{spec.table}.csv") for spec in TABLES}
    failures = [
        failure
        for spec, rows in tables.items()
        for number, row in rows
        for failure in _check_row(spec, number, row, documents)
    ]
    return SourcesReport(
        documents=tuple(sorted(documents)),
        rows={spec.table: len(rows) for spec, rows in tables.items()},
        values=sum(1 for spec, rows in tables.items() for _, row in rows for _ in _stated(spec, row)),
        failures=(*failures, *_copied_passages(reference, documents)),
    )


def _documents(folder: Path) -> dict[str, str]:
    """Text of the documents by name; the name of each row's document is looked up here."""
    if not folder.is_dir():
        raise UsageError(f"{folder} : dossier introuvable. Indiquez le dossier qui contient les documents sources.")
    paths = [*sorted(folder.glob("*.txt")), folder / PUBLISHED, folder.parent / "domain" / PUBLISHED]
    found: dict[str, str] = {}
    for path in paths:
        if path.is_file():
            found.setdefault(path.name, path.read_bytes().decode("utf-8"))
    return found


def _rows(path: Path) -> list[tuple[int, Row]]:
    if not path.is_file():
        raise UsageError(f"{path} : table de référence introuvable. Indiquez le dossier data/reference.")
    with path.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def _check_row(spec: Transcribed, number: int, row: Row, documents: Documents) -> Iterator[Failure]:
    """Every way in which the source of a row does not confirm it."""

    def failure(rule: str, wanted: str, where: str, advice: str) -> Failure:
        key = " ".join(row[column] for column in spec.key)
        return Failure(f"{spec.table}.csv", number, key, rule, wanted, where, advice)

    source, place, printed = (row.get(name) or "" for name in ("source_fichier", "source_lieu", "tel_qu_imprime"))
    where = f"{source} {place}"
    if (unit := row.get("unite")) is not None and unit not in units():
        yield failure(
            "unite_inconnue", f"unité « {unit} »", "schemas/units.json", "Ajoutez l'unité ou corrigez son code."
        )
    if source not in documents:
        yield failure("document_absent", f"« {printed} »", where, "Ajoutez le document au dossier ou corrigez son nom.")
    elif not stands(printed, place, documents[source], table=source == PUBLISHED):
        yield failure("texte_introuvable", f"« {printed} »", where, "Rétablissez le texte imprimé ou sa place.")
    else:
        unconfirmed = list(_unconfirmed(spec, row, printed))
        misprint = row.get("anomalie") == "coquille" and len(unconfirmed) == 1
        for column in () if misprint else unconfirmed:
            wanted = f"{column} = {row[column]} n'est pas dans « {printed} »"
            yield failure("valeur_differente", wanted, where, "Reprenez la valeur de la source, sans la corriger.")


def stands(printed: str, place: str, document: str, *, table: bool = False) -> bool:
    """Whether ``printed`` stands at ``place`` in ``document``, spaces and line ends apart.

    With a character it starts there; without, it is anywhere in the lines. A number is found whole: 4 is not in 14 nor
    in 4,5. ``table`` reads the document as CSV, where a place is the identifier of a row.
    """
    if not printed.strip():
        return False
    if table:
        return _in_text(printed, _table_row(document, place))
    if (match := _LOCATOR.fullmatch(place)) is None:
        return False
    first, last, column = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
    passage = document.split("\n")[first - 1 : last]
    if len(passage) != last - first + 1:
        return False
    before, passage[0] = passage[0][: column - 1], passage[0][column - 1 :]
    return _in_text(printed, " ".join(passage), at_start=match[3] is not None, before=before)


def _table_row(document: str, place: str) -> str:
    """Cells of the row whose first column is ``place``, joined; empty if there is none."""
    for cells in csv.reader(document.splitlines()):
        if cells and cells[0] == place:
            return " ".join(cell for cell in cells if cell and not cell.startswith("http"))
    return ""


def _in_text(printed: str, text: str, *, at_start: bool = False, before: str = "") -> bool:
    wanted, found = normalised(printed), normalised(text)
    whole = rf"(?<![\d])(?<!\d,){re.escape(wanted)}(?![\d])(?!,\d)" if wanted[0].isdigit() else re.escape(wanted)
    if wanted[-1].isdigit() and not wanted[0].isdigit():
        whole += r"(?!\d)(?!,\d)"
    if not at_start:
        return re.search(whole, found) is not None
    inside = wanted[0].isdigit() and re.search(r"\d,?$", before)
    return not inside and re.match(whole, found) is not None


def _stated(spec: Transcribed, row: Row) -> Iterator[str]:
    """Columns of a row that state a number or a date."""
    for column in (*spec.numbers, *spec.dates):
        if row.get(column):
            yield column


def _unconfirmed(spec: Transcribed, row: Row, printed: str) -> Iterator[str]:
    """Columns whose number or date is not in the print."""
    numbers = numbers_in(printed)
    for column in spec.numbers:
        if row[column] and not _printed_number(row[column], numbers, printed):
            yield column
    dates = dates_in(printed)
    for column, found in zip(spec.dates, (dates[:1], dates[-1:]), strict=False):
        if row[column] and found and not found[0].agrees(date.fromisoformat(row[column])):
            yield column


def _printed_number(text: str, numbers: tuple[float, ...], printed: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return text in printed
    return any(abs(value - number) <= min(NUMBER_TOLERANCE, 0.01 * number) for number in numbers)


def _copied_passages(reference: Path, documents: Documents) -> Iterator[Failure]:
    """Cells of any table of ``reference`` that hold ``RUN`` consecutive words of a document."""
    runs = {run: name for name, text in documents.items() if name != PUBLISHED for run in _runs(text)}
    for path in sorted(reference.glob("*.csv")):
        for number, row in _rows(path):
            for column, cell in row.items():
                if column in _CITED or not cell:
                    continue
                if copied := next((run for run in _runs(cell) if run in runs), None):
                    wanted, where = f"{column} reprend « {' '.join(copied)} »", runs[copied]
                    advice = "Dites-le avec d'autres mots : aucun passage d'une source n'entre dans le dépôt."
                    yield Failure(path.name, number, next(iter(row.values())), "passage_copie", wanted, where, advice)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = words_in(text)
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
