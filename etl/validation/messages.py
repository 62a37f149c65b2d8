"""What a report says, in French and in English: where, what was found, which rule, what to do."""

from __future__ import annotations

from etl.validation import signs
from etl.validation.advice import advise, expected, flat, visible
from etl.validation.dialect import Dialect, letters
from etl.validation.findings import Finding
from etl.validation.header import Columns
from etl.validation.wordings import FOUND, KINDS
from schemas.contract import Contract, Label


def describe(finding: Finding, contract: Contract, columns: Columns | None, dialect: Dialect) -> Label:
    """The whole message of a finding in both languages."""
    return Label(*(_message(finding, contract, columns, dialect, lang) for lang in ("fr", "en")))


def _message(finding: Finding, contract: Contract, columns: Columns | None, dialect: Dialect, lang: str) -> str:
    found, remedy = _texts(finding)
    advice = _advice(finding, contract, dialect)
    facts = {
        "value": visible(finding.value or "", lang),
        "bound": _bound(finding, lang),
        "hint": signs.named(finding.hint, lang) if finding.check.rule == "invisible" else flat(finding.hint, lang),
        "title": _title(finding, contract, lang),
        "near": visible(finding.near, lang),
    }
    where, rule = _where(finding, columns, dialect, lang), _rule(finding, lang)
    sentence = f"{where}{found[lang].format(**facts)}{rule}"
    done = advice[lang] if advice else remedy[lang].format(**facts)
    return f"{sentence}. To do: {done}." if lang == "en" else f"{sentence}. À faire : {done}."


def _advice(finding: Finding, contract: Contract, dialect: Dialect) -> Label | None:
    check = finding.check
    if (check.type, check.rule) == ("constraint-error", "pattern"):
        return expected(contract.field(check.field))
    if (check.type, check.rule) != ("type-error", "type") or not finding.value:
        return None
    return advise(finding.value, contract.field(check.field), contract, dialect)


def _texts(finding: Finding) -> tuple[Label, Label]:
    check = finding.check
    if check.type == "primary-key" and not finding.hint:
        return FOUND["primary-key/absent"]
    if finding.near:
        return FOUND[f"{check.type}/near"]
    return FOUND.get(f"{check.type}/{check.rule}") or FOUND[check.type]


def _bound(finding: Finding, lang: str) -> str:
    kind, bound = finding.check.type, finding.check.bound
    if kind == "row-constraint":
        return (" or " if lang == "en" else " ou ").join(_named(name, lang) for name in finding.check.columns)
    if kind != "type-error":
        return bound
    return KINDS[bound][lang] if bound in KINDS else (f"of type {bound}" if lang == "en" else f"du type {bound}")


def _title(finding: Finding, contract: Contract, lang: str) -> str:
    """What a broken rule says, in words; its SQL where the contract has no words for it."""
    if finding.check.type != "row-constraint":
        return ""
    rule = {rule.name: rule for rule in contract.rules}[finding.check.rule]
    return (rule.title[lang] or flat(rule.check, lang)).rstrip(".")


def _rule(finding: Finding, lang: str) -> str:
    if finding.check.type in ("source-error", "encoding-error"):
        return ""
    return f" (rule {finding.check.rule})" if lang == "en" else f" (règle {finding.check.rule})"


def _where(finding: Finding, columns: Columns | None, dialect: Dialect, lang: str) -> str:
    row, column, colon = ("Row", "column", ": ") if lang == "en" else ("Ligne", "colonne", " : ")
    if finding.row is None:
        return "File: " if lang == "en" else "Fichier : "
    positions = columns.positions if columns else {}
    own = finding.check.position
    cells = [
        _named(name, lang) + _cell(positions.get(name) if own is None else own, finding.row, dialect)
        for name in finding.check.columns
    ]
    told = (
        f", {column}{'s' * (len(cells) > 1)} {', '.join(cells)}" if cells else _place(own, finding.row, dialect, lang)
    )
    return f"{row} {finding.row}{_line(finding, lang)}{told}{colon}"


def _line(finding: Finding, lang: str) -> str:
    """Where the row is in the text of the file, if cells of several lines have shifted it."""
    if finding.line is None:
        return ""
    return (
        f" (line {finding.line} in a text editor)"
        if lang == "en"
        else f" (ligne {finding.line} dans un éditeur de texte)"
    )


def _named(column: str, lang: str) -> str:
    name = visible(column, lang)
    return f"“{name}”" if lang == "en" else f"« {name} »"


def _cell(position: int | None, row: int, dialect: Dialect) -> str:
    """The reference of a spreadsheet's cell, as in « (C14) »."""
    return f" ({letters(position)}{row})" if dialect.spreadsheet and position is not None else ""


def _place(position: int | None, row: int, dialect: Dialect, lang: str) -> str:
    """Where in the row a column is that has no name of the contract."""
    if position is None:
        return ""
    if dialect.spreadsheet:
        return f", {'cell' if lang == 'en' else 'cellule'} {letters(position)}{row}"
    return f", column {position + 1}" if lang == "en" else f", colonne n° {position + 1}"
