"""The small parts of a workbook (ECMA-376, Office Open XML), as text: everything but the cells of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Positions in ``cellXfs`` below.
DATE, HEADER, TEXT, WRAPPED = 1, 2, 3, 4
# A text that looks like a formula keeps its apostrophe (``quotePrefix``): it stays a text even when it is edited.
STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF2"/></patternFill></fill></fills>\
<borders count="1"><border/></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="5">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">\
<alignment vertical="top" wrapText="1"/></xf></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
# Characters that XML cannot hold, and texts that read as the escape of one (ECMA-376 part 1, 22.9.2.19).
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def text(value: str) -> str:
    """A text as the content of an element."""
    return escape(_UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value))


def string(value: str) -> str:
    """A text as the content of a cell or of a shared string, its outer blanks kept."""
    kept = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f"<t{kept}>{text(value)}</t>"


def row(values: Iterable[str], *, number: int, style: int) -> str:
    """A row whose cells hold their own texts; an empty text is no cell."""
    cells = "".join(
        f'<c r="{column(place)}{number}" s="{style}" t="inlineStr"><is>{string(value)}</is></c>'
        for place, value in enumerate(values, start=1)
        if value
    )
    return f'<row r="{number}">{cells}</row>'


def shared_strings(values: Iterable[str]) -> str:
    """The part that holds every text of the tables once."""
    items = "".join(f"<si>{string(value)}</si>" for value in values)
    return f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'


def column(number: int) -> str:
    """Letters of a column, 1 being A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_head(widths: Sequence[int], *, rows: int, first: bool) -> str:
    """What stands before the rows: extent, frozen first row, widths. ``rows`` counts the header."""
    extent = f"A1:{column(len(widths))}{rows}"
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    selected = ' tabSelected="1"' if first else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="{extent}"/><sheetViews>'
        f'<sheetView{selected} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )


def sheet_tail(columns: int, *, rows: int) -> str:
    """What stands after the rows: the filter of every column."""
    return f'</sheetData><autoFilter ref="A1:{column(columns)}{rows}"/></worksheet>'


def workbook(sheets: Sequence[str], *, title: str, day: date) -> dict[str, str]:
    """The parts that name and link the sheets, by their place in the archive. They say nothing of any machine."""
    return {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations(
            (f"{LINKS}/officeDocument", "xl/workbook.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(title, day),
        "xl/workbook.xml": _sheets(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            *((f"{LINKS}/worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheets) + 1)),
            (f"{LINKS}/styles", "styles.xml"),
            (f"{LINKS}/sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": STYLES,
    }


def _types(sheets: int) -> str:
    parts = {
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/xl/workbook.xml": f"{CONTENT}.sheet.main+xml",
        "/xl/styles.xml": f"{CONTENT}.styles+xml",
        "/xl/sharedStrings.xml": f"{CONTENT}.sharedStrings+xml",
        **{f"/xl/worksheets/sheet{place}.xml": f"{CONTENT}.worksheet+xml" for place in range(1, sheets + 1)},
    }
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*links: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(links, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _sheets(names: Sequence[str]) -> str:
    items = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{place}" r:id="rId{place}"/>'
        for place, name in enumerate(names, start=1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{items}</sheets></workbook>'


def _properties(title: str, day: date) -> str:
    moment = f"{day.isoformat()}T00:00:00Z"
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text(title)}</dc:title><dc:creator>Observatoire du plan crack</dc:creator>{dates}"
        "</cp:coreProperties>"
    )
