"""Figures with all that stands around them: title, summary in words, legend, table, way to the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from publish.charte import formats
from publish.charte.classes import bornes
from publish.charte.lignes import records
from publish.charte.mots import trend_sentence
from publish.charte.retours import of_row
from publish.charte.summaries import resume_carte, resume_ligne
from publish.site import carte, cellules, courbe
from publish.site.page import Column, Table, Work

SHOWN = 12
TREND_KEY = ("indicateur", "territoire_niveau", "territoire_code", "ventilation", "modalite")


@dataclass(frozen=True)
class Figure:
    """A picture, its legend, what it says in words, and the table of what it draws."""

    key: str
    title: str
    subtitle: str
    picture: Markup
    legend: Sequence[carte.Key]
    summary: str
    conclusion: str
    table: Table | None


def points(rows: Sequence[Any]) -> list[courbe.Point]:
    """Periods of one series, in order, as they are drawn."""
    return [
        courbe.Point(
            start=row.periode_debut,
            end=row.periode_fin,
            status=row.statut,
            value=row.valeur,
            low=row.borne_basse,
            high=row.borne_haute,
            provisional=row.provisoire,
        )
        for row in rows
    ]


def _number(value: Any) -> float | None:
    return float(value) if formats.est_connu(value) else None


def series_figure(
    work: Work, key: str, rows: Sequence[Any], *, where: str, target: courbe.Target | None = None
) -> Figure:
    """The chart of one series of one indicator; ``where`` is the place or the service, in words."""
    t, lang, last = work.t, work.lang, rows[-1]
    indicator = work.source.indicators[last.indicateur]
    unit = work.unit(last.unite)
    title = t("figure.serie", nom=work.name(indicator), lieu=where)
    drawn = points(rows)
    summary = resume_ligne(rows, lang=lang, unit_label=unit, polarite=indicator["polarite"])
    return Figure(
        key=key,
        title=title,
        subtitle=" · ".join(part for part in (unit, _span(rows, work), _late(last, work)) if part),
        picture=courbe.line_chart(key, drawn, title=title, description=summary, lang=lang, target=target),
        legend=series_legend(drawn, [target] if target else [], work),
        summary=summary,
        conclusion=_trend(work, last),
        table=_series_table(work, rows, title, unit),
    )


def _span(rows: Sequence[Any], work: Work) -> str:
    first, last = (formats.periode(row.periode, work.lang) for row in (rows[0], rows[-1]))
    return work.t("figure.periodes", debut=first, fin=last)


def _late(last: Any, work: Work) -> str:
    """The returns missing from the last period, if any is."""
    returns = of_row(last)
    if returns is None or not returns.missing:
        return ""
    when = formats.a_la_periode(last.periode, work.lang)
    return work.t("retours.fin", quand=when, retours=returns.words(work.lang))


def _trend(work: Work, last: Any) -> str:
    """What the trend test says of a quarterly series; nothing of another grain, which is not tested."""
    if last.granularite != "trimestre" or not work.source.trends:
        return ""
    key = tuple(getattr(last, name) for name in TREND_KEY)
    return trend_sentence(work.source.trends.get(key), work.lang)


def series_legend(drawn: Sequence[courbe.Point], targets: Sequence[courbe.Target], work: Work) -> list[carte.Key]:
    """What the marks of the chart of a series mean, those alone that it has."""
    t = work.t
    absent = {status: sum(point.status == status for point in drawn) for status in courbe.ABSENT}
    entries = [
        ("trait", t("figure.legende.valeur"), any(point.value is not None for point in drawn)),
        ("zero", t("figure.legende.zero"), any(point.status == "zero" for point in drawn)),
        ("bande", t("fig.intervalle"), any(point.low is not None for point in drawn)),
        (
            "cible",
            ("; " if work.lang == "en" else f"{formats.NBSP}; ").join(one.words for one in targets),
            bool(targets),
        ),
        ("provisoire", t("fig.periode_provisoire"), any(point.provisional for point in drawn)),
    ]
    kept = [carte.Key(f"pave--{mark}", words) for mark, words, there in entries if there]
    return kept + [
        carte.Key(f"pave--{status}", t(f"figure.legende.{status}", n=number))
        for status, number in absent.items()
        if number
    ]


def _series_table(work: Work, rows: Sequence[Any], title: str, unit: str) -> Table:
    """The last periods, the newest first."""
    t = work.t
    shown = [row._asdict() for row in reversed(rows[-SHOWN:])]
    with_limits = any(row.borne_basse is not None for row in rows)
    columns = [Column(t("tableau.periode")), Column(t("tableau.valeur", unite=unit), number=True)]
    columns += [Column(t("tableau.intervalle"), number=True)] if with_limits else []
    columns += [Column(t("tableau.couverture"), number=True)]
    cells = [
        [
            formats.periode(row["periode"], work.lang),
            cellules.value(row, t),
            *([cellules.interval(row, t)] if with_limits else []),
            cellules.returns(row),
        ]
        for row in shown
    ]
    return Table(t("figure.tableau", titre=title, n=len(shown)), columns, cells)


def map_figure(work: Work, key: str, frame: pd.DataFrame) -> Figure | None:
    """The last period of an indicator by territory; None where no value of it is known."""
    t, lang = work.t, work.lang
    last = frame[frame["periode_debut"] == frame["periode_debut"].max()]
    indicator = work.source.indicators[str(frame["indicateur"].iloc[0])]
    drawn = {outline.place for outline in work.ground.outlines}
    cells = {
        (row.territoire_niveau, row.territoire_code): carte.Cell(str(row.statut), _number(row.valeur))
        for row in records(last)
        if (row.territoire_niveau, row.territoire_code) in drawn
    }
    if not cells:
        return None
    edges = bornes(frame.loc[frame["statut"] == "valeur", "valeur"])
    unit = work.unit(str(last["unite"].iloc[0]))
    period = formats.periode(str(last["periode"].iloc[0]), lang)
    title = t("figure.carte", nom=work.name(indicator), periode=period)
    names = [work.source.place_name((row.territoire_niveau, row.territoire_code), lang) for row in records(last)]
    before = _period_before(frame, last)
    summary = resume_carte(last.assign(nom=names), lang=lang, unit_label=unit, precedent=before)
    words = {"zero": f"0 ({t('fig.statut.zero')})"} | {name: t(f"fig.statut.{name}") for name in courbe.ABSENT}
    return Figure(
        key=key,
        title=title,
        subtitle=f"{unit} · {period}",
        picture=carte.choropleth(key, work.ground, cells, edges, title=title, description=summary),
        legend=carte.legend(cells.values(), edges, lang=lang, unit=unit, words=words),
        summary=summary,
        conclusion=t("fig.methode"),
        table=None,
    )


def _period_before(frame: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame | None:
    earlier = frame[frame["periode_debut"] < last["periode_debut"].iloc[0]]
    return earlier[earlier["periode_debut"] == earlier["periode_debut"].max()] if len(earlier) else None
