"""Where a transcribed figure comes from: publisher, title and date first, then the place in the transcribed file.

The name of a file and the number of a line find the words again, but say nothing to a reader: they stand small, last,
in words, with the exact locator on hover.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.router import Lang
from publish.charte.formats import periode
from publish.charte.mots import filled, place_words
from publish.reader import Release

Document = tuple[str, str, str, str]
NAMED = ("editeur", "titre", "publie_le", "url")
PLACED = ("source_fichier", "source_lieu")


def place(row: pd.Series, lang: Lang) -> Component:
    """The same, small, with the exact locator on hover."""
    exact = ", ".join(part for name in PLACED if (part := _text(row[name])))
    return html.Small(place_words(row, lang), className="lieu", title=exact)


def document(row: Any, lang: Lang) -> list[Any]:
    """Publisher, title (linked where there is an address) and date of publication; nothing where none is known."""
    words = ", ".join(str(row[name]) for name in ("editeur", "titre") if filled(row[name]))
    if not words:
        return []
    # Titles stay in the language of the document, whatever that of the page.
    title = html.Span(words, lang="fr")
    named = html.A(title, href=row["url"], rel="noopener external") if filled(row["url"]) else title
    return [named, f", {periode(str(row['publie_le']), lang)}"] if filled(row["publie_le"]) else [named]


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
