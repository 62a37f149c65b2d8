"""History that is real: what surveys and reports said of use, users, CAARUD and spending before any feed existed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from dashboard.components.chiffre import source_text
from dashboard.components.histoire import History, real_chart
from dashboard.components.liens import pinned
from dashboard.context import Context
from dashboard.figures.historique import barres_dites, points
from dashboard.page import Page, Section
from dashboard.queries import published
from dashboard.registre import capital, extract_address, filled
from dashboard.router import href
from publish.charte.formats import COLON, SEMICOLON, a_la_periode, est_connu, nombre, quantite, unite
from publish.charte.mots import figure_value, label, period_text, place_words, text_of

# Published figures of each chart, by the key of their line. One line, one instrument and one population.
TRIED = {"adultes": ("SC0007", "SC0008"), "jeunes": ("SC0015", "SC0014")}
USED = {
    "adultes": ("SC0010", "SC0011", "SC0012"),
    "hommes": ("SC0022", "SC0023"),
    "femmes": ("SC0020", "SC0021"),
}
# Estimates of the number of users, by method: never joined, not even the two that share one.
ESTIMATES = {"recoupement": ("PF001",), "presse": ("PF002",), "csapa": ("SC0140", "SC0139")}
AGE = {"ena": ("PF011", "PF012", "PF013")}
PROFILE = ("SC0162", "PF015", "PF014", "PF016", "PF017", "SC0141", "SC0142", "PF004")
# Of these shares, the pair that one survey gives twice of the same people, and that changed most: told in the title.
MONTH = ("SC0141", "SC0142")
TAKING_PART = (("PF005", "PF006"), ("PF007", "PF008"), ("PF009", "PF010"))
SPENDING = ("PF021", "PF022")
SECTIONS = (
    *("histoire-essai", "histoire-usage", "histoire-usagers", "histoire-age"),
    *("histoire-profil", "histoire-participation", "histoire-depenses"),
)


@dataclass(frozen=True)
class Lines:
    """A chart of points: the key of its texts, the figures of each line, whether a line joins them.

    What is told in its title: the first line from end to end, or, of points that nothing joins, the last estimate.
    """

    key: str
    lines: Mapping[str, tuple[str, ...]]
    joined: bool


CHARTS = {
    "histoire-essai": Lines("essai", TRIED, joined=True),
    "histoire-usage": Lines("usage", USED, joined=True),
    "histoire-usagers": Lines("usagers", ESTIMATES, joined=False),
    "histoire-age": Lines("age", AGE, joined=True),
}


def build(context: Context) -> dict[str, Section]:
    """Use, users, CAARUD, spending, the consultations, the anomalies of all these figures."""
    frame = context.cached(published, context.lang).set_index("id", drop=False)
    sections = {name: _points(context, frame, lines) for name, lines in CHARTS.items()}
    sections |= {
        "histoire-profil": _profile(context, frame),
        "histoire-participation": _taking_part(context, frame),
        "histoire-depenses": _spending(context, frame),
    }
    return sections | {"consultations": _consultations(context), "anomalies": _anomalies(context, frame)}


def _rows(frame: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Figures by identifier, those the release lacks left out."""
    return frame.loc[[one for one in ids if one in frame.index]]


def _csv(context: Context, rows: pd.DataFrame) -> str:
    return extract_address(context.version, "chiffres_publies", id=tuple(rows["id"]))


def _empty(context: Context, key: str) -> Section:
    t = context.texts
    return Section(before=[html.H2(t(f"histoire.{key}.titre")), html.P(t("histoire.vide"), className="vide")])


def _points(context: Context, frame: pd.DataFrame, spec: Lines) -> Section:
    t, lang = context.texts, context.lang
    kept = {name: _rows(frame, ids) for name, ids in spec.lines.items()}
    drawn = [_point(context, row, spec.key, name) for name, rows in kept.items() for _, row in rows.iterrows()]
    if not drawn:
        return _empty(context, spec.key)
    rows = pd.concat(list(kept.values()))
    unit = unite(str(rows["unite"].iloc[0]), lang)
    figure = points(pd.DataFrame(drawn), lang=lang, unit_label=unit, joined=spec.joined)
    said = [_sentence(context, part, t(f"histoire.{spec.key}.{name}")) for name, part in kept.items() if len(part)]
    summary = capital(SEMICOLON[context.lang].join(said)) + t("ponctuation.point")
    title, notes = t(f"histoire.{spec.key}.titre"), (t(f"histoire.{spec.key}.note"),)
    finding = _finding(context, spec, kept)
    return real_chart(context, History(title, finding, rows, figure, summary, _csv(context, rows), notes))


def _finding(context: Context, spec: Lines, kept: Mapping[str, pd.DataFrame]) -> str:
    told = [(name, rows) for name, rows in kept.items() if len(rows)]
    name, rows = told[0] if spec.joined else max(told, key=lambda one: str(one[1]["periode"].max()))
    line = context.texts(f"histoire.{spec.key}.{name}")
    return _from_end_to_end(context, line, rows if spec.joined else rows.nlargest(1, "periode_debut"))


def _from_end_to_end(context: Context, name: str, rows: pd.DataFrame) -> str:
    """« 18-64 ans : 1,8 % en 2000, 3,8 % en 2010 »: the first and the last value of a line, whatever lies between."""
    ends = rows.sort_values("periode_debut").iloc[[0, -1] if len(rows) > 1 else [0]]
    said = [f"{figure_value(row, context.lang)} {_when(context, row)}" for _, row in ends.iterrows()]
    return capital(name) + COLON[context.lang] + ", ".join(said)


def _when(context: Context, row: pd.Series) -> str:
    return a_la_periode(str(row["periode"]), context.lang)


def _point(context: Context, row: pd.Series, key: str, name: str) -> dict[str, Any]:
    lang, line = context.lang, context.texts(f"histoire.{key}.{name}")
    when = period_text(str(row["periode"]), lang)
    source = place_words(row, lang)
    return {
        "annee": float(str(row["periode"])[:4]),
        "modalite": name,
        "nom": line,
        "texte": f"<b>{line}</b><br>{when}{COLON[lang]}{figure_value(row, lang)}<br>{row['editeur']}<br>{source}",
        **{column: row[column] for column in ("valeur", "borne_basse", "borne_haute")},
    }


def _sentence(context: Context, rows: pd.DataFrame, name: str) -> str:
    """A line in words: its name, then each value with its year."""
    lang = context.lang
    said = [f"{figure_value(row, lang)} ({period_text(str(row['periode']), lang)})" for _, row in rows.iterrows()]
    return name + COLON[lang] + ", ".join(said)


def _bar(context: Context, row: pd.Series, name: str) -> dict[str, Any]:
    value = figure_value(row, context.lang)
    known = float(row["valeur"]) if est_connu(row["valeur"]) else None
    source = f"{row['editeur']}<br>{place_words(row, context.lang)}"
    return {"nom": name, "valeur": known, "texte": value, "survol": f"<b>{name}</b><br>{value}<br>{source}"}


def _bars(
    context: Context, key: str, rows: pd.DataFrame, drawn: list[dict[str, Any]], *, finding: str, summary: str
) -> Section:
    t, lang = context.texts, context.lang
    figure = barres_dites(pd.DataFrame(drawn), lang=lang, unit_label=unite(str(rows["unite"].iloc[0]), lang))
    title, notes = t(f"histoire.{key}.titre"), (t(f"histoire.{key}.note"),)
    return real_chart(context, History(title, finding, rows, figure, summary, _csv(context, rows), notes))


def _profile(context: Context, frame: pd.DataFrame) -> Section:
    """Shares among the users of CAARUD, by edition of the survey."""
    rows, lang = _rows(frame, PROFILE), context.lang
    if rows.empty:
        return _empty(context, "profil")
    names = [_measure(row, lang) for _, row in rows.iterrows()]
    drawn = [_bar(context, row, name) for (_, row), name in zip(rows.iterrows(), names, strict=True)]
    listed = SEMICOLON[context.lang].join(bar["nom"] + COLON[lang] + bar["texte"] for bar in drawn)
    month = _rows(frame, MONTH)
    finding = _from_end_to_end(context, text_of(month.iloc[0], "mesure", lang), month) if len(month) else ""
    return _bars(context, "profil", rows, drawn, finding=finding, summary=listed + context.texts("ponctuation.point"))


def _measure(row: pd.Series, lang: Any) -> str:
    name = text_of(row, "mesure", lang)
    return f"{capital(name)}, {period_text(str(row['periode']), lang)}"


def _taking_part(context: Context, frame: pd.DataFrame) -> Section:
    """Services that took part in the survey, of those listed; the share is a computation of ours and says so."""
    pairs = [pair for pair in TAKING_PART if all(one in frame.index for one in pair)]
    if not pairs:
        return _empty(context, "participation")
    t, rows = context.texts, _rows(frame, [one for pair in pairs for one in pair])
    drawn = [_bar(context, row, _measure(row, context.lang)) for _, row in rows.iterrows()]
    said = [_share(context, rows.loc[[part, listed]]) for part, listed in pairs]
    summary = t("histoire.participation.resume", liste=SEMICOLON[context.lang].join(said))
    return _bars(context, "participation", rows, drawn, finding=said[-1], summary=summary)


def _share(context: Context, pair: pd.DataFrame) -> str:
    """A pair of figures, the part then the whole, in words."""
    part, listed = (float(value) for value in pair["valeur"])
    share = quantite(100 * part / listed, "%", context.lang, 0)
    counts = {name: nombre(value, context.lang) for name, value in (("parmi", listed), ("n", part))}
    year = period_text(str(pair["periode"].iloc[0]), context.lang)
    return context.texts("histoire.participation.part", annee=year, part=share, **counts)


def _spending(context: Context, frame: pd.DataFrame) -> Section:
    """Planned against spent, over the three years of the plan."""
    rows = _rows(frame, SPENDING)
    if len(rows) < len(SPENDING):
        return _empty(context, "depenses")
    t = context.texts
    drawn = [_bar(context, row, _measure(row, context.lang)) for _, row in rows.iterrows()]
    planned, spent = (float(value) for value in rows["valeur"])
    ratio = nombre(spent / planned, context.lang, 1)
    amounts = {"prevu": drawn[0]["texte"], "depense": drawn[1]["texte"]}
    finding = capital(t("histoire.depenses.constat", **amounts))
    summary = t("histoire.depenses.resume", rapport=ratio, **amounts)
    return _bars(context, "depenses", rows, drawn, finding=finding, summary=summary)


def _consultations(context: Context) -> Section:
    t = context.texts
    link = html.P(html.A(t("histoire.consultations.lien"), href=href(context.lang, "consultations", pinned(context))))
    return Section(before=[html.H2(t("histoire.consultations.titre")), html.P(t("histoire.consultations.texte")), link])


def _shown() -> tuple[str, ...]:
    lines = [one for spec in CHARTS.values() for ids in spec.lines.values() for one in ids]
    return (*lines, *PROFILE, *(one for pair in TAKING_PART for one in pair), *SPENDING)


def _anomalies(context: Context, frame: pd.DataFrame) -> Section:
    """Misprints and disagreements among the figures of this page: told, never corrected."""
    t, lang = context.texts, context.lang
    rows = _rows(frame, _shown())
    rows = rows[rows["anomalie"].map(filled)]
    title = html.H2(t("histoire.anomalies"))
    if rows.empty:
        return Section()
    items = [
        html.Li(
            [
                html.Strong(f"{_measure(row, lang)}{COLON[lang]}"),
                html.Q(str(row["tel_qu_imprime"]), lang="fr"),
                f" – {label('anomalie_source', str(row['anomalie']), lang)}. ",
                text_of(row, "anomalie_note", lang),
                html.Div(source_text(row, lang), className="note"),
            ]
        )
        for _, row in rows.iterrows()
    ]
    return Section(before=[title, html.P(t("histoire.anomalies.texte")), html.Ul(items, className="liste")])


PAGE = Page("histoire", (*SECTIONS, "consultations", "anomalies"), build, frozenset(SECTIONS))
