"""The chapters of the report: the facts of a review as texts, tables and images, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from publish.charte import formats
from publish.charte.lignes import records
from publish.charte.mots import label, text_of
from publish.charte.objectifs import aim_text, due_text, standing_text
from publish.charte.summaries import resume_serie
from publish.charte.trajectoires import sentences
from publish.comite import dessins, mots
from publish.comite.blocs import Block, Chapter, Column, Facts, Heading, Image, Pairs, Table, Text
from publish.comite.revue import Aim, Review
from publish.notice import DOCUMENTS, READING, RETURNS, SIMULATED
from publish.site import carte, courbe
from publish.site.figure import map_figure, points, series_legend
from publish.site.page import Work

FRAME = courbe.Frame("imprime", 720, 165, 58, 46)
NARROW = courbe.Frame("demi", 400, 250, 46, 46)
# What is mapped in every report, after the indicators flagged.
MAPPED = "scenes_presence_max"
CHARTS, QUARTERS, REVISED = 6, 12, 20


@dataclass(frozen=True)
class Report:
    """One review in one language, over the public files of its release."""

    work: Work
    found: Review

    @cached_property
    def places(self) -> dict[tuple[str, str], str]:
        """Names of territories by level and code."""
        return {place: self.work.source.place_name(place, self.work.lang) for place in self.work.source.places}

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of indicators by code."""
        return {code: self.work.name(row) for code, row in self.work.source.indicators.items()}

    @property
    def when(self) -> str:
        """The quarter in words."""
        return formats.periode(self.found.quarter, self.work.lang)


def chapters(work: Work, found: Review) -> list[Chapter]:
    """The whole report, in the order in which a committee works."""
    report, t = Report(work, found), work.t
    makers = {
        "essentiel": _brief,
        "objectifs": _targets,
        "surveiller": _watched,
        "actions": _actions,
        "decisions": _decisions,
        "changements": _changes,
        "couverture": _coverage,
        "lire": _notes,
    }
    apart = ("objectifs", "surveiller", "actions", "decisions", "couverture")
    return [Chapter(t(f"comite.{name}"), list(make(report)), apart=name in apart) for name, make in makers.items()]


def _columns(report: Report, prefix: str, columns: dict[str, float], numbers: Sequence[str] = ()) -> list[Column]:
    t = report.work.t
    return [Column(t(f"comite.{prefix}.colonne.{name}"), width, name in numbers) for name, width in columns.items()]


def _brief(report: Report) -> Iterator[Block]:
    lang = report.work.lang
    yield Facts(mots.facts(report.found, lang))
    for words in mots.findings(report.found, lang):
        yield Text(words, "liste")


# ── Targets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _targets(report: Report) -> Iterator[Block]:
    t, lang = report.work.t, report.work.lang
    yield Text(t("comite.objectifs.texte"))
    widths = {"objectif": 3.0, "cible": 1.7, "echeance": 2.2, "valeur": 2.0, "etat": 1.5}
    rows = [
        (
            text_of(aim.target, "intitule", lang),
            aim_text(aim.target, lang),
            mots.capital(due_text(aim.target, lang)),
            mots.last_value(aim, lang),
            mots.verdict_text(aim, lang),
        )
        for aim in report.found.aims
    ]
    yield Table(t("comite.objectifs.lignes", quand=report.when), _columns(report, "objectifs", widths), rows)
    for aims in _by_indicator(report.found.aims):
        yield from _path(report, aims)


def _by_indicator(aims: Sequence[Aim]) -> list[list[Aim]]:
    """Targets of one indicator and one territory together: they share a path."""
    found: dict[tuple[str, str], list[Aim]] = {}
    for aim in aims:
        found.setdefault((str(aim.target["indicateur"]), str(aim.target["territoire_code"])), []).append(aim)
    return list(found.values())


def _path(report: Report, aims: Sequence[Aim]) -> Iterator[Block]:
    """The steps of one indicator in words, on the chart of its path where there is one."""
    t, lang, first = report.work.t, report.work.lang, aims[0]
    said = [_said(aim, report) for aim in aims]
    if first.path.empty:
        yield Heading(text_of(first.target, "intitule", lang))
        yield Text(t("comite.objectifs.sans_chemin"))
        return
    targets = [courbe.Target(float(aim.target["valeur_cible"]), aim_text(aim.target, lang)) for aim in aims]
    where = mots.place_of(first.target, report.places)
    yield _series(report, f"serie-{first.target['id']}", first.path, where, targets, said)


def _said(aim: Aim, report: Report) -> str:
    """A step, where it stands, and the course of one that is not met: what remains, when it would be met."""
    lang = report.work.lang
    step = f"{mots.capital(aim_text(aim.target, lang))}, {due_text(aim.target, lang)}."
    where = standing_text(aim.standing, lang) if aim.standing else ""
    ahead = aim.course if aim.verdict != "atteint" else None
    course = sentences(ahead, aim.target, lang)[1:] if ahead is not None else []
    return " ".join(part for part in (step, where, *course) if part)


def _series(
    report: Report,
    key: str,
    path: pd.DataFrame,
    where: str,
    targets: Sequence[courbe.Target],
    said: Sequence[str] = (),
    frame: courbe.Frame = FRAME,
) -> Image:
    """The chart of a series; ``said`` stands under it, else its summary. A narrow one is titled by its place."""
    work, drawn = report.work, points(_dated(records(path)))
    indicator = work.source.indicators[str(path["indicateur"].iloc[0])]
    name, unit = work.name(indicator), work.unit(str(path["unite"].iloc[0]))
    # In a narrow chart the words of a level would cover the series: its legend says them.
    levels = targets if frame is FRAME else [courbe.Target(target.value, "") for target in targets]
    inner = "".join(courbe.content(key, drawn, frame, work.lang, levels))
    summary = resume_serie(path.assign(nom=where), lang=work.lang, unit_label=unit, polarite=indicator["polarite"])
    title = work.t("figure.serie", nom=name, lieu=where)
    legend = series_legend(drawn, targets, work)
    span = f"{mots.capital(unit)}, {_span(path, work)}"
    return Image(
        title=title if frame is FRAME else where,
        subtitle=span if frame is FRAME else name,
        svg=dessins.framed(key, inner, width=frame.width, height=frame.height, legend=legend),
        alt=f"{title}, {span}. {summary}",
        words=[*said] or [summary],
    )


def _dated(rows: Sequence[Any]) -> list[Any]:
    """Rows whose days are days: a frame gives moments."""
    return [
        row._replace(
            periode_debut=pd.Timestamp(row.periode_debut).date(),
            periode_fin=pd.Timestamp(row.periode_fin).date(),
            **{name: _number(getattr(row, name)) for name in ("valeur", "borne_basse", "borne_haute")},
        )
        for row in rows
    ]


def _number(value: Any) -> float | None:
    return float(value) if formats.est_connu(value) else None


def _span(path: pd.DataFrame, work: Work) -> str:
    first, last = (formats.periode(str(path["periode"].iloc[place]), work.lang) for place in (0, -1))
    return work.t("figure.periodes", debut=first, fin=last)


# ── To watch ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _watched(report: Report) -> Iterator[Block]:
    t, found = report.work.t, report.found
    if not found.last:
        yield Text(t("comite.surveiller.ailleurs"))
    elif found.shortlist.empty:
        yield Text(mots.nothing_flagged(found, report.work.lang))
    else:
        yield Text(t("comite.surveiller.texte"))
        yield _shortlist(report)
        yield Pairs([_flagged(report, row) for _, row in found.shortlist.head(CHARTS).iterrows()])
    yield from _maps(report)


def _shortlist(report: Report) -> Table:
    names = {"indicateur": 2.4, "lieu": 1.6, "trimestre": 1.5, "valeur": 1.0, "intervalle": 1.5, "reference": 1.7}
    columns = _columns(report, "surveiller", {**names, "tendance": 1.7}, ("valeur",))
    rows = [
        mots.watched_line(row, report.places, report.names, report.work.lang)
        for _, row in report.found.shortlist.iterrows()
    ]
    return Table(report.work.t("comite.surveiller.lignes"), columns, rows)


def _maps(report: Report) -> Iterator[Image]:
    """The maps of the indicators flagged, then the one of every report, up to the end of the quarter."""
    flagged = list(report.found.shortlist["indicateur"]) if report.found.last else []
    for code in dict.fromkeys([*flagged, MAPPED]):
        frame = report.work.source.maps.get(code)
        if frame is not None:
            yield from _map(report, code, frame)


def _map(report: Report, code: str, frame: pd.DataFrame) -> Iterator[Image]:
    end = pd.Period(report.found.quarter.replace("-T", "Q"), freq="Q").end_time
    known = frame[pd.to_datetime(frame["periode_fin"]) <= end]
    drawn = map_figure(report.work, f"carte-{code}", known) if len(known) else None
    if drawn is not None:
        width, height = carte.WIDTH, report.work.ground.height
        inner = dessins.nested(str(drawn.picture), width=width, height=height)
        whole = dessins.framed(drawn.key, inner, width=width, height=height, legend=drawn.legend)
        words = (drawn.summary, drawn.conclusion)
        yield Image(drawn.title, drawn.subtitle, whole, f"{drawn.title}. {drawn.summary}", words, width=86)


FLAGGED = """
    select * from observations
    where indicateur = $code and territoire_niveau = $niveau and territoire_code = $territoire
      and granularite = 'trimestre' and ventilation = 'ensemble'
    order by periode_debut
"""


def _flagged(report: Report, row: pd.Series) -> Image:
    """The series of a flagged share, with the value of the enclosing territory as the level to compare it with."""
    work, asked = report.work, {"code": row["indicateur"], "niveau": row["territoire_niveau"]}
    path = work.source.query(FLAGGED, asked | {"territoire": row["territoire_code"]})
    around = (str(row["reference_niveau"]), str(row["reference_code"]))
    amount = formats.quantite(float(row["reference_valeur"]), work.unit(str(row["unite"])), work.lang)
    words = work.t("comite.surveiller.reference", lieu=report.places.get(around, around[1]), valeur=amount)
    when = formats.periode(str(row["periode"]), work.lang)
    level = courbe.Target(float(row["reference_valeur"]), f"{words} ({when})")
    key = f"serie-{row['indicateur']}-{row['territoire_niveau']}-{row['territoire_code']}"
    return _series(report, key, path, mots.place_of(row, report.places), [level], frame=NARROW)


# ── Actions and decisions ─────────────────────────────────────────────────────────────────────────────────────────────


def _actions(report: Report) -> Iterator[Block]:
    t, lang, found = report.work.t, report.work.lang, report.found
    if found.actions.empty:
        yield Text(t("comite.actions.vide"))
        return
    yield Text(mots.actions_summary(found, lang))
    yield from _status_chart(report)
    heads = [Column(t("comite.actions.colonne.axe"), 3.0)]
    heads += [Column(mots.capital(label("statut_action", code, lang)), 1.0, True) for code in mots.PROGRESS]
    when = formats.a_la_periode(found.quarter, lang)
    yield Table(t("comite.actions.croisees", quand=when), heads, mots.crossed(found, lang))
    widths = {"action": 2.6, "statut": 1.8, "avant": 1.4, "avancement": 1.2, "echeance": 1.8, "pilote": 1.9}
    for axe, rows in found.actions.groupby("axe"):
        lines = [mots.action_line(row, lang) for _, row in rows.iterrows()]
        caption = t("comite.actions.table", axe=mots.axis_text(str(axe), lang))
        yield Table(caption, _columns(report, "actions", widths, ("avancement",)), lines)


COUNTED = """
    select periode, indicateur, max(valeur)::integer as nombre from observations
    where list_contains($codes, indicateur) and granularite = 'trimestre' and ventilation = 'ensemble'
      and periode <= $quarter and valeur is not null
    group by periode, indicateur
"""
COUNTS = {
    "pilotage_actions_realisees": "realisee",
    "pilotage_actions_partiellement_realisees": "partiellement_realisee",
    "pilotage_actions_engagees": "engagee",
    "pilotage_actions_non_engagees": "non_engagee",
    "pilotage_actions_abandonnees": "abandonnee",
}


def _status_chart(report: Report) -> Iterator[Image]:
    """Published counts of actions by status, over the last quarters."""
    t, lang = report.work.t, report.work.lang
    frame = report.work.source.query(COUNTED, {"codes": list(COUNTS), "quarter": report.found.quarter})
    kept = sorted(set(frame["periode"]))[-QUARTERS:]
    if not kept:
        return
    columns = [(_short(code, lang), _counts(frame[frame["periode"] == code])) for code in kept]
    shown = [code for code in mots.PROGRESS if any(counts.get(code) for _, counts in columns)]
    legend = [carte.Key(code, label("statut_action", code, lang)) for code in shown]
    inner = dessins.stacked("actions", columns, shown, lang=lang)
    title = t("comite.actions.image")
    whole = dessins.framed("actions", inner, width=dessins.WIDTH, height=dessins.HEIGHT, legend=legend)
    span = t("figure.periodes", debut=formats.periode(kept[0], lang), fin=formats.periode(kept[-1], lang))
    unit = report.work.unit("actions")
    yield Image(title, f"{mots.capital(unit)}, {span}", whole, f"{title}. {mots.actions_summary(report.found, lang)}")


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {COUNTS[code]: int(number) for code, number in zip(rows["indicateur"], rows["nombre"], strict=True)}


def _short(quarter: str, lang: str) -> str:
    """« T3 26 », “Q3 26”."""
    return f"{'Q' if lang == 'en' else 'T'}{quarter[-1]} {quarter[2:4]}"


def _decisions(report: Report) -> Iterator[Block]:
    t, lang, rows = report.work.t, report.work.lang, report.found.decisions
    if rows.empty:
        yield Text(t("comite.decisions.vide"))
        return
    yield Text(t("comite.decisions.texte"))
    captions = {True: mots.held_on(report.found, lang), False: t("comite.decisions.ouvertes")}
    for newest, caption in captions.items():
        lines = [mots.decision_line(row, lang) for _, row in rows[rows["derniere"] == newest].iterrows()]
        if lines:
            widths = {"decision": 4.2, "charge": 1.8, "echeance": 1.8, "statut": 1.8}
            yield Table(caption, _columns(report, "decisions", widths), lines)


# ── Changes, coverage, notes ──────────────────────────────────────────────────────────────────────────────────────────


def _changes(report: Report) -> Iterator[Block]:
    t, lang, found = report.work.t, report.work.lang, report.found
    yield Text(mots.changes_summary(found, lang))
    if not found.before:
        return
    counts = ("ajouts", "modifications", "retraits")
    columns = _columns(report, "changements", {"jeu": 2.2, "cause": 2.6, **dict.fromkeys(counts, 1.1)}, counts)
    rows = [mots.change_line(row, _title(report, str(row["jeu"])), lang) for _, row in found.changes.iterrows()]
    yield Table(t("comite.changements.lignes", avant=found.before, apres=found.version), columns, rows)
    if len(found.revised):
        yield from _revised(report)
    if len(found.errors):
        yield Heading(t("comite.changements.erreurs"))
        yield from (Text(mots.error_text(row, lang), "liste") for _, row in found.errors.iterrows())


def _title(report: Report, table: str) -> str:
    """A table as readers know it; its name where the release has no contract of it."""
    contract = report.work.source.contracts.get(table)
    return contract.title[report.work.lang] if contract else table


def _revised(report: Report) -> Iterator[Block]:
    t, lang, rows = report.work.t, report.work.lang, report.found.revised
    columns = _columns(
        report, "revisions", {"indicateur": 3.2, "cause": 2.0, "valeurs": 1.1, "habituelle": 2.2}, ("valeurs",)
    )
    lines = [mots.revised_line(row, report.names, lang) for _, row in rows.head(REVISED).iterrows()]
    yield Table(t("comite.revisions.lignes"), columns, lines)
    if len(rows) > REVISED:
        yield Text(t("comite.revisions.reste", montrees=REVISED, total=len(rows)), "note")


def _coverage(report: Report) -> Iterator[Block]:
    t, lang = report.work.t, report.work.lang
    yield Text(t("comite.couverture.texte"))
    widths = {"flux": 3.0, "periode": 2.4, "recues": 1.0, "attendues": 1.1, "part": 1.1, "incomplets": 1.3}
    columns = _columns(report, "couverture", widths, ("recues", "attendues", "part", "incomplets"))
    rows = [mots.returns_line(row, lang) for _, row in report.found.returns.iterrows()]
    yield Table(t("comite.couverture.lignes"), columns, rows)


def _notes(report: Report) -> Iterator[Block]:
    t, lang, notice = report.work.t, report.work.lang, report.work.source.notice
    day = formats.date_longue(notice.day, lang)
    yield Text(t("comite.lire.fige", version=str(notice.version), date=day))
    if notice.version.demo:
        yield Text(SIMULATED[lang])
    yield Text(_plain(READING[lang]))
    yield Text(t("comite.lire.intervalle"))
    yield Text(t("comite.lire.provisoire"))
    yield Text(t("comite.lire.sources", liste=_plain(f"{RETURNS[lang]} {DOCUMENTS[lang]}")))
    citation = notice.citation(lang, title=t("comite.rapport.titre", trimestre=report.when), relative=address(lang))
    yield Text(t("comite.lire.citer", citation=citation))


def _plain(text: str) -> str:
    """A text of Markdown without the marks of its code."""
    return text.replace("`", "")


def address(lang: str) -> str:
    """Path of the report below the folder of its release."""
    return f"rapport/comite-{lang}.pdf"
