"""An indicator: its definition, its series with its target, and the chain it stands in, from actions to returns."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.chaine import actions_of, places, returns_of, series_of, targets_of
from dashboard.choices import about, chosen, page_form
from dashboard.components.archive import archived
from dashboard.components.blocs import Chart, chart
from dashboard.components.contrat import contract_table, rules_list
from dashboard.components.etats import action_status
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import pinned
from dashboard.components.origine import feed_text
from dashboard.components.tendance import trend_words
from dashboard.context import Context
from dashboard.figures.objectif import chemin
from dashboard.figures.series import serie
from dashboard.mappables import mappable
from dashboard.page import Naming, Page, Section
from dashboard.queries import Selection, indicators, place_names
from dashboard.registre import filled, path_of, series_selection
from dashboard.router import UnknownPage, href
from publish.charte.formats import date_longue, quantite, unite
from publish.charte.mots import label, text_of
from publish.charte.objectifs import standing
from publish.charte.summaries import resume_serie
from schemas.contract import contract_names, load_contract

# How the calculation of a kind is written, on the names of its measures.
FORMULAS = {"part": "100 × {n} / {d}", "taux": "100 000 × {n} / {d}", "mesure": "{n} (base : {d})"}


def row_of(context: Context) -> pd.Series:
    """The indicator of the address. Raises UnknownPage if the release has none of that code."""
    frame = context.cached(indicators)
    if context.item not in frame.index:
        raise UnknownPage(href(context.lang, "indicateur", item=context.item))
    return frame[frame.index == context.item].iloc[0]


def naming(context: Context) -> Naming:
    """Its name and, below it, its definition."""
    row = row_of(context)
    name = context.name(row)
    return Naming(name, text_of(row, "definition", context.lang), context.texts("indicateur.description", nom=name))


def _place(context: Context) -> str:
    """The territory shown: that of the address, else the region. Raises BadFilter where it has no observation."""
    allowed = context.cached(places, context.item)
    return chosen(context, "territoire", allowed, allowed[0]) if allowed else ""


def controls(context: Context) -> Markup | None:
    """The territory of the chart, where there are several."""
    row_of(context)
    allowed, names = context.cached(places, context.item), context.cached(place_names, context.lang)
    if len(allowed) < 2:
        return None
    options = [Option(place, names.get(_pair(place), place)) for place in allowed]
    field = select("territoire", context.texts("indicateur.lieu"), options, chosen=_place(context), default=allowed[0])
    return page_form(context, field)


def _pair(place: str) -> tuple[str, str]:
    niveau, code = place.split(":")
    return niveau, code


def build(context: Context) -> dict[str, Section]:
    """Facts, series, chain, contract of the feed."""
    row = row_of(context)
    return {
        "identite": _facts(context, row),
        "serie": _series(context, row),
        "chaine": _chain(context, row),
        "contrat": _contract(context, row),
    }


def _facts(context: Context, row: pd.Series) -> Section:
    t, lang = context.texts, context.lang
    pairs: list[tuple[str, Any]] = [
        ("code", html.Code(context.item)),
        ("theme", html.A(label("theme", str(row["theme"]), lang), href=_theme_href(context, row))),
        ("unite", unite(str(row["unite"]), lang)),
        ("calcul", _formula(row)),
        ("polarite", label("polarite", str(row["polarite"]), lang)),
        ("intervalle", t(f"methode.intervalle.{row['intervalle']}")),
        ("frequence", t(f"frequence.{row['frequence']}")),
        ("additif", t("indicateur.additif" if row["additif"] else "indicateur.non_additif")),
        ("secret", t("methode.soumis" if row["sensible"] else "methode.non_soumis")),
        ("flux", html.A(feed_text(str(row["flux"]), lang), href="#contrat")),
        ("reserves", text_of(row, "reserves", lang) or "\u2013"),
    ]
    rows = [part for key, value in pairs for part in (html.Dt(t(f"indicateur.fait.{key}")), html.Dd(value))]
    page = archived(context, f"indicateurs/{context.item}.html")
    return Section(
        before=[html.H2(t("indicateur.definition")), html.Dl(rows, className="faits"), *_map(context), *page]
    )


def _map(context: Context) -> list[Component]:
    """The way to the map of the indicator, where it has values in several territories."""
    if context.item not in {one.indicateur for one in context.cached(mappable)}:
        return []
    address = href(context.lang, "carte", pinned(context, indicateur=context.item))
    return [html.P(html.A(context.texts("indicateur.carte"), href=address), className="liens")]


def _theme_href(context: Context, row: pd.Series) -> str:
    return href(context.lang, "indicateurs", pinned(context, theme=str(row["theme"])))


def _formula(row: pd.Series) -> list[Any]:
    """The calculation on the names of the measures: the numerator alone, or a quotient with its factor."""
    if not filled(row["denominateur"]):
        return [html.Code(str(row["numerateur"]))]
    pattern = FORMULAS.get(str(row["genre"]), "{n} / {d}")
    return [html.Code(pattern.format(n=row["numerateur"], d=row["denominateur"]))]


def _series(context: Context, row: pd.Series) -> Section:
    t, lang, place = context.texts, context.lang, _place(context)
    frame = context.cached(series_of, context.item, place, lang) if place else pd.DataFrame()
    named = context.cached(place_names, lang).get(_pair(place), "") if place else ""
    title = t("indicateur.serie", nom=context.name(row), lieu=named)
    if frame.empty:
        return chart(context, Chart(title, frame, Selection(), {}, ""))
    said, aims = about(context, context.item), _aims(context, row, place)
    figure = (
        chemin(frame, lang=lang, unit_label=said.unit, targets=aims)
        if aims
        else serie(frame, lang=lang, unit_label=said.unit)
    )
    summary = resume_serie(frame, lang=lang, unit_label=said.unit, polarite=said.polarity)
    said_of_it = trend_words(context, frame)
    return chart(context, Chart(title, frame, series_selection(frame), figure, summary, conclusions=said_of_it))


def _aims(context: Context, row: pd.Series, place: str) -> list[float]:
    """The targets to draw: those of this territory, in the unit of the indicator."""
    niveau, code = _pair(place)
    return [
        float(target["valeur_cible"])
        for _, target in context.cached(targets_of, context.item).iterrows()
        if (target["territoire_niveau"], target["territoire_code"], target["unite"]) == (niveau, code, row["unite"])
        and pd.notna(target["valeur_cible"])
    ]


def _chain(context: Context, row: pd.Series) -> Section:
    """Four steps, each leading to the next and back."""
    t = context.texts
    steps: list[tuple[str, Any]] = [
        ("actions", _actions(context)),
        ("indicateur", html.P([html.Strong(context.name(row)), " ", html.Code(context.item)])),
        ("objectif", _targets(context, row)),
        ("preuve", _evidence(context, row)),
    ]
    items = [html.Li([html.H3(t(f"chaine.{key}")), body], className=f"chaine__{key}") for key, body in steps]
    return Section(before=[html.H2(t("chaine.titre")), html.P(t("chaine.texte")), html.Ol(items, className="chaine")])


def _actions(context: Context) -> Component:
    frame, t = context.cached(actions_of, context.item), context.texts
    if frame.empty:
        return html.P(t("chaine.sans_action"))
    return html.Ul([_action(context, row) for _, row in frame.iterrows()], className="liste")


def _action(context: Context, row: pd.Series) -> Component:
    address = href(context.lang, "pilotage", pinned(context)) + f"#action-{row['action_id']}"
    name = f"{row['action_id']} – {row['intitule']}"
    return html.Li([html.A(name, href=address), " ", action_status(str(row["statut"]), context.lang)])


def _targets(context: Context, row: pd.Series) -> Component:
    frame, t = context.cached(targets_of, context.item), context.texts
    if frame.empty:
        return html.P(t("chaine.sans_objectif"))
    return html.Ul([_target(context, row, target) for _, target in frame.iterrows()], className="liste")


def _target(context: Context, row: pd.Series, target: pd.Series) -> Component:
    """« Lits identifiés : au moins 10 lits, 31 décembre 2028 », and whether the last value meets it."""
    t, lang = context.texts, context.lang
    address = href(lang, "objectifs", pinned(context)) + f"#{context.item}"
    sign = label("operateur_cible", str(target["operateur"]), lang)
    aim = f"{sign} {quantite(float(target['valeur_cible']), unite(str(target['unite']), lang), lang)}"
    due = text_of(target, "echeance_texte", lang)
    dated = f", {date_longue(pd.Timestamp(target['echeance']).date(), lang)}" if pd.notna(target["echeance"]) else ""
    name = html.A(text_of(target, "intitule", lang), href=address)
    verdict, simulated = _verdict(context, row, target)
    word = t(f"chaine.verdict.{verdict}")
    mark = html.Span(t("chaine.verdict.simule", mot=word) if simulated else word, className=f"etat etat--{verdict}")
    return html.Li([name, f"{'' if lang == 'en' else ' '}: ", html.Strong(aim), f" ({due}{dated}) ", mark])


def _verdict(context: Context, row: pd.Series, target: pd.Series) -> tuple[str, bool]:
    """Met, not met, or not to be told (another unit, no value at that territory); whether simulated values say so."""
    if str(row["unite"]) != str(target["unite"]):
        return "indecis", False
    frame = path_of(context.release, target, context.lang)
    where = standing(frame, str(target["operateur"]), float(target["valeur_cible"]))
    told = where is not None and where.verdict != "indecis"
    return (where.verdict, told and where.last["origine"] == "simule") if where else ("indecis", False)


def _evidence(context: Context, row: pd.Series) -> Component:
    """The feed, the returns it had, the rows of the indicator as CSV."""
    t, lang, flux = context.texts, context.lang, str(row["flux"])
    returns = context.cached(returns_of, flux)
    counted = t("chaine.sans_retour") if returns is None else t("chaine.retours", **returns.written(lang))
    coverage = href(lang, "couverture", pinned(context, flux=flux))
    rows = f"/extrait/{context.version}.csv{Selection((context.item,)).search()}"
    vintages = href(lang, "versions", pinned(context, indicateur=context.item))
    return html.Div(
        [
            html.P([html.A(feed_text(flux, lang), href="#contrat"), t("ponctuation.point"), " ", counted]),
            html.P(
                [
                    html.A(t("chaine.couverture"), href=coverage),
                    html.A(t("chaine.csv"), href=rows, download=""),
                    html.A(t("versions.lien"), href=vintages),
                ],
                className="liens",
            ),
        ]
    )


def _contract(context: Context, row: pd.Series) -> Section:
    t, lang, flux = context.texts, context.lang, str(row["flux"])
    if flux not in contract_names("feeds"):
        return Section()
    contract = load_contract(flux)
    grain = contract.descriptor["grain" if lang == "fr" else "grain_en"]
    head = [
        html.H2([t("contrat.titre", flux=contract.title[lang]), " ", html.Code(flux)], id="contrat"),
        html.P(contract.description[lang]),
        html.P(t("contrat.grain", grain=grain, version=contract.version), className="note"),
        html.Details(
            [html.Summary(t("contrat.voir", nombre=len(contract.fields))), contract_table(contract, lang, t)],
            className="donnees",
        ),
    ]
    rules = rules_list(contract, lang)
    more = html.Details([html.Summary(t("contrat.regles", nombre=len(contract.rules))), rules], className="donnees")
    return Section(before=[*head, more] if rules else head)


PAGE = Page("indicateur", ("identite", "serie", "chaine", "contrat"), build, frozenset({"serie"}), controls, naming)
