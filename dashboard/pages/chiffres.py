"""Published figures: every one, searchable, with the value as printed, its source, its place and its anomalies."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd
from dash import html
from markupsafe import Markup

from dashboard.choices import chosen, page_form
from dashboard.components import origine
from dashboard.components.chiffre import anomaly, place_text, source_text
from dashboard.components.formulaire import Option, search_field, select
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import published
from publish.charte.formats import nombre
from publish.charte.mots import figure_value, label, text_of

SEARCHED = (
    *("id", "mesure", "mesure_en", "lieu", "lieu_en", "population", "population_en", "territoire", "periode"),
    *("editeur", "titre", "source_fichier", "tel_qu_imprime"),
)
FLAGGED = "anomalies"
# A number whose thousands are set apart; a year before a number is no part of it.
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")


def controls(context: Context) -> Markup:
    """Search, theme, and what precision or anomaly."""
    t, lang, frame = context.texts, context.lang, context.cached(published, context.lang)
    themes = [Option("", t("champ.tous_themes")), *_options(frame, "theme", "theme", lang)]
    precisions = [
        Option("", t("champ.toutes_precisions")),
        Option(FLAGGED, t("champ.anomalies")),
        *_options(frame, "precision", "precision_valeur", lang),
    ]
    return page_form(
        context,
        search_field("q", t("champ.recherche"), value=context.filters.q, hint=t("champ.recherche.exemple")),
        select("theme", t("champ.theme"), themes, chosen=_theme(context, frame)),
        select("precision", t("champ.precision"), precisions, chosen=_precision(context, frame)),
    )


def _options(frame: pd.DataFrame, column: str, codes: str, lang: str) -> list[Option]:
    language: Any = lang
    options = [Option(value, label(codes, value, language)) for value in sorted(frame[column].unique())]
    return sorted(options, key=lambda option: folded(option.text))


def _theme(context: Context, frame: pd.DataFrame) -> str:
    return chosen(context, "theme", sorted(frame["theme"].unique()), "")


def _precision(context: Context, frame: pd.DataFrame) -> str:
    return chosen(context, "precision", [FLAGGED, *sorted(frame["precision"].unique())], "")


def build(context: Context) -> dict[str, Section]:
    """The figures that the filters leave."""
    frame = context.cached(published, context.lang)
    kept = found(frame, context.filters.q)
    if theme := _theme(context, frame):
        kept = kept[kept["theme"] == theme]
    if precision := _precision(context, frame):
        kept = (
            kept[kept["anomalie"].notna() & (kept["anomalie"] != "")]
            if precision == FLAGGED
            else kept[kept["precision"] == precision]
        )
    return {"tableau": _results(context, kept, len(frame))}


def found(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    """Rows where every word is found, whatever its case and its accents."""
    texts = (
        frame[[name for name in SEARCHED if name in frame]].fillna("").astype(str).agg(" | ".join, axis=1).map(folded)
    )
    mask = pd.Series(True, index=frame.index)
    for word in folded(words).split():
        mask &= texts.str.contains(word, regex=False)
    return frame[mask]


def folded(text: str) -> str:
    """Lower case, without accents, one kind of space and of apostrophe, numbers in one piece: « 42 800 » is 42800."""
    plain = unicodedata.normalize("NFKD", text).replace("\u2019", "'")
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return _THOUSANDS.sub(lambda number: number[0].replace(" ", ""), " ".join(bare.split()))


def _results(context: Context, frame: pd.DataFrame, total: int) -> Section:
    t, lang = context.texts, context.lang
    count = html.P(
        t("chiffres.compte", trouves=nombre(len(frame), lang), total=nombre(total, lang)), className="compte resume"
    )
    links = origine.links(context, context.file("data/chiffres_publies.csv"), key="chiffres.csv")
    if frame.empty:
        return Section(before=[count, html.P(t("chiffres.vide"), className="vide"), links])
    columns = [
        Column(t(f"chiffres.colonne.{name}"), number=name == "valeur")
        for name in ("mesure", "valeur", "imprime", "quand", "source")
    ]
    rows = [_row(context, row) for _, row in frame.iterrows()]
    return Section(before=[count, table(columns, rows, caption=t("chiffres.legende"), cards=True), links])


def _row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang, note = context.lang, text_of(row, "note", context.lang)
    tag = html.Span(label("theme", row["theme"], lang), className="etiquette")
    measure = [text_of(row, "mesure", lang), html.Br(), tag]
    printed = html.Q(str(row["tel_qu_imprime"]), lang="fr") if row["tel_qu_imprime"] else ""
    remarks = [html.Div(note, className="note") if note else None, anomaly(row, lang)]
    return measure, figure_value(row, lang), [printed, *remarks], place_text(row, lang), source_text(row, lang)[2:]


PAGE = Page("chiffres", ("tableau",), build, controls=controls)
