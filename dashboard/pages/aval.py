"""Downstream care: who is referred from Île-de-France to other regions, and what is made available there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import About, about, chosen, page_form, period_options, values
from dashboard.components.atlas import Vue, atlas, ground_of, method_note
from dashboard.components.balises import tag
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, select
from dashboard.components.liens import pinned
from dashboard.components.mesures import Rows, measures_table
from dashboard.components.provenance import told
from dashboard.components.traces import Drawn, caveats, read, series
from dashboard.context import Context
from dashboard.figures.flux import Trait, arcs, drawn_width, noms, traits
from dashboard.page import Page, Section
from dashboard.queries import SHARED, Selection, observations, periods, place_names, targets, territories
from dashboard.router import Lang, href
from publish.charte.constats import constat
from publish.charte.formats import COLON, date_longue, periode, quantite, unite
from publish.charte.mots import label, text_of
from publish.charte.objectifs import aim_text
from publish.charte.summaries import resume_barres, resume_carte
from publish.reader import Release
from schemas.contract import code_list

FLUX = "plan_aval"
ORIGIN = ("region", "11")
COUNTRY = (("france",), ("FR",))
ALL = "tous"
FLOWS = "aval_orientations"
DEFAULT = "aval_places"
COUNTS = ("aval_places", FLOWS, "aval_admissions", "aval_sejours_termines")
DELAY = "aval_delai_median_jours"
FILLS = ("aval_places", "aval_admissions", "aval_sejours_termines")
KINDS = "genre_structure_aval"
LAST_OVERSEAS = "09"


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "annee")

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "trimestre")

    @property
    def last(self) -> str:
        """The period shown when the address names none: the last year of which every quarter is there."""
        whole = [year for year in self.years if f"{year}-T4" in self.quarters]
        return (whole or list(self.years))[-1]

    @cached_property
    def period(self) -> str:
        """The year or the quarter shown."""
        return chosen(self.context, "periode", (*self.years, *self.quarters), self.last)

    @property
    def grain(self) -> str:
        """What the period is: a year or a quarter."""
        return "annee" if len(self.period) == 4 else "trimestre"

    @cached_property
    def kind(self) -> str:
        """The kind of structure shown, or all of them together."""
        return chosen(self.context, "genre", values(_kinds(self.context)), ALL)

    @property
    def cut(self) -> str:
        """Breakdown that has the kind of structure."""
        return "ensemble" if self.kind == ALL else "structure"

    @cached_property
    def indicateur(self) -> str:
        """The indicator that colours the map."""
        return chosen(self.context, "indicateur", FILLS, DEFAULT)

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)

    @property
    def measures(self) -> tuple[str, ...]:
        """Columns of a table by kind of structure: a median delay exists for a quarter only."""
        return (*COUNTS, DELAY) if self.grain == "trimestre" else COUNTS

    def selection(self, *codes: str, every_period: bool = False) -> Selection:
        """Observations of host regions for the kind of structure."""
        when = () if every_period else (self.period,)
        return Selection(codes, ("region",), (), (self.grain,), when, (self.cut,), (self.kind,))


def _kinds(context: Context) -> list[Option]:
    codes = [str(item["value"]) for item in code_list(KINDS)]
    named = [Option(code, _capital(label(KINDS, code, context.lang))) for code in codes]
    return [Option(ALL, context.texts("aval.genre.tous")), *named]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def controls(context: Context) -> Markup:
    """Period, kind of structure, what colours the map."""
    t, view = context.texts, View(context)
    years = [Option(year, year, t("champ.periode.annees")) for year in reversed(view.years)]
    quarters = [
        Option(one.value, one.text, t("champ.periode.trimestres")) for one in period_options(context, view.quarters)
    ]
    fills = [Option(code, about(context, code).name) for code in FILLS]
    return page_form(
        context,
        select("periode", t("champ.periode"), [*years, *reversed(quarters)], chosen=view.period, default=view.last),
        select("genre", t("aval.champ.genre"), _kinds(context), chosen=view.kind, default=ALL),
        select("indicateur", t("aval.champ.indicateur"), fills, chosen=view.indicateur, default=DEFAULT),
    )


def build(context: Context) -> dict[str, Section]:
    """The map of flows, the table of regions, the kinds of structure, the path to the two targets."""
    view = View(context)
    return {
        "carte": _map(view),
        "regions": _regions(view),
        "structures": _structures(view),
        "objectifs": _targets(context),
    }


def hosted(release: Release, selection: Selection, lang: Lang) -> pd.DataFrame:
    """One row per region of mainland France; « sans objet » where nothing is expected: no host there, or the origin."""
    frame = observations(release, selection, lang)
    if frame.empty:
        return frame
    known = territories(release)
    codes = known[(known["niveau"] == "region") & (known["code"] > LAST_OVERSEAS)]["code"]
    index, names = ["territoire_niveau", "territoire_code"], place_names(release, lang)
    wanted = pd.MultiIndex.from_tuples([("region", code) for code in codes], names=index)
    full = frame.set_index(index).reindex(wanted).reset_index()
    shared = {name: frame[name].iloc[0] for name in SHARED}
    filled = full.fillna({**shared, "statut": "non_applicable"})
    provisional = filled["provisoire"].astype("boolean").fillna(False).astype(bool)
    return filled.assign(nom=[names[("region", code)] for code in codes], provisoire=provisional)


def _map(view: View) -> Section:
    context, lang, t = view.context, view.context.lang, view.context.texts
    places = context.cached(hosted, view.selection(view.indicateur), lang)
    flows = read(context, view.selection(FLOWS))
    selection = view.selection(view.indicateur, FLOWS)
    rows = read(context, selection)
    title = t("aval.carte.titre", indicateur=view.about.name, periode=periode(view.period, lang))
    if places.empty or flows.empty:
        return chart(context, Chart(title, rows, selection, {}, ""))
    summary = _summary(view, places, flows)
    extras: list[Component] = [*_legend(context, flows), method_note(context, t("aval.carte.note"))]
    table = _table(view, rows, codes=(view.indicateur, FLOWS), caption=title)
    picture = _picture(view, flows, summary)
    finding = constat(rows[rows["indicateur"] == FLOWS], lang=lang)
    spec = Chart(title, rows, selection, None, summary, extras=extras, table=table, picture=picture, finding=finding)
    return chart(context, spec)


def _picture(view: View, flows: pd.DataFrame, summary: str) -> Markup:
    """The regions coloured by the indicator, and the arcs of the referrals over them."""
    context, lang = view.context, view.context.lang
    every = view.selection(view.indicateur, every_period=True)
    periods = view.years if view.grain == "annee" else view.quarters
    drawing = Vue(
        "aval", every, view.about.name, view.about.unit, "region", periods, view.period, chosen=ORIGIN, fixed=True
    )
    ground, names = context.cached(ground_of, "region"), context.cached(place_names, lang)
    over = arcs(
        ground, flows, lang=lang, origin=ORIGIN, origin_name=names[ORIGIN], unit_label=unite("orientations", lang)
    )
    return atlas(context, drawing, description=summary, over=list(over), labels=noms(ground, names))


def _summary(view: View, places: pd.DataFrame, flows: pd.DataFrame) -> str:
    """The map in words, then the arcs; Île-de-France, from where they leave, is not counted among the regions."""
    lang = view.context.lang
    hosts = places[places["territoire_code"] != ORIGIN[1]]
    fill = resume_carte(hosts, lang=lang, unit_label=view.about.unit)
    arcs = resume_barres(flows, lang=lang, unit_label=unite("orientations", lang))
    return f"{view.about.name}{COLON[lang]}{fill} {view.context.texts('aval.carte.fleches')}{COLON[lang]}{arcs}"


def _legend(context: Context, flows: pd.DataFrame) -> list[Component]:
    """The widths and the dashes of the arcs."""
    items = [
        html.Li([_line(one), one.label])
        for one in traits(flows, lang=context.lang, unit_label=unite("orientations", context.lang))
    ]
    return [html.P(about(context, FLOWS).name, className="legende__titre"), html.Ul(items, className="legende")]


def _line(shown: Trait) -> Markup:
    """A piece of the arc that an entry of the legend tells of."""
    line = tag("line", x1="0", x2="100%", y1="50%", y2="50%", stroke_width=drawn_width(shown.width))
    return tag("svg", line, class_=f"trait trait--{shown.mark}", aria_hidden="true")


def _table(view: View, rows: pd.DataFrame, *, codes: tuple[str, ...], caption: str) -> Component:
    """A row per host region, by name."""
    names = dict(zip(rows["territoire_code"], rows["nom"], strict=True))
    keys = sorted(names, key=lambda code: names[code])
    what = Rows("territoire_code", keys, names, view.context.texts("aval.region"))
    return measures_table(view.context, rows, codes=codes, rows=what, caption=caption)


def _regions(view: View) -> Section:
    """Every measure, a row per host region: what the map shows, and more, for those who do not see it.

    Kinds of structure have a median each, which do not add up: there is none of all of them together.
    """
    context, t = view.context, view.context.texts
    codes = COUNTS if view.kind == ALL else view.measures
    selection = view.selection(*codes)
    rows = read(context, selection)
    title = t("aval.regions.titre", periode=periode(view.period, context.lang))
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    note = [] if DELAY in codes else [html.P(t("aval.delai.trimestre"), className="note")]
    table = _table(view, rows, codes=codes, caption=title)
    return chart(context, Chart(title, rows, selection, None, t("aval.regions.texte"), extras=note, table=table))


def _structures(view: View) -> Section:
    """Every measure, a row per host region and kind of structure, after the country as a whole."""
    context, lang, t = view.context, view.context.lang, view.context.texts
    levels = ("france", "region")
    selection = Selection(view.measures, levels, (), (view.grain,), (view.period,), ("structure",))
    rows = read(context, selection)
    title = t("aval.structures.titre", periode=periode(view.period, lang))
    if rows.empty:
        return chart(context, Chart(title, rows, selection, None, ""))
    key_of = zip(rows["territoire_niveau"], rows["nom"], rows["modalite"], strict=True)
    keyed = rows.assign(cle=pd.Series(list(key_of), index=rows.index, dtype="object"))
    keys = sorted(set(keyed["cle"]))
    words = {key: f"{_place(context, key)} – {label(KINDS, key[2], lang)}" for key in keys}
    what = Rows("cle", keys, words, t("aval.structure"))
    table = measures_table(context, keyed, codes=view.measures, rows=what, caption=title)
    caveat = caveats(context, FLOWS)
    return chart(context, Chart(title, rows, selection, None, t("aval.structures.texte"), extras=caveat, table=table))


def _place(context: Context, key: tuple[str, str, str]) -> str:
    return context.texts("aval.ensemble") if key[0] == "france" else key[1]


def _targets(context: Context) -> Section:
    """Places made available, quarter by quarter, with the targets written for them."""
    t, lang = context.texts, context.lang
    selection = Selection((DEFAULT,), *COUNTRY, ("trimestre",), ventilation=("ensemble",))
    frame = context.cached(targets)
    mine = frame[frame["indicateur"] == DEFAULT].sort_values("valeur_cible")
    dated = mine[mine["echeance"].notna()]
    marked = pd.DataFrame(
        {
            "date": pd.to_datetime(dated["echeance"]),
            "libelle": [t("objectifs.echeance.evenement", cible=_aim(row, lang)) for _, row in dated.iterrows()],
        }
    ).reset_index(drop=True)
    aims = [float(value) for value in mine["valeur_cible"]]
    said = [aim_text(row, lang) for _, row in mine.iterrows()]
    drawn = Drawn(t("aval.objectifs.titre"), DEFAULT, read(context, selection), selection, said)
    section = series(context, drawn, targets=aims, marked=marked)
    items = [html.Li(_target_words(context, row)) for _, row in mine.iterrows()]
    more = html.P(html.A(t("aval.objectifs.lien"), href=f"{href(lang, 'objectifs', pinned(context))}#{DEFAULT}"))
    written = [html.H3(t("aval.objectifs.ecrits")), html.Ul(items, className="liste"), more] if items else []
    return replace(section, after=[*section.after, *written])


def _aim(row: pd.Series, lang: Lang) -> str:
    return quantite(float(row["valeur_cible"]), unite(str(row["unite"]), lang), lang)


def _target_words(context: Context, row: pd.Series) -> list[html.Strong | html.Small | str]:
    lang, t = context.lang, context.texts
    due = text_of(row, "echeance_texte", lang)
    if pd.notna(row["echeance"]):
        key = "objectifs.echeance.deduite" if bool(row["echeance_deduite"]) else "objectifs.echeance.datee"
        due = t(key, date=date_longue(pd.Timestamp(row["echeance"]).date(), lang), texte=due)
    return [html.Strong(_aim(row, lang)), f", {due}", html.Small([" – ", *told(context, row)])]


SECTIONS = ("carte", "regions", "structures", "objectifs")
PAGE = Page("aval", SECTIONS, build, frozenset({"objectifs"}), controls, feed=(FLUX, "trimestre"))
