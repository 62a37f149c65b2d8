"""The four cocaine consultations, 2010–2012: real figures, as printed at the end of the OFDT's group interview."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components import origine
from dashboard.components.consultations import (
    UNAVAILABLE,
    base_words,
    crossed,
    measure_name,
    ordered,
    short_names,
    structures,
    value_words,
)
from dashboard.components.histoire import History, real_chart
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.figures.historique import barres_dites, pointille
from dashboard.page import Page, Section
from dashboard.registre import capital, extract_address, filled, rows_of
from dashboard.router import href
from publish.charte.formats import COLON, SEMICOLON, est_connu, nombre, quantite, unite
from publish.charte.mots import label, period_text

TABLE = "consultations_cocaine"
PEOPLE, MEN = "personnes_accueillies", "hommes"
PRODUCTS = ("abus_", "dependance_", "fumeurs")


def build(context: Context) -> dict[str, Section]:
    """People received, share of men, dependence by product, the whole table, its anomalies."""
    frame = context.cached(rows_of, TABLE)
    if frame.empty:
        return {"consultations-personnes": Section(before=[html.P(context.texts("histoire.vide"), className="vide")])}
    return {
        "consultations-personnes": _bars(context, frame, PEOPLE),
        "consultations-hommes": _bars(context, frame, MEN),
        "consultations-produits": _products(context, frame),
        "tableau": _table(context, frame),
        "anomalies": _anomalies(context, frame),
    }


def _named(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with the short name of their structure, structures in the order of the source."""
    codes = structures(frame)
    named = frame.assign(structure=frame["service_id"].map(short_names(context, codes)))
    return named.sort_values("service_id", key=lambda column: column.map(codes.index), kind="stable")


def _bars(context: Context, frame: pd.DataFrame, measure: str) -> Section:
    """One measure by structure and period, « non disponible » in the place of a bar where the source says ND."""
    named, lang, t = _named(context, frame), context.lang, context.texts
    rows = named[named["mesure"] == measure]
    drawn = pd.DataFrame([_bar(context, row) for _, row in rows.iterrows()])
    unit = unite(str(rows["unite"].iloc[0]), lang)
    figure = barres_dites(drawn, lang=lang, unit_label=unit)
    summary = t(f"consultations.{measure}.resume", liste=_listed(context, drawn))
    title, finding = t(f"consultations.{measure}.titre"), _span(context, rows, f"consultations.{measure}.constat")
    return real_chart(context, History(title, finding, rows, figure, summary, _csv(context, measure)))


def _span(context: Context, rows: pd.DataFrame, key: str) -> str:
    """The lowest and the highest value told, each with its structure: the finding of a chart of several structures."""
    known = rows[rows["valeur"].notna()].sort_values("valeur", kind="stable")
    ends = {"bas": known.iloc[0], "haut": known.iloc[-1]}
    said = {name: value_words(row, context) for name, row in ends.items()}
    told = {f"{name}_ou": row["structure"] for name, row in ends.items()}
    when = {f"{name}_quand": period_text(str(row["periode"]), context.lang) for name, row in ends.items()}
    return capital(context.texts(key, **said, **told, **when))


def _bar(context: Context, row: pd.Series) -> dict[str, Any]:
    value, base = value_words(row, context), _short_base(row, context)
    written = f"{value} ({base})" if base and row["precision"] != UNAVAILABLE else value
    name = f"{row['structure']}, {period_text(str(row['periode']), context.lang)}"
    known = float(row["valeur"]) if est_connu(row["valeur"]) else None
    return {
        "nom": name,
        "valeur": known,
        "texte": written,
        "survol": f"<b>{name}</b><br>{written}<br>{row['source_lieu']}",
    }


def _short_base(row: pd.Series, context: Context) -> str:
    """« 51/68 », or « 95 personnes » where the source prints no base: on a bar there is room for no more."""
    if pd.isna(row["effectif"]) or pd.notna(row["base"]):
        return base_words(row, context)
    return quantite(float(row["effectif"]), unite("personnes", context.lang), context.lang)


def _listed(context: Context, drawn: pd.DataFrame) -> str:
    return SEMICOLON[context.lang].join(f"{row.nom}{COLON[context.lang]}{row.texte}" for row in drawn.itertuples())


def _csv(context: Context, *measures: str) -> str:
    return extract_address(context.version, TABLE, mesure=measures)


def _products(context: Context, frame: pd.DataFrame) -> Section:
    """Abuse and dependence by product, a dot per structure; abuse and dependence are two measures, never merged."""
    t, lang, named = context.texts, context.lang, _named(context, frame)
    shares = named[named["mesure"].str.startswith(PRODUCTS)]
    rows, known = ordered(shares), shares[shares["valeur"].notna()]
    names = list(dict.fromkeys(measure_name(row, lang) for _, row in rows.iterrows()))
    figure = pointille(_dots(context, known), lang=lang, unit_label=unite("pourcent", lang), measures=names)
    top = known[known["mesure"] == "dependance_cocaine"].sort_values("valeur", ascending=False)
    listed = SEMICOLON[context.lang].join(
        row["structure"] + COLON[lang] + value_words(row, context) for _, row in top.iterrows()
    )
    summary = t("consultations.produits.resume", liste=listed, points=len(known))
    csv = _csv(context, *dict.fromkeys(rows["mesure"]))
    finding = _span(context, top, "consultations.produits.constat")
    return real_chart(context, History(t("consultations.produits.titre"), finding, rows, figure, summary, csv))


def _dots(context: Context, known: pd.DataFrame) -> pd.DataFrame:
    """What the figure draws of the shares that have a number."""
    return pd.DataFrame(
        {
            "mesure": [measure_name(row, context.lang) for _, row in known.iterrows()],
            "modalite": list(known["service_id"]),
            "nom": list(known["structure"]),
            "valeur": list(known["valeur"]),
            "exact": list(known["precision"] == "exact"),
            "texte": [_dot_text(context, row) for _, row in known.iterrows()],
        }
    )


def _dot_text(context: Context, row: pd.Series) -> str:
    said = (measure_name(row, context.lang), value_words(row, context), str(row["source_lieu"]))
    return "<br>".join((f"<b>{row['structure']}</b>", *said))


def _table(context: Context, frame: pd.DataFrame) -> Section:
    t = context.texts
    source = html.P(
        [t("consultations.source"), " ", html.Code(str(frame["source_fichier"].iloc[0]))], className="source"
    )
    missing = nombre(int((frame["precision"] == UNAVAILABLE).sum()), context.lang)
    lede = html.P(t("consultations.tableau.texte", nombre=nombre(len(frame), context.lang), nd=missing))
    mark = html.P(origine.mark(context, simulated=False))
    links = origine.links(context, context.file(f"data/{TABLE}.csv"), key="consultations.csv")
    return Section(before=[html.H2(t("consultations.tableau")), mark, lede, crossed(context, frame), source, links])


def _anomalies(context: Context, frame: pd.DataFrame) -> Section:
    """What the source says twice in two ways: told, never corrected."""
    t, lang = context.texts, context.lang
    named = _named(context, frame)
    rows = named[named["anomalie"].map(filled)]
    if rows.empty:
        return Section()
    items = [
        html.Li(
            [
                html.Strong(f"{row['structure']}, {label('mesure_consultation', str(row['mesure']), lang)}"),
                f" ({period_text(str(row['periode']), lang)}) – ",
                label("anomalie_source", str(row["anomalie"]), lang),
                ". ",
                str(row["anomalie_note_en" if lang == "en" else "anomalie_note"]),
                " ",
                html.Code(str(row["source_lieu"])),
            ]
        )
        for _, row in rows.iterrows()
    ]
    back = html.P(html.A(t("consultations.retour"), href=href(lang, "histoire", pinned(context))))
    return Section(before=[html.H2(t("histoire.anomalies")), html.Ul(items, className="liste"), back])


PAGE = Page(
    "consultations",
    ("consultations-personnes", "consultations-hommes", "consultations-produits", "tableau", "anomalies"),
    build,
    frozenset({"consultations-personnes", "consultations-hommes", "consultations-produits"}),
)
