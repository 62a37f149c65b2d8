"""The map of any indicator: a period, a level, a frame, and beside it another period or another indicator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from dash import html
from markupsafe import Markup

from dashboard.choices import About, about, chosen, page_form, period_options
from dashboard.components.atlas import Vue, atlas, ground_of, method_note, on_map, side_by_side
from dashboard.components.blocs import Chart, chart
from dashboard.components.formulaire import Option, player, select, slider
from dashboard.components.traces import read
from dashboard.context import Context
from dashboard.figures.fond import NIVEAUX
from dashboard.mappables import Mappable, mappable
from dashboard.page import Page, Section
from dashboard.queries import Selection, indicators
from publish.charte.formats import COLON, periode
from publish.charte.mots import label
from publish.charte.summaries import resume_carte

DEFAULT = "scenes_presence_max"
WHOLE = ("ensemble",)


@dataclass(frozen=True)
class View:
    """The choices of the address, resolved on the release. Raises BadFilter for one the release does not have."""

    context: Context

    @cached_property
    def all(self) -> tuple[Mappable, ...]:
        """What can be mapped."""
        return self.context.cached(mappable)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The indicators that can be mapped."""
        return tuple(dict.fromkeys(one.indicateur for one in self.all))

    @property
    def first(self) -> str:
        """The indicator shown when the address names none."""
        return DEFAULT if DEFAULT in self.codes else self.codes[0]

    @cached_property
    def indicateur(self) -> str:
        """The indicator shown."""
        return chosen(self.context, "indicateur", self.codes, self.first)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The levels it can be mapped at, the finest first."""
        return tuple(one.niveau for one in self.all if one.indicateur == self.indicateur)

    @cached_property
    def mapped(self) -> Mappable:
        """The indicator at the level shown."""
        niveau = chosen(self.context, "niveau", self.levels, self.levels[0])
        return next(one for one in self.all if (one.indicateur, one.niveau) == (self.indicateur, niveau))

    @cached_property
    def period(self) -> str:
        """The period shown."""
        return chosen(self.context, "periode", self.mapped.periods, self.mapped.periods[-1])

    @cached_property
    def cadres(self) -> tuple[str, ...]:
        """The frames of the level, the widest first."""
        return tuple(self.context.cached(ground_of, self.mapped.niveau).cadres)

    @cached_property
    def cadre(self) -> str:
        """What is seen of the ground."""
        return chosen(self.context, "cadre", self.cadres, self.cadres[0])

    @cached_property
    def rivals(self) -> tuple[str, ...]:
        """The other indicators that have the same level and the same grain."""
        here = (self.mapped.niveau, self.mapped.grain)
        return tuple(
            one.indicateur for one in self.all if (one.niveau, one.grain) == here and one.indicateur != self.indicateur
        )

    @cached_property
    def compare(self) -> str:
        """The other period or the other indicator beside, or nothing."""
        return chosen(self.context, "compare", (*self.mapped.periods, *self.rivals), "")

    @property
    def about(self) -> About:
        """Name, unit and polarity of the indicator."""
        return about(self.context, self.indicateur)

    def selection(self, indicateur: str, *periods: str) -> Selection:
        """Observations of an indicator at the level and the grain shown."""
        levels = NIVEAUX[self.mapped.niveau].levels
        return Selection((indicateur,), levels, (), (self.mapped.grain,), periods, WHOLE)

    def drawing(self, key: str, indicateur: str, period: str, *, fixed: bool = False) -> Vue:
        """A map of an indicator in a period."""
        said, shown = about(self.context, indicateur), self.mapped
        return Vue(
            key, self.selection(indicateur), said.name, said.unit, shown.niveau, shown.periods, period, self.cadre,
            fixed=fixed,
        )  # fmt: skip


def controls(context: Context) -> Markup | None:
    """Indicator, level, frame, what to compare with, time."""
    view, t = View(context), context.texts
    if not view.all:
        return None
    levels = [Option(one, t(f"carte.niveau.{one}")) for one in view.levels]
    cadres = [Option(one, t(f"carte.cadre.{one}")) for one in view.cadres]
    periods = period_options(context, view.mapped.periods)
    return page_form(
        context,
        select(
            "indicateur", t("champ.indicateur"), _by_theme(context, view.codes), chosen=view.indicateur,
            default=view.first, reload=("niveau", "cadre", "compare", "periode"),
        ),
        select(
            "niveau", t("carte.niveau"), levels, chosen=view.mapped.niveau, default=view.levels[0],
            reload=("cadre", "compare", "periode"),
        ),
        select("cadre", t("carte.cadre"), cadres, chosen=view.cadre, default=view.cadres[0]),
        select("compare", t("carte.comparer"), _rivals(view), chosen=view.compare),
        slider(
            "periode", t("champ.periode"), periods, chosen=view.period, default=periods[-1].value, player=player(t)
        ),
    )  # fmt: skip


def _by_theme(context: Context, codes: tuple[str, ...]) -> list[Option]:
    themes = context.cached(indicators)["theme"]
    named = [Option(code, about(context, code).name, label("theme", themes[code], context.lang)) for code in codes]
    return sorted(named, key=lambda option: (option.group, option.text))


def _rivals(view: View) -> list[Option]:
    context, t = view.context, view.context.texts
    periods = reversed(period_options(context, view.mapped.periods))
    return [
        Option("", t("carte.comparer.rien")),
        *(Option(one.value, one.text, t("carte.comparer.periodes")) for one in periods),
        *(Option(one, about(context, one).name, t("carte.comparer.indicateurs")) for one in view.rivals),
    ]


def build(context: Context) -> dict[str, Section]:
    """One map, or two side by side, with the table of what they show."""
    view = View(context)
    if not view.all:
        return {
            "carte": Section(before=[html.H2(context.texts("carte.titre_vide")), html.P(context.texts("carte.vide"))])
        }
    return {"carte": _section(view, _maps(view))}


def _maps(view: View) -> list[Vue]:
    """The map asked for, then the other period, which stays, or the other indicator, which follows the slider."""
    here = view.drawing("carte", view.indicateur, view.period)
    if not view.compare:
        return [here]
    if view.compare in view.mapped.periods:
        return [here, view.drawing("autre", view.indicateur, view.compare, fixed=True)]
    return [here, view.drawing("autre", view.compare, view.period)]


def _section(view: View, drawings: list[Vue]) -> Section:
    context, t = view.context, view.context.texts
    frames = [_rows(view, one) for one in drawings]
    paired = list(zip(drawings, frames, strict=True))
    summaries = [resume_carte(frame, lang=context.lang, unit_label=one.unit) for one, frame in paired]
    pictures = [atlas(context, one, description=said) for one, said in zip(drawings, summaries, strict=True)]
    spec = Chart(
        _title(view, drawings),
        pd.concat(frames, ignore_index=True),
        _wanted(view, drawings),
        None,
        _said(view, drawings, summaries),
        extras=[method_note(context, t("carte.sans_objet"))],
        picture=side_by_side(*pictures),
    )
    return chart(context, spec)


def _wanted(view: View, drawings: list[Vue]) -> Selection:
    """What asks for the rows of every map."""
    codes = tuple(dict.fromkeys(one.selection.indicateur[0] for one in drawings))
    periods = tuple(dict.fromkeys(one.period for one in drawings))
    return replace(view.selection(codes[0], *periods), indicateur=codes)


def _rows(view: View, drawing: Vue) -> pd.DataFrame:
    """The observations of a map in its period."""
    selection = view.selection(drawing.selection.indicateur[0], drawing.period)
    return on_map(view.context, read(view.context, selection), drawing.niveau)


def _title(view: View, drawings: list[Vue]) -> str:
    t, names = view.context.texts, list(dict.fromkeys(one.name for one in drawings))
    if len(names) == 1:
        return t("carte.titre_seule", indicateur=names[0])
    return t("carte.titre_paire", gauche=names[0], droite=names[1])


def _said(view: View, drawings: list[Vue], summaries: list[str]) -> str:
    """The summary of the map; of each of two, after what it shows."""
    if len(drawings) == 1:
        return summaries[0]
    lang = view.context.lang
    named = zip(drawings, summaries, strict=True)
    return " ".join(f"{one.name}, {periode(one.period, lang)}{COLON[lang]}{said}" for one, said in named)


PAGE = Page("carte", ("carte",), build, controls=controls)
