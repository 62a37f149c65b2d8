"""Where a transcribed figure comes from: publisher, title and date first, then the place in the transcribed file.

The name of a file and the number of a line find the words again, but say nothing to a reader: they stand small, last,
in words, with the exact locator on hover.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte.formats import periode
from publish.reader import Release

Document = tuple[str, str, str, str]
NAMED = ("editeur", "titre", "publie_le", "url")
# The list of figures gathered before the transcription, each with the document it comes from.
GATHERED = "published-figures.csv"
PLACED = ("source_fichier", "source_lieu")
_FILE = re.compile(r"(\d{3})_[0-9a-f]+\.txt")
_LINE = re.compile(r"L(\d+)(?:-(\d+))?(?::\d+)?")


def place_words(row: pd.Series, lang: Lang) -> str:
    """« fichier transcrit 001…, ligne 9 »; of a list of figures already gathered, its entry."""
    t, file, locator = texts(lang), str(row["source_fichier"]), _text(row["source_lieu"])
    if file == GATHERED:
        return t("provenance.releve", entree=locator)
    known = _FILE.fullmatch(file)
    name = t("provenance.fichier", nom=f"{known[1]}…" if known else file)
    line = _LINE.fullmatch(locator)
    if line and line[2]:
        return t("provenance.lignes", fichier=name, debut=line[1], fin=line[2])
    if line:
        return t("provenance.ligne", fichier=name, ligne=line[1])
    return f"{name}, {locator}" if locator else name


def place(row: pd.Series, lang: Lang) -> Component:
    """The same, small, with the exact locator on hover."""
    exact = ", ".join(part for name in PLACED if (part := _text(row[name])))
    return html.Small(place_words(row, lang), className="lieu", title=exact)


def document(row: Any, lang: Lang) -> list[Any]:
    """Publisher, title (linked where there is an address) and date of publication; nothing where none is known."""
    words = ", ".join(str(row[name]) for name in ("editeur", "titre") if _filled(row[name]))
    if not words:
        return []
    # Titles stay in the language of the document, whatever that of the page.
    title = html.Span(words, lang="fr")
    named = html.A(title, href=row["url"], rel="noopener external") if _filled(row["url"]) else title
    return [named, f", {periode(str(row['publie_le']), lang)}"] if _filled(row["publie_le"]) else [named]


def documents(release: Release) -> dict[tuple[str, str], Document]:
    """Documents by file and place, and by file alone (place ``""``) where the file holds one document."""
    columns = ", ".join(f"coalesce({name}::varchar, '') as {name}" for name in (*PLACED, *NAMED))
    frame = release.query(f"select {columns} from chiffres_publies")
    found: dict[tuple[str, str], Document] = {}
    for file, rows in frame.groupby("source_fichier"):
        facts = [(str(one.editeur), str(one.titre), str(one.publie_le), str(one.url)) for one in rows.itertuples()]
        found |= {(str(file), str(where)): fact for where, fact in zip(rows["source_lieu"], facts, strict=True)}
        if len(set(facts)) == 1:
            found[str(file), ""] = facts[0]
    return found


def told(context: Context, row: pd.Series) -> list[Any]:
    """The document a row of a reference table was transcribed from, as the published figures name it, and the place."""
    known, file = context.cached(documents), str(row["source_fichier"])
    facts = known.get((file, str(row["source_lieu"])), known.get((file, "")))
    named = document(dict(zip(NAMED, facts, strict=True)), context.lang) if facts else []
    where = place(row, context.lang)
    return [*named, " (", where, ")"] if named else [where]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""
