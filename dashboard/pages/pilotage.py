"""The plan: its actions by status, one by one with what shows them, and its money, simulated beside what is real."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.chaine import expected_in
from dashboard.choices import chosen, page_form, period_options, values
from dashboard.components import origine
from dashboard.components.balises import tag
from dashboard.components.blocs import Chart, chart
from dashboard.components.chiffre import anomaly, figure_tile
from dashboard.components.etats import action_status
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import indicator_list
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.plan import budget as budget_figure
from dashboard.figures.plan import statuts
from dashboard.page import Page, Section
from dashboard.plan import COUNTED, SPENT, actions_in, budget_in, budget_years, counted, money, quarters
from dashboard.queries import published
from dashboard.registre import extract_address
from dashboard.router import Lang
from publish.charte.formats import a_la_periode, date_longue, est_connu, nombre, periode, quantite, unite
from publish.charte.mots import GIVEN, label, period_text, text_of
from publish.comite.mots import PROGRESS
from schemas.contract import code_list

ACTIONS, BUDGET = "plan_actions", "plan_budget"
# Published figures that say what the plan is and what it cost: real, apart from what is simulated.
REAL_ACTIONS = ("SC0156", "SC0155", "PF020", "PF023")
REAL_MONEY = ("PF021", "PF022")


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters the actions are told for, oldest first."""
        return self.context.cached(quarters)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years of the budget, oldest first."""
        return self.context.cached(budget_years)

    @property
    def quarter(self) -> str:
        """The quarter shown."""
        return chosen(self.context, "trimestre", self.quarters, self.quarters[-1] if self.quarters else "")

    @property
    def year(self) -> str:
        """The year of the budget shown."""
        return chosen(self.context, "annee", self.years, self.years[-1] if self.years else "")

    @property
    def axis(self) -> str:
        """The axis shown, empty for all."""
        return chosen(self.context, "axe", [item["value"] for item in code_list("axe_plan")], "")

    @property
    def status(self) -> str:
        """The status shown, empty for all."""
        return chosen(self.context, "statut", PROGRESS, "")


def controls(context: Context) -> Markup | None:
    """Quarter, axis and status of the actions, year of the budget."""
    view, t = View(context), context.texts
    if not view.quarters:
        return None
    latest = list(reversed(period_options(context, view.quarters)))
    years = [Option(year, year) for year in reversed(view.years)]
    return page_form(
        context,
        select("trimestre", t("champ.trimestre"), latest, chosen=view.quarter, default=view.quarters[-1]),
        select("axe", t("pilotage.axe"), _coded(context, "axe_plan", "pilotage.axes"), chosen=view.axis),
        select("statut", t("pilotage.statut"), _statuses(context), chosen=view.status),
        select("annee", t("pilotage.annee"), years, chosen=view.year, default=values(years)[0] if years else ""),
    )


def _coded(context: Context, codes: str, every: str) -> list[Option]:
    named = [Option(item["value"], _axis(item["value"], context)) for item in code_list(codes)]
    return [Option("", context.texts(every)), *named]


def _statuses(context: Context) -> list[Option]:
    named = [Option(code, label("statut_action", code, context.lang)) for code in PROGRESS]
    return [Option("", context.texts("pilotage.statuts.tous")), *named]


def _axis(code: str, context: Context) -> str:
    """« 2. hébergement et espaces de repos »."""
    return f"{code.removeprefix('axe_')}. {label('axe_plan', code, context.lang)}"


def build(context: Context) -> dict[str, Section]:
    """What is real, actions by status, action by action, money year by year, money by funder."""
    view = View(context)
    return {
        "reel": _real(context),
        "statuts": _status_chart(context),
        "actions": _actions(view) if view.quarters else _empty(context, "pilotage.actions"),
        "budget": _budget_chart(context),
        "financeurs": _funders(view) if view.years else _empty(context, "pilotage.financeurs"),
    }


def _empty(context: Context, key: str) -> Section:
    return Section(before=[html.H2(context.texts(key)), html.P(context.texts("pilotage.vide"), className="vide")])


def _real(context: Context) -> Section:
    """What documents publish of the plan, told apart from the rest of the page."""
    t, frame = context.texts, context.cached(published, context.lang)
    rows = {str(row["id"]): row for _, row in frame.iterrows() if row["id"] in (*REAL_ACTIONS, *REAL_MONEY)}
    if not rows:
        return Section()
    mark = origine.mark(context, simulated=False)
    tiles = [figure_tile(rows[code], context.lang) for code in (*REAL_MONEY, *REAL_ACTIONS) if code in rows]
    notes = [note for row in rows.values() if (note := _note(row, context)) is not None]
    return Section(
        before=[
            html.H2(t("pilotage.reel")),
            html.P([context.said("pilotage.reel.texte"), " ", mark]),
            html.Ul(tiles, className="grille"),
            *notes,
        ]
    )


def _note(row: pd.Series, context: Context) -> Component | None:
    flag = anomaly(row, context.lang)
    note = text_of(row, "note", context.lang)
    if flag is None and not note:
        return None
    words = f"{text_of(row, 'mesure', context.lang)}, {period_text(str(row['periode']), context.lang)} – {note}"
    return html.Div([html.P(words, className="note") if note else None, flag])


def _status_chart(context: Context) -> Section:
    t, lang = context.texts, context.lang
    frame = context.cached(counted, lang)
    named = frame.assign(nom=[label("statut_action", str(step), lang) for step in frame["etape"]])
    title = t("pilotage.statuts.titre")
    if named.empty:
        return chart(context, Chart(title, named, COUNTED, {}, ""))
    figure = statuts(named, lang=lang, unit_label=unite("actions", lang))
    spec = Chart(title, named, COUNTED, figure, _status_words(context, named), finding=_carried_out(context, named))
    return chart(context, spec)


def _carried_out(context: Context, frame: pd.DataFrame) -> str:
    """How many actions are carried out of those reported at the last quarter."""
    last = frame[(frame["periode_debut"] == frame["periode_debut"].max()) & frame["statut"].isin(GIVEN)]
    done = last.loc[last["etape"] == "realisee", "valeur"]
    if done.empty:
        return ""
    when = a_la_periode(str(last["periode"].iloc[0]), context.lang)
    counts = {"n": float(done.iloc[0]), "total": float(last["recues"].max())}
    said = {name: nombre(value, context.lang) for name, value in counts.items()}
    return context.texts("pilotage.statuts.constat", quand=when, **said)


def _status_words(context: Context, frame: pd.DataFrame) -> str:
    """How many actions stand in each status at the last quarter, and how many returns are missing."""
    t, lang = context.texts, context.lang
    last = frame[frame["periode_debut"] == frame["periode_debut"].max()]
    parts = [
        f"{row['nom']} ({nombre(float(row['valeur']), lang)})"
        for _, row in last.iterrows()
        if row["statut"] == "valeur" and est_connu(row["valeur"])
    ]
    when = a_la_periode(str(last["periode"].iloc[0]), lang)
    said = t("pilotage.statuts.resume", quand=when[:1].upper() + when[1:], liste=", ".join(parts))
    counts = {"recues": int(last["recues"].max()), "attendues": int(last["attendues"].max())}
    return f"{said} {t('couverture.retours', **counts)} {_simulated(context, frame)}".strip()


def _simulated(context: Context, frame: pd.DataFrame) -> str:
    return context.texts("resume.simule") if (frame["origine"] == "simule").all() else ""


def _actions(view: View) -> Section:
    """Axis by axis, each action with its status, lead, progress, due date and the indicators that show it."""
    context, t = view.context, view.context.texts
    every = context.cached(actions_in, view.quarter)
    frame = every[every["axe"] == view.axis] if view.axis else every
    frame = frame[frame["statut"] == view.status] if view.status else frame
    wanted = {"trimestre": view.quarter, "axe": view.axis, "statut": view.status}
    csv = extract_address(context.version, "actions", **{name: (value,) for name, value in wanted.items() if value})
    tables = [_axis_table(context, str(axe), rows) for axe, rows in frame.groupby("axe", sort=False)]
    return Section(
        before=[
            html.H2(t("pilotage.actions")),
            _subtitle(context, "actions", periode(view.quarter, context.lang)),
            html.P(_count(context, frame, every), className="resume"),
            html.P(t("pilotage.actions.texte")),
            _unreported(context, view.quarter, every),
            *tables,
            origine.source(context, every, ACTIONS, when=view.quarter),
            origine.links(context, csv),
        ]
    )


def _count(context: Context, frame: pd.DataFrame, every: pd.DataFrame) -> str:
    late = int(frame["retard"].sum())
    numbers = {"nombre": len(frame), "total": len(every), "retard": late}
    return context.texts("pilotage.actions.compte", **numbers)


def _unreported(context: Context, quarter: str, every: pd.DataFrame) -> Component | None:
    """The actions whose return of the quarter did not come: they are not in the tables, and are not at zero."""
    lost = sorted(context.cached(expected_in, ACTIONS, quarter) - set(every["action_id"]))
    if not lost:
        return None
    return html.P(context.texts("pilotage.actions.manquent", liste=", ".join(lost)), className="encadre")


def _axis_table(context: Context, axe: str, rows: pd.DataFrame) -> Component:
    t = context.texts
    keys = ("action", "statut", "avancement", "echeance", "pilote", "indicateurs")
    columns = [Column(t(f"pilotage.colonne.{key}"), number=key == "avancement") for key in keys]
    lines = [_action_row(context, row) for _, row in rows.iterrows()]
    name = t("pilotage.axe.titre", axe=_axis(axe, context))
    return html.Div([html.H3(name, className="theme"), table(columns, lines, caption=name, cards=True)])


def _action_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang = context.lang
    name = html.Span(f"{row['action_id']} – {row['intitule']}", id=f"action-{row['action_id']}")
    return (
        name,
        action_status(str(row["statut"]), lang),
        _progress(context, row["avancement_pourcent"]),
        _due(context, row),
        label("partenaire", str(row["pilote"]), lang),
        indicator_list(context, row["liens"]),
    )


def _progress(context: Context, value: Any) -> Any:
    if pd.isna(value):
        return context.texts("statut.non_rapporte.court")
    done = tag("rect", class_="jauge__part", width=f"{int(value)}%", height="100%")
    bar = tag("svg", done, class_="jauge", aria_hidden="true")
    return html.Div([bar, quantite(float(value), "%", context.lang)])


def _due(context: Context, row: pd.Series) -> Any:
    """The due date, and a word where it is past and the action is not over."""
    if pd.isna(row["echeance"]):
        return context.texts("pilotage.sans_echeance")
    date = date_longue(pd.Timestamp(row["echeance"]).date(), context.lang)
    late = html.Span(context.texts("pilotage.retard"), className="etat etat--non_atteint")
    return [date, html.Br(), late] if bool(row["retard"]) else date


def _subtitle(context: Context, unit: str, when: str) -> Component:
    words = context.texts("graphe.sous_titre", unite=unite(unit, context.lang), periode=when)
    return html.P(words, className="sous-titre")


def _budget_chart(context: Context) -> Section:
    t, lang = context.texts, context.lang
    frame = context.cached(money, lang)
    named = frame.assign(nom=[t(f"pilotage.budget.{step}") for step in frame["etape"]])
    title = t("pilotage.budget.titre")
    if named.empty:
        return chart(context, Chart(title, named, SPENT, {}, ""))
    figure = budget_figure(named, lang=lang, unit_label=unite("meur", lang))
    told = _last_amounts(frame, lang)
    finding = t("pilotage.budget.constat", **told) if told else ""
    return chart(context, Chart(title, named, SPENT, figure, _money_words(context, named, told), finding=finding))


def _last_amounts(frame: pd.DataFrame, lang: Lang) -> dict[str, str]:
    """The last year for which both amounts are known (``annee``), and both in words; nothing without such a year."""
    wide = frame.pivot_table(index="periode", columns="etape", values="valeur").dropna()
    if wide.empty or not {"prevu", "depense"} <= set(wide.columns):
        return {}
    unit = unite("meur", lang)
    sums = {step: quantite(float(wide[step].iloc[-1]), unit, lang) for step in ("prevu", "depense")}
    return {"annee": str(wide.index[-1]), **sums}


def _money_words(context: Context, frame: pd.DataFrame, told: dict[str, str]) -> str:
    """The amounts of that year, and the returns they rest on."""
    t = context.texts
    if not told:
        return _simulated(context, frame)
    rows = frame[frame["periode"] == told["annee"]]
    counts = {"recues": int(rows["recues"].min()), "attendues": int(rows["attendues"].max())}
    said = t("pilotage.budget.resume", **told)
    return f"{said} {t('couverture.retours', **counts)} {_simulated(context, frame)}".strip()


def _funders(view: View) -> Section:
    """Planned and spent by funder and axis in one year; what was not reported says so."""
    context, t = view.context, view.context.texts
    frame = context.cached(budget_in, view.year)
    axes = [item["value"] for item in code_list("axe_plan")]
    expected = context.cached(expected_in, BUDGET, view.year) or {f"{a}/{b}" for a, b in _keys(frame)}
    funders = [code for code in values(_partners(context)) if any(key.startswith(f"{code}/") for key in expected)]
    columns = [Column(t("pilotage.colonne.financeur")), *(Column(_axis(axe, context), number=True) for axe in axes)]
    cells = {key: row for key, (_, row) in zip(_keys(frame), frame.iterrows(), strict=True)}
    rows = [
        (
            label("partenaire", funder, context.lang),
            *(_amounts(context, cells.get((funder, axe)), f"{funder}/{axe}" in expected) for axe in axes),
        )
        for funder in funders
    ]
    title = t("pilotage.financeurs.titre", annee=view.year)
    csv = extract_address(context.version, "budget", annee=(view.year,))
    return Section(
        before=[
            html.H2(title),
            _subtitle(context, "meur", view.year),
            html.P(t("pilotage.financeurs.texte")),
            table(columns, rows, caption=title, cards=True),
            origine.source(context, frame, BUDGET, when=view.year),
            origine.links(context, csv),
        ]
    )


def _keys(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["financeur"], frame["axe"], strict=True))


def _partners(context: Context) -> list[Option]:
    return [Option(item["value"], label("partenaire", item["value"], context.lang)) for item in code_list("partenaire")]


def _amounts(context: Context, row: pd.Series | None, expected: bool) -> Any:
    """Planned and spent; a return that was expected and is missing says so, one that was not expected has no object."""
    t, lang = context.texts, context.lang
    if row is None:
        statut = "non_rapporte" if expected else "non_applicable"
        return html.Span(t(f"statut.{statut}.court"), className=f"statut statut--{statut}")
    parts = {
        key: nombre(float(row[name]), lang, 2) if est_connu(row[name]) else t("statut.non_rapporte.court")
        for key, name in (("prevu", "prevu_meur"), ("depense", "depense_meur"))
    }
    return [html.Div(t(f"pilotage.montant.{key}", valeur=value)) for key, value in parts.items()]


PAGE = Page(
    "pilotage",
    ("reel", "statuts", "actions", "budget", "financeurs"),
    build,
    frozenset({"statuts", "budget"}),
    controls,
)
