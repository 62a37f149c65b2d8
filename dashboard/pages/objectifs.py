"""Targets: each step with its due date, where it stands, since when, on the path of its indicator, its course."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.choices import about
from dashboard.components import origine
from dashboard.components.blocs import Chart, chart, numbered_events
from dashboard.components.chiffre import anomaly, source_text
from dashboard.components.liens import indicator_link, pinned
from dashboard.components.provenance import told
from dashboard.components.trajectoire import course_words, projections
from dashboard.context import Context
from dashboard.feeds import feed_page
from dashboard.figures.objectif import chemin
from dashboard.figures.projection import with_projections
from dashboard.figures.series import evenements_numerotes
from dashboard.page import Page, Section
from dashboard.queries import indicators, place_names, published
from dashboard.registre import (
    by_unit,
    exists,
    extract_address,
    path_of,
    rows_of,
    series_selection,
)
from dashboard.router import href
from publish.charte.formats import COLON, a_la_periode
from publish.charte.mots import GIVEN, figure_value, label, period_text, text_of, value_text
from publish.charte.objectifs import (
    Standing,
    aim_text,
    at_due_date,
    due_text,
    standing,
    standing_text,
    verdict,
)
from publish.charte.summaries import resume_serie

TABLE = "objectifs"
# Indicators that targets name, in the order of the page; one that is not here stands last, without a graph.
INDICATORS = (
    *("lits_identifies", "lits_delai_median_jours", "unites_observation", "unites_observation_lits"),
    *("aval_places", "aval_stabilisation_paris", "pilotage_actions_realisees"),
)
OTHERS = "objectif-autres"
# Published figures that speak of a target without being its indicator.
EVIDENCE = {"pilotage_actions_realisees": ("PF020", "PF023")}


def _name(code: str) -> str:
    return f"objectif-{code}"


SECTIONS = ("ensemble", *(_name(code) for code in INDICATORS), OTHERS)


def build(context: Context) -> dict[str, Section]:
    """All targets at a glance, then one section per indicator with its interim and final steps together."""
    frame = context.cached(rows_of, TABLE)
    if frame.empty:
        return {"ensemble": Section(before=[html.P(context.texts("objectifs.vide"), className="vide")])}
    groups = {str(code): rows for code, rows in frame.groupby("indicateur", sort=False)}
    sections = {"ensemble": _overview(context, frame)}
    sections |= {_name(code): _target(context, groups[code]) for code in INDICATORS if code in groups}
    others = [part for code, rows in groups.items() if code not in INDICATORS for part in _words(context, rows)]
    return sections | {OTHERS: Section(before=others)}


def _path(context: Context, row: pd.Series) -> pd.DataFrame:
    return path_of(context.release, row, context.lang)


def _overview(context: Context, frame: pd.DataFrame) -> Section:
    """One line per step: the target, where it stands."""
    t = context.texts
    rank = {code: place for place, code in enumerate(INDICATORS)}
    placed = frame.assign(_rang=frame["indicateur"].map(rank).fillna(len(rank)))
    items = [_line(context, row) for _, row in placed.sort_values(["_rang", "valeur_cible"]).iterrows()]
    links = origine.links(context, extract_address(context.version, TABLE), key="objectifs.csv")
    title = html.H2(t("objectifs.ensemble"))
    lede = html.P(context.said("objectifs.ensemble.texte"))
    return Section(before=[title, lede, html.Ul(items, className="objectifs"), links])


def _line(context: Context, row: pd.Series) -> Component:
    code = str(row["indicateur"])
    name = html.A(text_of(row, "intitule", context.lang), href=f"#{code}")
    words = html.Span(
        [name, COLON[context.lang], html.Strong(aim_text(row, context.lang)), ", ", due_text(row, context.lang)]
    )
    return html.Li([words, _mark(context, row)])


def _mark(context: Context, row: pd.Series) -> Component:
    """Met, not met or not to be told; that the series which says so is simulated goes with the word."""
    where, t = _where(context, row), context.texts
    verdict = where.verdict if isinstance(where, Standing) else "indecis"
    simulated = isinstance(where, Standing) and where.last["origine"] == "simule" and verdict != "indecis"
    word = t(f"objectifs.verdict.{verdict}")
    return html.Span(t("objectifs.verdict.simule", mot=word) if simulated else word, className=f"etat etat--{verdict}")


def _where(context: Context, row: pd.Series) -> Standing | str:
    """Where a target stands, or the key of the text that says why it cannot be told."""
    code, catalogue = str(row["indicateur"]), context.cached(indicators)
    frame = _path(context, row) if code in catalogue.index else pd.DataFrame()
    if code not in catalogue.index:
        return "objectifs.pas_d_indicateur"
    if str(catalogue.at[code, "unite"]) != str(row["unite"]):
        return "objectifs.autre_unite"
    if frame.empty:
        return "objectifs.autre_territoire" if context.cached(exists, code) else "objectifs.sans_valeur"
    return standing(frame, str(row["operateur"]), float(row["valeur_cible"])) or "objectifs.sans_valeur"


def _words(context: Context, rows: pd.DataFrame) -> list[Component]:
    """The steps of one indicator, in words: target, due date, source, where it stands."""
    first, lang = rows.iloc[0], context.lang
    title = html.H2(text_of(first, "intitule", lang), id=str(first["indicateur"]))
    return [title, *_indicator(context, str(first["indicateur"])), *(_step(context, row) for _, row in rows.iterrows())]


def _indicator(context: Context, code: str) -> list[Component]:
    """The way to the indicator of a target, where the release has it."""
    if code not in context.cached(indicators).index:
        return []
    words = context.texts("objectifs.indicateur")
    return [html.P([words, " ", indicator_link(context, code)], className="note")]


def _step(context: Context, row: pd.Series) -> Component:
    lang = context.lang
    kind = label("palier_objectif", str(row["palier"]), lang)
    note = text_of(row, "note", lang)
    place = context.cached(place_names, lang).get((row["territoire_niveau"], row["territoire_code"]), "")
    source: list[Any] = [
        label("plan_objectif", str(row["plan"]), lang),
        " – ",
        *told(context, row),
    ]
    return html.Div(
        [
            html.P(
                [
                    html.Strong(aim_text(row, context.lang)),
                    f" – {kind}, {due_text(row, context.lang)}, {place} ",
                    _mark(context, row),
                ]
            ),
            html.P(_standing_words(context, row)),
            *course_words(context, row),
            html.P(note, className="note") if note else None,
            html.P(source, className="note"),
            anomaly(row, lang),
        ],
        className="palier",
    )


def _standing_words(context: Context, row: pd.Series) -> str:
    t, where = context.texts, _where(context, row)
    if isinstance(where, str):
        return t(where)
    said = standing_text(where, context.lang)
    return " ".join((said, *_reserves(context, where.last), *_at_due_date(context, row)))


def _at_due_date(context: Context, row: pd.Series) -> list[str]:
    """Where the target stood on its due date, if it is past."""
    held = None if pd.isna(row["echeance"]) else at_due_date(_path(context, row), pd.Timestamp(row["echeance"]))
    if held is None:
        return []
    told = verdict(held, str(row["operateur"]), float(row["valeur_cible"]))
    t, when = context.texts, a_la_periode(str(held["periode"]), context.lang)
    word = t(f"objectifs.verdict.{told}")
    return [t("objectifs.a_l_echeance", verdict=word, quand=when, valeur=value_text(held, context.lang))]


def _reserves(context: Context, row: pd.Series) -> list[str]:
    """What the last value leaves open: it may be completed, returns may be missing."""
    t, said = context.texts, list[str]()
    if bool(row["provisoire"]):
        said.append(t("resume.provisoire"))
    if pd.notna(row["attendues"]) and row["recues"] < row["attendues"]:
        said.append(t("resume.couverture", recues=int(row["recues"]), attendues=int(row["attendues"])))
    return said


def _target(context: Context, rows: pd.DataFrame) -> Section:
    """The steps in words, then the path: for all together if there is one, else unit by unit."""
    first, words = rows.iloc[0], _words(context, rows)
    evidence = _evidence(context, str(first["indicateur"]))
    where = _where(context, first)
    if isinstance(where, Standing):
        drawn = _drawn(context, rows, _path(context, first), "objectifs.chemin")
    elif where in ("objectifs.autre_territoire", "objectifs.sans_valeur") and len(_units(context, first)):
        drawn = _drawn(context, rows, _units(context, first), "objectifs.chemin_unites")
    else:
        return Section(before=[*words, *evidence])
    return replace(drawn, before=[*words, *evidence, *drawn.before])


def _units(context: Context, row: pd.Series) -> pd.DataFrame:
    return by_unit(context.release, row, context.lang)


def _drawn(context: Context, rows: pd.DataFrame, frame: pd.DataFrame, key: str) -> Section:
    code, lang = str(rows["indicateur"].iloc[0]), context.lang
    said, due = about(context, code), _due_dates(context, rows)
    aims = [float(value) for value in rows["valeur_cible"]]
    path = chemin(frame, lang=lang, unit_label=said.unit, targets=aims, events=due)
    figure = with_projections(path, frame, projections(context, rows), lang=lang)
    summary = _summary(context, rows.iloc[0], frame)
    extras = numbered_events(context, evenements_numerotes(frame, due, lang=lang))
    title = context.texts(key, indicateur=said.name)
    told = [aim_text(row, lang) for _, row in rows.iterrows()]
    spec = Chart(title, frame, series_selection(frame), figure, summary, extras=extras, within=True, aims=told)
    drawn = chart(context, spec)
    page = feed_page(str(frame["source"].iloc[0]))
    more = [html.P(html.A(context.texts("methode.voir"), href=href(lang, page, pinned(context))))] if page else []
    return replace(drawn, after=[*drawn.after, *more])


def _summary(context: Context, target: pd.Series, frame: pd.DataFrame) -> str:
    """One series in the words of all series; several units by how many of their values meet the target."""
    said = about(context, str(target["indicateur"]))
    if frame["modalite"].nunique() == 1:
        return resume_serie(frame, lang=context.lang, unit_label=said.unit, polarite=said.polarity)
    sign, aim = str(target["operateur"]), float(target["valeur_cible"])
    verdicts = [verdict(row, sign, aim) for _, row in frame.iterrows()]
    t, published = context.texts, int(frame["statut"].isin(GIVEN).sum())
    counts = {"unites": frame["modalite"].nunique(), "total": len(frame), "publiees": published}
    met = verdicts.count("atteint")
    words = t("objectifs.unites.resume", cible=aim_text(target, context.lang), atteintes=met, **counts)
    return words + (f" {t('resume.simule')}" if (frame["origine"] == "simule").all() else "")


def _due_dates(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """The due dates of the steps as events of the chart."""
    dated = rows[rows["echeance"].notna()]
    words = [
        context.texts("objectifs.echeance.evenement", cible=aim_text(row, context.lang)) for _, row in dated.iterrows()
    ]
    return pd.DataFrame({"date": pd.to_datetime(dated["echeance"]), "libelle": words}).reset_index(drop=True)


def _evidence(context: Context, code: str) -> list[Component]:
    """What documents say of a target without settling it: real figures, apart from the simulated path."""
    frame = context.cached(published, context.lang)
    rows = frame[frame["id"].isin(EVIDENCE.get(code, ()))]
    if rows.empty:
        return []
    t = context.texts
    mark = origine.mark(context, simulated=False)
    items = [_evidence_item(context, row) for _, row in rows.sort_values("periode_debut").iterrows()]
    return [
        html.H3(t("objectifs.documents")),
        html.P([t("objectifs.documents.texte"), " ", mark]),
        html.Ul(items, className="liste"),
    ]


def _evidence_item(context: Context, row: pd.Series) -> Component:
    lang, note = context.lang, text_of(row, "note", context.lang)
    words = f"{text_of(row, 'mesure', lang)}, {period_text(str(row['periode']), lang)}{COLON[lang]}"
    remark = html.Div(note, className="note") if note else None
    source = html.Div(source_text(row, lang), className="note")
    return html.Li([words, html.Strong(figure_value(row, lang)), remark, source])


PAGE = Page(TABLE, SECTIONS, build, frozenset(_name(code) for code in INDICATORS))
