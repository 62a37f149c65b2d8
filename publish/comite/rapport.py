"""The report of a review as an accessible PDF (PDF/UA-1): tagged, titled, in its language, every image described.

Made by Typst from a template and the chapters, with the fonts of its own package: no file of the machine, no network,
no clock, so that the same release gives the same bytes. https://typst.app/docs/reference/pdf/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

import typst

from publish.charte.formats import date_longue, periode
from publish.charte.i18n import LANGUAGES, Lang
from publish.comite.blocs import written
from publish.comite.chapitres import address, chapters
from publish.comite.revue import TABLES, checked_quarter, quarters, review, reviewed
from publish.notice import KEYWORDS, TITLE, Notice
from publish.reader import Release
from publish.site import carte
from publish.site.build import OUTLINES
from publish.site.page import Work, texts
from publish.site.source import Source
from publish.site.typographie import french
from publish.version import parse_version
from schemas.errors import UsageError

TEMPLATE = Path(__file__).resolve().parent / "rapport.typ"
STANDARD: Literal["ua-1"] = "ua-1"


def write_reports(draft: Path, notice: Notice) -> None:
    """Write the report of each language in a release folder whose data, schemas and maps are written."""
    source = Source(draft, notice)
    (draft / "rapport").mkdir()
    for lang in LANGUAGES:
        (draft / address(lang)).write_bytes(printed(source, lang))


def report_of(release: Release, lang: Lang, quarter: str = "") -> bytes:
    """The report of a release that exists, of the quarter it is about or of another; nothing is written.

    Raises UsageError where the release has no figure of that quarter, or lacks a table that a review reads.
    """
    base = str(release.descriptor["homepage"])
    notice = Notice(parse_version(release.version), date.fromisoformat(release.entry.date), base)
    return printed(Source(release.folder, notice), lang, quarter)


def printed(source: Source, lang: Lang, quarter: str = "") -> bytes:
    """The PDF of the review of a quarter, that of the release where none is asked for."""
    version = str(source.notice.version)
    if missing := sorted(set(TABLES) - set(source.tables)):
        raise UsageError(
            f"La version {version} n'a pas ce que lit la revue : {', '.join(missing)}. Elle est plus ancienne qu'elle, "
            "ou une table a été retirée. Donnez une autre version."
        )
    held = quarters(source.query)
    asked = checked_quarter(quarter, version, held) if quarter else reviewed(version, held)
    found = review(source.query, source.tables, version=version, day=source.notice.day, quarter=asked)
    work = Work(source, lang, texts(lang), carte.background(source.document(OUTLINES)))
    words = _cover(work, asked) | {"chapitres": written(chapters(work, found))}
    return _compiled(_spaced(words, _typeset if lang == "fr" else str))


def _cover(work: Work, quarter: str) -> dict[str, Any]:
    """What is said of the whole document: title, language, date, and the words of its frame."""
    t, lang, notice = work.t, work.lang, work.source.notice
    when, day = periode(quarter, lang), date_longue(notice.day, lang)
    return {
        "lang": lang,
        "titre": t("comite.rapport.titre", trimestre=when),
        "sous_titre": t("comite.rapport.sous_titre"),
        "auteur": TITLE[lang],
        "sujet": notice.description(lang),
        "mots": list(KEYWORDS),
        "jour": [notice.day.year, notice.day.month, notice.day.day],
        "version": t("comite.rapport.version", version=str(notice.version), date=day),
        "simule": t("comite.rapport.simule") if notice.version.demo else "",
        "sommaire": t("comite.rapport.sommaire"),
        "page": t("comite.rapport.page", page="{page}", pages="{pages}"),
    }


def _typeset(text: str) -> str:
    """A French text with its no-break spaces, and typographic apostrophes where the data has none."""
    return french(text).replace("'", "\u2019")


def _spaced(value: Any, space: Callable[[str], str]) -> Any:
    """Every text with the spaces that its language wants; drawings keep theirs."""
    if isinstance(value, dict):
        return {key: item if key == "svg" else _spaced(item, space) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(partial(_spaced, space=space), value))
    return space(value) if isinstance(value, str) else value


def _compiled(words: dict[str, Any]) -> bytes:
    """The template filled in. Fonts of the machine are not looked at."""
    made = typst.compile(
        str(TEMPLATE),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        sys_inputs={"donnees": json.dumps(words, ensure_ascii=False)},
    )
    return bytes(made)
