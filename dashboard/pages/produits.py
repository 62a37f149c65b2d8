"""Products: TREND as coded evidence, never averaged; contents of samples and profiles of people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import chosen, page_form, period_options, values
from dashboard.components import origine
from dashboard.components.absences import absent, reason
from dashboard.components.echantillons import samples_section
from dashboard.components.formulaire import Option, select
from dashboard.components.graphique import heading
from dashboard.components.profils import profiles_section
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.figures.prix import prix
from dashboard.marche import TABLE, of_product, of_site, prices, profile_places, values_of
from dashboard.page import Page, Section
from dashboard.queries import place_names
from dashboard.registre import extract_address, filled
from publish.charte.formats import a_la_periode, est_connu, nombre, periode
from publish.charte.mots import label
from schemas.contract import code_list

FIRST_SITE, FIRST_PRODUCT, FIRST_PLACE = "paris", "cocaine_basee", "region:11"


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def halves(self) -> tuple[str, ...]:
        """Half-years of TREND, oldest first."""
        return self.context.cached(values_of, "semestre")

    def choice(self, column: str, codes: str) -> list[Option]:
        """The sites or the products, by name."""
        found = self.context.cached(values_of, column)
        named = [Option(code, label(codes, code, self.context.lang)) for code in found]
        return sorted(named, key=lambda option: option.text)

    @property
    def site(self) -> str:
        """The site shown."""
        return self._chosen("site", FIRST_SITE)

    @property
    def product(self) -> str:
        """The product shown."""
        return self._chosen("produit", FIRST_PRODUCT)

    def _chosen(self, column: str, first: str) -> str:
        found = self.context.cached(values_of, column)
        return chosen(self.context, column, found, first if first in found else found[0])

    @property
    def half(self) -> str:
        """The half-year shown."""
        return chosen(self.context, "semestre", self.halves, self.halves[-1])

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Territories the survey is published for."""
        return self.context.cached(profile_places)

    @property
    def place(self) -> str:
        """The territory of the survey."""
        first = FIRST_PLACE if FIRST_PLACE in self.places else next(iter(self.places), "")
        return chosen(self.context, "territoire", self.places, first)


def controls(context: Context) -> Markup | None:
    """Product, site and half-year of TREND, territory of the survey."""
    view, t = View(context), context.texts
    if not view.halves:
        return None
    names = context.cached(place_names, context.lang)
    spots = [Option(place, names.get((place.split(":")[0], place.split(":")[1]), place)) for place in view.places]
    first = FIRST_PLACE if FIRST_PLACE in view.places else next(iter(view.places), "")
    halves = list(reversed(period_options(context, view.halves)))
    fields = [
        _field(view, "produit", "produit", FIRST_PRODUCT),
        _field(view, "site", "site_trend", FIRST_SITE),
        select("semestre", t("produits.semestre"), halves, chosen=view.half, default=view.halves[-1]),
    ]
    if spots:
        fields.append(select("territoire", t("produits.territoire"), spots, chosen=view.place, default=first))
    return page_form(context, *fields)


def _field(view: View, name: str, codes: str, first: str) -> Markup:
    options = view.choice(name, codes)
    default = first if first in values(options) else values(options)[0]
    return select(
        name, view.context.texts(f"produits.{name}"), options, chosen=getattr(view, _OF[name]), default=default
    )


_OF = {"produit": "product", "site": "site"}


def build(context: Context) -> dict[str, Section]:
    """A product at every site, a site in a half-year, prices, contents of samples, profiles."""
    view = View(context)
    sections = {"echantillons": samples_section(context), "profils": profiles_section(context, view.place)}
    if not view.halves:
        empty = html.P(context.texts("produits.vide"), className="vide")
        return sections | {"matrice": Section(before=[html.H2(context.texts("produits.trend")), empty])}
    return {"matrice": _matrix(view), "site": _site(view), "prix": _prices(view)} | sections


def _product(view: View) -> str:
    name = label("produit", view.product, view.context.lang)
    return name[:1].upper() + name[1:]


def _half(code: str, context: Context) -> str:
    """« 1er semestre 2026 », which may break between its words where the column is narrow."""
    return periode(code, context.lang).replace("\u00a0", " ")


def _matrix(view: View) -> Section:
    """Half-years by site: availability and accessibility as their observers coded them, trend, number of reports."""
    context, t = view.context, view.context.texts
    frame = context.cached(of_product, view.product)
    cells = {(row["semestre"], row["site"]): row for _, row in frame.iterrows()}
    sites = view.choice("site", "site_trend")
    rows = [
        (
            _half(half, context),
            *(_coded_cell(context, cells.get((half, site.value))) for site in sites),
        )
        for half in reversed(view.halves)
    ]
    title = t("produits.matrice.titre", produit=_product(view))
    columns = [Column(t("produits.semestre")), *(Column(site.text) for site in sites)]
    span = f"{periode(view.halves[0], context.lang)} \u2013 {periode(view.halves[-1], context.lang)}"
    csv = extract_address(context.version, TABLE, produit=(view.product,))
    return Section(
        before=[
            html.H2(title),
            html.P(t("graphe.sous_titre", unite=t("produits.codes"), periode=span), className="sous-titre"),
            html.P(_matrix_words(view, frame), className="resume"),
            html.P(t("produits.ordinal"), className="encadre"),
            _legend(context),
            html.Div(table(columns, rows, caption=title), className="matrice"),
            origine.source(context, frame, TABLE, when=""),
            origine.links(context, csv),
        ]
    )


def _matrix_words(view: View, frame: pd.DataFrame) -> str:
    """How many sites chose each category in the last half-year: counts of categories, no mean of them."""
    context, t = view.context, view.context.texts
    last = frame[frame["semestre"] == view.halves[-1]]
    counts = [
        f"{label('disponibilite', item['value'], context.lang)} ({n})"
        for item in reversed(code_list("disponibilite"))
        if (n := int((last["disponibilite"] == item["value"]).sum()))
    ]
    when = periode(view.halves[-1], context.lang)
    if not counts:
        return t("produits.matrice.rien", semestre=when)
    said = t("produits.matrice.resume", semestre=when, liste=", ".join(counts))
    return f"{said} {t('resume.simule')}" if origine.simulated(frame) else said


def _legend(context: Context) -> Component:
    items = [
        html.Li(
            [html.Span(className=f"pave dispo--{item['value']}"), label("disponibilite", item["value"], context.lang)]
        )
        for item in code_list("disponibilite")
    ]
    none = html.Li([html.Span(className="pave pave--non_rapporte"), context.texts("statut.non_rapporte.court")])
    return html.Ul([*items, none], className="legende", title=context.texts("produits.disponibilite"))


def _coded_cell(context: Context, row: pd.Series | None) -> Component:
    """The categories of one synthesis; where none was sent, or a category is missing, the word says so."""
    t, lang = context.texts, context.lang
    if row is None:
        return html.Span(t("statut.non_rapporte.court"), className="dispo dispo--absent statut statut--non_rapporte")
    if not filled(row["disponibilite"]):
        return html.Span(absent(context, TABLE, row, "disponibilite"), className="dispo dispo--absent")
    small = html.Small([_access(context, row), html.Br(), _trend(context, row), html.Br(), _reports(context, row)])
    code = str(row["disponibilite"])
    return html.Span(
        [html.Strong(label("disponibilite", code, lang)), html.Br(), small], className=f"dispo dispo--{code}"
    )


def _access(context: Context, row: pd.Series) -> str:
    """« accès facile »."""
    if not filled(row["accessibilite"]):
        return context.texts("produits.acces.absent", motif=reason(context, TABLE, row, "accessibilite"))
    return context.texts("produits.acces", mot=label("accessibilite", str(row["accessibilite"]), context.lang))


def _trend(context: Context, row: pd.Series) -> str:
    if not filled(row["tendance"]):
        return context.texts("produits.tendance.absente", motif=reason(context, TABLE, row, "tendance"))
    return label("tendance_marche", str(row["tendance"]), context.lang)


def _reports(context: Context, row: pd.Series) -> str:
    """« 13 sign. »."""
    if not est_connu(row["signalements"]):
        return reason(context, TABLE, row, "signalements")
    return context.texts("produits.signalements", nombre=int(row["signalements"]))


def _site(view: View) -> Section:
    """Every product at the site in the half-year, with its prices in their own unit."""
    context, t = view.context, view.context.texts
    frame = context.cached(of_site, view.site, view.half)
    site = label("site_trend", view.site, context.lang)
    title = t("produits.site.titre", site=site, semestre=periode(view.half, context.lang))
    keys = ("produit", "disponibilite", "accessibilite", "prix", "tendance", "signalements")
    columns = [Column(t(f"produits.colonne.{key}"), number=key == "signalements") for key in keys]
    rows = [_site_row(context, row) for _, row in frame.iterrows()]
    csv = extract_address(context.version, TABLE, site=(view.site,), semestre=(view.half,))
    body = [table(columns, rows, caption=title, cards=True)] if rows else [html.P(t("produits.site.rien"))]
    return Section(
        before=[
            html.H2(title),
            html.P(t("produits.site.texte")),
            *body,
            origine.source(context, frame, TABLE, when=view.half),
            origine.links(context, csv),
        ]
    )


def _site_row(context: Context, row: pd.Series) -> tuple[Any, ...]:
    lang = context.lang

    def word(codes: str, name: str) -> Any:
        return label(codes, str(row[name]), lang) if filled(row[name]) else absent(context, TABLE, row, name)

    return (
        label("produit", str(row["produit"]), lang),
        word("disponibilite", "disponibilite"),
        word("accessibilite", "accessibilite"),
        _price(context, row),
        word("tendance_marche", "tendance"),
        _count(context, row),
    )


def _count(context: Context, row: pd.Series) -> Any:
    """How many reports the synthesis rests on."""
    value = row["signalements"]
    known = est_connu(value)
    return nombre(float(value), context.lang) if known else absent(context, TABLE, row, "signalements")


def _price(context: Context, row: pd.Series) -> Any:
    """« 63 € (50–71) le gramme »."""
    lang = context.lang
    if not (est_connu(row["prix_median"]) and filled(row["prix_unite"])):
        return absent(context, TABLE, row, "prix_median")
    low, median, high = (nombre(float(row[name]), lang) for name in ("prix_min", "prix_median", "prix_max"))
    unit = label("unite_prix", str(row["prix_unite"]), lang)
    return context.texts("produits.prix", median=median, bas=low, haut=high, unite=unit)


def _prices(view: View) -> Section:
    """The prices of the product at the site, half-year by half-year; not drawn where their units differ."""
    context, t, lang = view.context, view.context.texts, view.context.lang
    frame = context.cached(prices, view.site, view.product)
    title = t("produits.prix.titre", produit=_product(view), site=label("site_trend", view.site, lang))
    units = [code for code in dict.fromkeys(frame.get("prix_unite", [])) if filled(code)]
    if len(units) != 1:
        key = "produits.prix.unites" if units else "produits.prix.aucun"
        return Section(before=[html.H2(title), html.P(t(key), className="vide")])
    unit = t("produits.prix.unite", unite=label("unite_prix", units[0], lang))
    csv = extract_address(context.version, TABLE, site=(view.site,), produit=(view.product,))
    first, last = (periode(str(frame["semestre"].iloc[place]), lang) for place in (0, -1))
    drawn = frame.assign(absence=[reason(context, TABLE, row, "prix_median") for _, row in frame.iterrows()])
    before = [
        heading(title, _price_finding(context, frame, unit)),
        html.P(t("graphe.sous_titre", unite=unit, periode=f"{first} \u2013 {last}"), className="sous-titre"),
    ]
    after = [
        html.P(_price_words(context, frame, unit), className="resume"),
        origine.source(context, frame, TABLE, when=""),
        _price_table(context, frame, title),
        origine.links(context, csv),
    ]
    return Section(before, prix(drawn, lang=lang, unit_label=unit), after, title, origine.simulated(frame))


def _price_finding(context: Context, frame: pd.DataFrame, unit: str) -> str:
    """The last median price reported, and the first."""
    known, told = frame[frame["prix_median"].notna()], dict[str, str]()
    for key, row in (("dernier", known.iloc[-1]), ("premier", known.iloc[0])):
        told[key] = nombre(float(row["prix_median"]), context.lang)
        told[f"{key}_quand"] = a_la_periode(str(row["semestre"]), context.lang)
    return context.texts("produits.prix.constat", unite=unit, **told)


def _price_words(context: Context, frame: pd.DataFrame, unit: str) -> str:
    t, lang = context.texts, context.lang
    known = frame[frame["prix_median"].notna()]
    row = known.iloc[-1]
    parts = {"median": "prix_median", "bas": "prix_min", "haut": "prix_max"}
    names = {key: nombre(float(row[name]), lang) for key, name in parts.items()}
    when = periode(str(row["semestre"]), lang)
    said = t("produits.prix.resume", semestre=when, unite=unit, **names, sans=len(frame) - len(known), total=len(frame))
    return f"{said} {t('resume.simule')}" if origine.simulated(known) else said


def _price_table(context: Context, frame: pd.DataFrame, title: str) -> Component:
    t = context.texts
    columns = [
        Column(t(f"produits.colonne.{key}"), number=key != "semestre") for key in ("semestre", "prix", "signalements")
    ]
    rows = [
        (
            periode(str(row["semestre"]), context.lang),
            _price(context, row),
            _count(context, row),
        )
        for _, row in frame.iterrows()
    ]
    inside = table(columns, rows, caption=title)
    return html.Details([html.Summary(t("graphe.tableau")), inside], className="donnees")


PAGE = Page(
    "produits",
    ("matrice", "site", "prix", "echantillons", "profils"),
    build,
    frozenset({"prix", "echantillons", "profils"}),
    controls,
)
