"""Errors and corrections: ours, with the version that mends them, then those printed in the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from publish.charte import formats
from publish.charte.mots import figure_value, filled, label, text_of
from publish.site.page import Column, Page, Table, Work
from publish.site.pages.services import printed_in, quoted
from publish.site.source import Row

# Tables transcribed from documents, each with the columns that name one of its rows.
TRANSCRIBED = {
    "chiffres_publies": "mesure",
    "consultations_cocaine": "mesure",
    "evenements": "intitule",
    "objectifs": "intitule",
    "journees_aipauc": "ville",
}


def pages(work: Work) -> Iterator[Page]:
    """One page."""
    t = work.t
    ours = work.source.table("corrections")
    found = [(name, row) for name in TRANSCRIBED for row in work.source.table(name) if filled(row["anomalie"])]
    lede = t("corrections.chapeau")
    yield Page(
        "corrections.html", "corrections.html", t("corrections.titre"), lede, (work.home,),
        {"lede": lede, "ours": _ours(work, ours), "theirs": _theirs(work, found), "n": len(found)},
    )  # fmt: skip


def _ours(work: Work, rows: list[Row]) -> Table | None:
    if not rows:
        return None
    t, lang = work.t, work.lang
    columns = [Column(t(f"tableau.{name}")) for name in ("erreur", "date", "cause", "constat", "remede", "versions")]
    cells = [
        [
            _anchor(row["id"], simulated=row["origine"] == "simule", words=t("origine.simule")),
            formats.date_longue(row["date"], lang),
            label("cause_erreur", row["cause"], lang),
            text_of(row, "constat", lang),
            text_of(row, "remede", lang),
            t("corrections.versions", avant=row["version_erronee"], apres=row["version_corrigee"] or "–"),
        ]
        for row in rows
    ]
    return Table(t("corrections.notres.legende"), columns, cells)


def _anchor(code: str, *, simulated: bool, words: str) -> Markup:
    name = Markup('<code id="{}">{}</code>').format(code, code)
    return name + Markup(' <span class="origine origine--simule">{}</span>').format(words) if simulated else name


def _theirs(work: Work, found: list[tuple[str, Row]]) -> Table:
    t, lang = work.t, work.lang
    columns = [Column(t(f"tableau.{name}")) for name in ("mesure", "imprime", "anomalie", "explication", "source")]
    rows = [
        [
            _named(work, name, row),
            quoted(row["tel_qu_imprime"]),
            label("anomalie_source", row["anomalie"], lang),
            text_of(row, "anomalie_note", lang),
            printed_in(row, work),
        ]
        for name, row in found
    ]
    return Table(t("corrections.sources.legende"), columns, rows)


def _named(work: Work, name: str, row: Row) -> Any:
    """What the row is about, and the value that is published for it."""
    words = text_of(row, TRANSCRIBED[name], work.lang)
    if name == "consultations_cocaine":
        words = label("mesure_consultation", row["mesure"], work.lang)
    if name == "chiffres_publies":
        return f"{words} ({figure_value(row, work.lang)})"
    return words
