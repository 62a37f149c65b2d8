"""The sheet of definitions of a workbook: what the table is, its columns, its codes, how to read and cite it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from publish.formats.xlsx import SHEET_ROWS, sheet_names
from publish.notice import LICENCE, READING, SIMULATED, Notice, source_of
from schemas.catalogue import load_catalogue
from schemas.contract import Contract, Field, Label, units

Row = tuple[str, ...]
HEADER: Row = ("rubrique", "nom", "libellé", "label", "définition", "definition", "type", "unité")


def definitions(contract: Contract, notice: Notice, *, rows: int) -> list[Row]:
    """The rows of the sheet, the first naming its columns: French, then English, side by side."""
    return [HEADER, *_about(contract, notice, rows), *_columns(contract), *_codes(contract), *_indicators(contract)]


def _both(section: str, name: str, title: Label, text: Label) -> Row:
    return (section, name, title.fr, title.en, text.fr, text.en, "", "")


def _about(contract: Contract, notice: Notice, rows: int) -> Iterator[Row]:
    data = f"data/{contract.name}.csv"
    facts = {
        "jeu": (contract.title, contract.description),
        "version": (Label("Version", "Version"), _same(f"{notice.version} ({notice.day.isoformat()})")),
        "source": (Label("Source", "Source"), source_of(contract)),
        "licence": (Label("Licence", "Licence"), _same(f"{LICENCE['title']} – {LICENCE['path']}")),
        "citation": (Label("Citer", "Cite"), _citation(contract, notice, data)),
        "adresse": (Label("Adresse permanente", "Permanent address"), _same(notice.permanent(data))),
        "lecture": (Label("Cellules vides", "Empty cells"), READING),
        "feuilles": (Label("Feuilles", "Sheets"), _sheets(contract.name, rows)),
    }
    if notice.version.demo:
        facts["simulation"] = (Label("Données simulées", "Simulated data"), SIMULATED)
    for name, (title, text) in facts.items():
        yield _both("publication", name, title, text)


def _same(text: str) -> Label:
    return Label(text, text)


def _citation(contract: Contract, notice: Notice, data: str) -> Label:
    fr, en = (notice.citation(lang, title=contract.title[lang], relative=data) for lang in ("fr", "en"))
    return Label(fr, en)


def _sheets(name: str, rows: int) -> Label:
    names = ", ".join(sheet_names(Path(name).stem, rows))
    return Label(
        f"{rows} lignes, dans : {names}. Une feuille a au plus {SHEET_ROWS} lignes sous ses titres.",
        f"{rows} rows, in: {names}. A sheet has at most {SHEET_ROWS} rows below its headings.",
    )


def _columns(contract: Contract) -> Iterator[Row]:
    for field in contract.fields:
        yield (*_both("colonne", field.name, field.title, field.description)[:6], field.type, _unit(field))


def _unit(field: Field) -> str:
    return units()[field.unit].fr if field.unit else ""


def _codes(contract: Contract) -> Iterator[Row]:
    for field in contract.fields:
        for category in field.categories:
            yield ("code", f"{field.name} = {category.value}", category.label.fr, category.label.en, "", "", "", "")
    if "unite" in contract.names:
        for code, label in units().items():
            yield ("unité", f"unite = {code}", label.fr, label.en, "", "", "", "")


def _indicators(contract: Contract) -> Iterator[Row]:
    """What each indicator is, where the table names them without defining them."""
    if "indicateur" not in contract.names or contract.name == "indicateurs":
        return
    for indicator in load_catalogue().indicateurs:
        named = _both("indicateur", f"indicateur = {indicator.indicateur}", indicator.nom, indicator.definition)
        yield (*named[:6], "", units()[indicator.unite].fr)
