"""Hospital beds: the funnel from beds funded to bed-days attributed, delay of admission, share admitted in time.

The delay is told by unit: a median does not add up, a hospital has one no more once it opens a second unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.choices import about, chosen, page_form, period_options, service_options, values
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, select, slider
from dashboard.components.provenance import told
from dashboard.components.tendance import trend_words
from dashboard.context import Context
from dashboard.figures.barres import entonnoir
from dashboard.figures.series import serie
from dashboard.page import Page, Section
from dashboard.queries import Selection, indicators, modalities, observations, periods, targets
from dashboard.router import Lang
from publish.charte.formats import COLON, SEMICOLON, periode, quantite, unite
from publish.charte.mots import GIVEN, text_of, value_text
from publish.charte.summaries import resume_entonnoir, resume_serie

FLUX = "plan_lits"
REGION = (("region",), ("11",))
BEDS = ("lits_finances", "lits_identifies", "lits_ouverts")
DAYS = ("journees_disponibles", "journees_utilisees", "journees_attribuees")
TARGETED = "lits_identifies"
SHARE = "lits_part_admis_5_jours"
DELAY = "lits_delai_median_jours"
UNIT = "unite"


@dataclass(frozen=True)
class View:
    """The quarter of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Quarters that have observations, oldest first."""
        return self.context.cached(periods, FLUX, "trimestre")

    @cached_property
    def quarter(self) -> str:
        """The quarter shown."""
        return chosen(self.context, "trimestre", self.quarters, self.quarters[-1])

    @cached_property
    def units(self) -> list[Option]:
        """The units that can be chosen."""
        return service_options(self.context, self.context.cached(modalities, FLUX, "mois", UNIT))

    @cached_property
    def first(self) -> str:
        """The unit with most delays published: a median over fewer than eleven people is protected."""
        rows = self.context.cached(observations, _delays(()), self.context.lang)
        return str(rows.groupby("modalite")["valeur"].count().idxmax()) if len(rows) else ""

    @cached_property
    def unit(self) -> str:
        """The unit shown."""
        return chosen(self.context, "unite", values(self.units), self.first)


def _delays(unit: tuple[str, ...]) -> Selection:
    return Selection((DELAY,), *REGION, ("mois",), ventilation=(UNIT,), modalite=unit)


def controls(context: Context) -> Markup:
    """The quarter of the funnel, the unit whose delay is shown."""
    view, t = View(context), context.texts
    options = period_options(context, view.quarters)
    return page_form(
        context,
        slider("trimestre", t("champ.trimestre"), options, chosen=view.quarter, default=view.quarters[-1]),
        select("unite", t("champ.unite"), view.units, chosen=view.unit, default=view.first),
    )


def build(context: Context) -> dict[str, Section]:
    """The funnel, the share admitted within five days, the delay by unit."""
    view = View(context)
    return {"entonnoir": _funnel(view), "admis": _share(context), "delai": _delay(view)}


def besides(context: Context) -> dict[str, Section]:
    """The targets as written."""
    return {"objectifs": _targets(context)}


def _funnel(view: View) -> Section:
    context, lang = view.context, view.context.lang
    selection = Selection(
        (*BEDS, *(f"lits_{step}" for step in DAYS)), *REGION, ("trimestre",), (view.quarter,), ("ensemble",)
    )
    frame = _steps(context, context.cached(observations, selection, lang))
    title = context.texts("hopital.entonnoir.titre", periode=periode(view.quarter, lang))
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    beds, days = (frame[frame["etape"].isin(steps)] for steps in (BEDS, DAYS))
    target = _target(context, TARGETED)
    summary = resume_entonnoir(beds, days, lang=lang, target=target)
    figure = entonnoir(beds, days, lang=lang, target=target)
    return chart(context, Chart(title, frame, selection, figure, summary, finding=_ends(beds, lang)))


def _ends(beds: pd.DataFrame, lang: Lang) -> str:
    """The first and the last step of the funnel of beds; nothing where one is not published."""
    ends = beds.iloc[[0, -1]]
    if not ends["statut"].isin(GIVEN).all():
        return ""
    said = [f"{row['nom']}{COLON[lang]}{value_text(row, lang, unit=False)}" for _, row in ends.iterrows()]
    return SEMICOLON[lang].join((said[0], said[1][:1].lower() + said[1][1:]))


def _steps(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the funnel, each named after its indicator."""
    catalogue, order = context.cached(indicators), [*BEDS, *DAYS]
    named = frame.assign(
        etape=frame["indicateur"].str.replace("lits_journees_", "journees_"),
        nom=[context.name(catalogue.loc[code]) for code in frame["indicateur"]],
    )
    return named.sort_values("etape", key=lambda column: column.map(order.index), ignore_index=True)


def _target(context: Context, indicateur: str) -> float | None:
    frame = context.cached(targets)
    mine = frame[(frame["indicateur"] == indicateur) & frame["valeur_cible"].notna()]
    return float(mine["valeur_cible"].iloc[0]) if len(mine) else None


def _share(context: Context) -> Section:
    selection = Selection((SHARE,), *REGION, ("trimestre",), ventilation=("ensemble",))
    return _series(context, selection, "hopital.admis.titre", target=None)


def _delay(view: View) -> Section:
    target = _target(view.context, DELAY)
    return _series(view.context, _delays((view.unit,)), "hopital.delai.titre", target=target, service=_name(view))


def _name(view: View) -> str:
    return {option.value: option.text for option in view.units}.get(view.unit, "")


def _series(context: Context, selection: Selection, key: str, *, target: float | None, **names: str) -> Section:
    lang, title = context.lang, context.texts(key, **names)
    frame = context.cached(observations, selection, lang)
    if frame.empty:
        return chart(context, Chart(title, frame, selection, {}, ""))
    said = about(context, selection.indicateur[0])
    figure = serie(frame, lang=lang, unit_label=said.unit, target=target)
    return chart(
        context,
        Chart(
            title,
            frame,
            selection,
            figure,
            resume_serie(frame, lang=lang, unit_label=said.unit, polarite=said.polarity),
            conclusions=trend_words(context, frame),
        ),
    )


def _targets(context: Context) -> Section:
    frame = context.cached(targets)
    items = [_target_item(context, row) for _, row in frame.iterrows()]
    t = context.texts
    return Section(
        before=[
            html.H2(t("hopital.objectifs.titre")),
            html.P(t("hopital.objectifs.texte")),
            html.Ul(items, className="liste"),
        ]
    )


def _target_item(context: Context, row: pd.Series) -> Component:
    aim = "" if pd.isna(row["valeur_cible"]) else _amount(float(row["valeur_cible"]), row["unite"], context)
    deadline = text_of(row, "echeance_texte", context.lang)
    place = html.Small([" – ", *told(context, row)])
    words = " – ".join(part for part in (text_of(row, "intitule", context.lang), deadline) if part)
    return html.Li([html.Strong(aim), " – " if aim else "", words, place])


def _amount(value: float, unit: str, context: Context) -> str:
    return quantite(value, unite(unit, context.lang), context.lang)


PAGE = Page(
    "hopital",
    ("entonnoir", "admis", "delai", "objectifs"),
    build,
    frozenset({"entonnoir", "admis", "delai"}),
    controls,
    feed=(FLUX, "trimestre"),
    besides=besides,
)
