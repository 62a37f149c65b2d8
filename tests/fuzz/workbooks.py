"""Workbooks written by hand, so that any part of them can be wrong."""

from __future__ import annotations

import io
import zipfile
from html import escape

from tests.fuzz.choices import Choices
from tests.fuzz.witness import Grid


def archive(parts: dict[str, str]) -> bytes:
    """Parts as a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text.encode("utf-8", errors="replace"))
    return made.getvalue()


TOKENS = (
    *(
        '<c r="A1"/>',
        '<c r="A2" t="s"><v>0</v></c>',
        '<row r="2"/>',
        "<v>1</v>",
        "<f>1+1</f>",
        ' t="e"',
        ' r="B2"',
        ' s="1"',
    ),
    *(
        ' t="str"',
        ' t="b"',
        ' t="d"',
        ' r="XFD1048576"',
        ' r="A0"',
        ' r="2"',
        "&#8238;",
        "&#0;",
        "&lol;",
        "<![CDATA[=1]]>",
    ),
    *(
        '<!DOCTYPE x [<!ENTITY lol "x">]>',
        "<!-- -->",
        "<?x?>",
        "<is><t>x</t></is>",
        '<mergeCell ref="A1:B2"/>',
        "\x00",
        "&",
    ),
    *(
        "<table:table-row/>",
        "<table:table-cell/>",
        ' table:number-columns-repeated="3"',
        ' table:number-rows-repeated="3"',
    ),
    *(
        "<text:p>x</text:p>",
        "<text:s/>",
        "<text:tab/>",
        ' office:value="1e309"',
        ' office:value-type="float"',
        ' hidden="1"',
    ),
    *(
        "<office:annotation><text:p>note</text:p></office:annotation>",
        ' office:date-value="0000-00-00"',
        "9" * 30,
        "-1",
    ),
    *(
        "<table:covered-table-cell/>",
        ' table:number-rows-spanned="2"',
        "<text:span>y</text:span>",
        "<text:line-break/>",
        ' date1904="1"',
        ' state="hidden"',
    ),
)


def retouched(choices: Choices, text: str) -> str:
    """An XML text with something put in, taken out, doubled, or a digit changed, at a place between two tags or not."""
    marks = [place for place, sign in enumerate(text) if sign in '<> "' or sign.isdigit()]
    place = choices.of(marks) if marks else 0
    kind = choices.number(4)
    if kind == 0:
        return text[:place] + choices.of(TOKENS) + text[place:]
    if kind == 1:
        return text[:place] + str(choices.number(99)) + text[place + 1 :]
    end = choices.of(marks) if marks else 0
    first, last = sorted((place, end))
    if kind == 2:
        return text[:first] + text[last:]
    if kind == 3:
        return text[:last] + text[first:last] + text[last:]
    return text[:place] + choices.text() + text[place:]


CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = (
    *(("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet")),
    *(("sharedStrings", "sharedStrings"), ("styles", "styles")),
)
INNER = (
    ("a", "worksheet", "worksheets/sheet1.xml"),
    ("b", "sharedStrings", "sharedStrings.xml"),
    ("c", "styles", "styles.xml"),
)
DEFAULT = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
OVERRIDES = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{CONTENT}.{kind}+xml"/>' for name, kind in KINDS)
SEEN = '<sheet name="Saisie" sheetId="1" r:id="a"/>'
MERGED = ("A2:A3", "B2:C2", "B1:B3", "A9:D9", "C3")
UNSEEN = '<sheet name="Copie" sheetId="2" state="hidden" r:id="a"/>'
MASKS = (";;;", '[<5]"<5";0', '0;-0;"ND"', "0.0,", "0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-')
FORMATS = "".join(
    f'<numFmt numFmtId="{number}" formatCode="{escape(code)}"/>' for number, code in enumerate(MASKS, start=164)
)
MASKED = "".join(f'<xf numFmtId="{number}" xfId="0" applyNumberFormat="1"/>' for number in range(164, 164 + len(MASKS)))
STYLES = (
    f'<numFmts count="{len(MASKS)}">{FORMATS}</numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    f'<cellXfs count="{2 + len(MASKS)}"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/>'
    f"{MASKED}</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)


def xlsx_parts(choices: Choices, table: Grid) -> dict[str, str]:
    """A table as the parts of an XLSX, each cell in one of its notations."""
    shared: list[str] = []
    rows = "".join(_xlsx_row(choices, number, row, shared) for number, row in enumerate(table, start=1))
    merged = f'<mergeCells><mergeCell ref="{choices.of(MERGED)}"/></mergeCells>' if choices.number(7) == 7 else ""
    strings = "".join(f'<si><t xml:space="preserve">{_xml(text)}</t></si>' for text in shared)
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{DEFAULT}{OVERRIDES}</Types>',
        "_rels/.rels": _relationships(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{SEEN}{UNSEEN}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(*INNER),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{merged}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" uniqueCount="{len(shared)}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>',
    }


def _relationships(*relations: tuple[str, str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in relations
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _xlsx_row(choices: Choices, number: int, row: list[str], shared: list[str]) -> str:
    cells = (_xlsx_cell(choices, text, f"{chr(65 + place)}{number}", shared) for place, text in enumerate(row))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _xlsx_cell(choices: Choices, text: str, place: str, shared: list[str]) -> str:
    kind = _kind(choices)
    if kind == 1:
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'
    if kind == 2 and text:
        return f'<c r="{place}"><v>{_xml(text)}</v></c>'
    if kind == 3:
        return f'<c r="{place}" s="1"><v>{choices.number(60000)}</v></c>'
    if kind == 4 and text:
        return f'<c r="{place}" t="str"><f>1</f><v>{_xml(text)}</v></c>'
    if kind == 5:
        return f'<c r="{place}" t="b"><v>{choices.number(1)}</v></c>'
    if kind == 7:
        return xlsx_number(place, choices.of(MASKS), choices.number(9))
    shared.append(text)
    return f'<c r="{place}" t="s"><v>{len(shared) - 1}</v></c>' if text else ""


def xlsx_number(place: str, mask: str, value: int) -> str:
    """A number under one of the formats."""
    return f'<c r="{place}" s="{2 + MASKS.index(mask)}"><v>{value}</v></c>'


def _kind(choices: Choices) -> int:
    """The notation of a cell: as a text most often, or few files would be right but for one cell."""
    return 0 if choices.often() else 1 + choices.number(6)


def _xml(text: str) -> str:
    """A text as XML may hold it: what it may not hold is left out."""
    allowed = (
        sign
        for sign in text
        if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )
    return escape("".join(allowed)).replace("\r", "&#13;")


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"
ENTRIES = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
    for path, media in (("/", KIND), ("content.xml", "text/xml"))
)


def ods_parts(choices: Choices, table: Grid) -> dict[str, str]:
    """A table as the parts of an ODS, each cell in one of its notations."""
    rows = "".join(_ods_row(choices, row) for row in table)
    sheet = f'<office:spreadsheet><table:table table:name="Saisie">{rows}</table:table></office:spreadsheet>'
    body = f"<office:body>{sheet}</office:body>"
    return {
        "mimetype": KIND,
        "content.xml": f"<office:document-content {NAMESPACES}>{body}</office:document-content>",
        "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{ENTRIES}</manifest:manifest>",
    }


def _ods_row(choices: Choices, row: list[str]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(choices, text) for text in row)}</table:table-row>"


def _ods_cell(choices: Choices, text: str) -> str:
    kind = _kind(choices)
    value = escape(_xml(text)).replace("&amp;", "&").replace("\n", "&#10;")
    if kind == 1 and text:
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if kind == 2 and text:
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if kind == 3:
        return '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    if kind == 4:
        return f'<table:table-cell office:value-type="string" office:string-value="{value}"/>'
    if kind == 7:
        return ods_number(choices.of(TOLD), choices.number(9))
    paragraphs = "".join(f"<text:p>{_xml(line)}</text:p>" for line in text.split("\n")) if text else ""
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


TOLD = ("", "ND", "<5", "-", "3,0 €", "3 000")


def ods_number(told: str, value: int) -> str:
    """A number, and what is shown of it."""
    number = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {number}><text:p>{escape(told)}</text:p></table:table-cell>"
