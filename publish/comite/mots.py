"""The facts of a review in words, the same on the page and in the report: what stands in brief, and lines of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from publish.charte.formats import NBSP, a_la_periode, date_courte, date_longue, intervalle, nombre, periode, quantite
from publish.charte.formats import unite as unit_of
from publish.charte.i18n import Lang, texts
from publish.charte.mots import filled, label, text_of, value_text
from publish.comite.revue import Aim, Review
from schemas.contract import contract_names, load_contract

# What the differences call the contracts of the tables.
CONTRACTS = "schemas"
# How far an action is, furthest first.
PROGRESS = ("realisee", "partiellement_realisee", "engagee", "non_engagee", "abandonnee")
# Names of places by (level, code), of indicators by code, in one language.
Places = Mapping[tuple[str, str], str]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """A key figure in words, and what it counts."""

    value: str
    words: str


def capital(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


# ── In brief ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def facts(found: Review, lang: Lang) -> list[Fact]:
    """The key figures of a review, those alone that it has."""
    t, mine = texts(lang), found.decisions[found.decisions["derniere"]] if len(found.decisions) else found.decisions
    met = sum(aim.verdict == "atteint" for aim in found.aims)
    pairs = [
        ("objectifs", met, len(found.aims)),
        ("actions", int((found.actions["statut"] == "realisee").sum()), len(found.actions)),
        ("couverture", int(found.returns["recues"].sum()), int(found.returns["attendues"].sum())),
        ("decisions", int((mine["statut"] == "faite").sum()) if len(mine) else 0, len(mine)),
    ]
    told = [Fact(_of(t.lang, n, total), t(f"comite.fait.{name}")) for name, n, total in pairs if total]
    flagged = Fact(_of(lang, len(found.shortlist), found.compared), t("comite.fait.surveiller"))
    watched = [flagged] if found.last and found.compared else []
    revised = nombre(int(found.revised["valeurs"].sum()), lang)
    return [*told, *watched, *([Fact(revised, t("comite.fait.valeurs"))] if found.before else [])]


def _of(lang: Lang, number: int, total: int) -> str:
    words = texts(lang)("comite.fait.sur", n=nombre(number, lang), total=nombre(total, lang))
    return words.replace(" ", NBSP)


def findings(found: Review, lang: Lang) -> list[str]:
    """A review in six statements, in the order of its chapters."""
    return [
        _targets(found, lang),
        _watched(found, lang),
        *([_actions(found, lang)] if len(found.actions) else []),
        _decided(found, lang),
        _changed(found, lang),
        _received(found, lang),
    ]


def _targets(found: Review, lang: Lang) -> str:
    counts = {name: sum(aim.verdict == name for aim in found.aims) for name in ("atteint", "non_atteint", "indecis")}
    return texts(lang)("comite.constat.objectifs", total=len(found.aims), **counts)


def _watched(found: Review, lang: Lang) -> str:
    t = texts(lang)
    if not found.last:
        return t("comite.constat.surveiller.ailleurs")
    if not found.compared:
        return t("comite.constat.surveiller.sans")
    return t("comite.constat.surveiller", nombre=len(found.shortlist), total=found.compared)


def nothing_flagged(found: Review, lang: Lang) -> str:
    """What is said where nothing is worse and worsening: of how many comparisons, or that none can be made."""
    key = "comite.surveiller.aucun" if found.compared else "comite.surveiller.sans"
    return texts(lang)(key, total=nombre(found.compared, lang))


def _actions(found: Review, lang: Lang) -> str:
    done, late = (found.actions["statut"] == "realisee").sum(), found.actions["retard"].sum()
    when = a_la_periode(found.quarter, lang)
    return texts(lang)("comite.constat.actions", realisees=done, total=len(found.actions), retard=late, quand=when)


def _decided(found: Review, lang: Lang) -> str:
    t, rows = texts(lang), found.decisions
    if rows.empty:
        return t("comite.constat.decisions.aucune")
    mine = rows[rows["derniere"]]
    day = date_longue(pd.Timestamp(mine["revue"].iloc[0]).date(), lang)
    done = (mine["statut"] == "faite").sum()
    return t("comite.constat.decisions", date=day, faites=done, total=len(mine), retard=rows["retard"].sum())


def _changed(found: Review, lang: Lang) -> str:
    t, rows = texts(lang), found.revised
    if not found.before:
        return t("comite.constat.changements.premiere")
    values = nombre(int(rows["valeurs"].sum()), lang)
    counts = {"valeurs": values, "indicateurs": rows["indicateur"].nunique(), "erreurs": len(found.errors)}
    return t("comite.constat.changements", avant=found.before, **counts)


def _received(found: Review, lang: Lang) -> str:
    received, expected = int(found.returns["recues"].sum()), int(found.returns["attendues"].sum())
    share = quantite(100 * received / expected, "%", lang, 0) if expected else "\u2013"
    counts = {"recues": nombre(received, lang), "attendues": nombre(expected, lang), "part": share}
    return texts(lang)("comite.constat.couverture", **counts)


# ── Lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def verdict_text(aim: Aim, lang: Lang) -> str:
    """« atteint (simulé) »: the verdict, and that the series which says so is simulated."""
    t = texts(lang)
    word = t(f"objectifs.verdict.{aim.verdict}")
    simulated = aim.standing is not None and aim.standing.last["origine"] == "simule" and aim.verdict != "indecis"
    return t("objectifs.verdict.simule", mot=word) if simulated else word


def last_value(aim: Aim, lang: Lang) -> str:
    """« 24 lits (septembre 2026) », a dash without a series."""
    if aim.standing is None:
        return "\u2013"
    last = aim.standing.last
    words = {"valeur": value_text(last, lang), "quand": periode(str(last["periode"]), lang)}
    return texts(lang)("comite.objectifs.valeur", **words)


def watched_line(row: pd.Series, places: Places, names: Names, lang: Lang) -> tuple[str, ...]:
    """Indicator, place, quarter, value, interval, benchmark, trend: a row of dataset ``comparaisons``."""
    unit = unit_of(str(row["unite"]), lang)
    around = (str(row["reference_niveau"]), str(row["reference_code"]))
    reference = texts(lang)(
        "comite.surveiller.reference",
        lieu=places.get(around, around[1]),
        valeur=quantite(float(row["reference_valeur"]), unit, lang),
    )
    return (
        names.get(str(row["indicateur"]), str(row["indicateur"])),
        place_of(row, places),
        periode(str(row["periode"]), lang),
        quantite(float(row["valeur"]), unit, lang),
        intervalle(float(row["borne_basse"]), float(row["borne_haute"]), lang, unit),
        reference,
        label("formulation", str(row["formulation"]), lang),
    )


def place_of(row: pd.Series, places: Places) -> str:
    """Name of the territory of a row, its code where the release does not have it."""
    place = (str(row["territoire_niveau"]), str(row["territoire_code"]))
    return places.get(place, place[1])


def actions_summary(found: Review, lang: Lang) -> str:
    """How many actions in each status, how many past their due date, how many changed status."""
    t, rows = texts(lang), found.actions
    counts = rows["statut"].value_counts()
    listed = [f"{label('statut_action', code, lang)} ({counts[code]})" for code in PROGRESS if code in counts]
    changed = int((rows["avant"].notna() & (rows["avant"] != rows["statut"])).sum())
    when = capital(a_la_periode(found.quarter, lang))
    numbers = {"retard": int(rows["retard"].sum()), "total": len(rows), "changees": changed}
    return t("comite.actions.resume", quand=when, liste=", ".join(listed), **numbers)


def crossed(found: Review, lang: Lang) -> list[tuple[str, ...]]:
    """Axis by axis, how many actions in each status."""
    table = pd.crosstab(found.actions["axe"], found.actions["statut"]).reindex(columns=list(PROGRESS), fill_value=0)
    return [(axis_text(str(axe), lang), *(nombre(int(count), lang) for count in row)) for axe, row in table.iterrows()]


def axis_text(code: str, lang: Lang) -> str:
    """« 2. hébergement et espaces de repos »."""
    return f"{code.removeprefix('axe_')}. {label('axe_plan', code, lang)}"


def action_line(row: pd.Series, lang: Lang) -> tuple[str, ...]:
    """Action, status, status before if it changed, progress, due date, lead."""
    t = texts(lang)
    before = "" if pd.isna(row["avant"]) else label("statut_action", str(row["avant"]), lang)
    progress = row["avancement_pourcent"]
    return (
        f"{row['action_id']} \u2013 {row['intitule']}",
        label("statut_action", str(row["statut"]), lang),
        t("comite.actions.inchange") if row["avant"] == row["statut"] else before,
        t("statut.non_rapporte.court") if pd.isna(progress) else quantite(float(progress), "%", lang, 0),
        _due(row, lang, late=t("comite.actions.retard")),
        label("partenaire", str(row["pilote"]), lang),
    )


def _due(row: pd.Series, lang: Lang, *, late: str) -> str:
    if pd.isna(row["echeance"]):
        return texts(lang)("comite.actions.sans_echeance")
    date = date_courte(pd.Timestamp(row["echeance"]).date(), lang)
    return f"{date} \u2013 {late}" if bool(row["retard"]) else date


def decision_line(row: pd.Series, lang: Lang) -> tuple[str, ...]:
    """Decision with its note, institution in charge, due date, status and its date."""
    t = texts(lang)
    words, note = text_of(row, "decision", lang), text_of(row, "note", lang)
    day = date_courte(pd.Timestamp(row["statut_le"]).date(), lang)
    return (
        f"{words} {note}".strip(),
        label("partenaire", str(row["responsable"]), lang),
        _due(row, lang, late=t("comite.decisions.retard")),
        t("comite.decisions.statut", statut=label("statut_decision", str(row["statut"]), lang), date=day),
    )


def held_on(found: Review, lang: Lang) -> str:
    """The title of the decisions of the last review: when it was held, about which quarter."""
    row = found.decisions[found.decisions["derniere"]].iloc[0]
    day = date_longue(pd.Timestamp(row["revue"]).date(), lang)
    return texts(lang)("comite.decisions.derniere", date=day, trimestre=periode(str(row["trimestre"]), lang))


def changes_summary(found: Review, lang: Lang) -> str:
    """Rows changed by cause; or that there is nothing to compare with."""
    t = texts(lang)
    if not found.before:
        return t("comite.changements.premiere")
    rows = found.changes.assign(lignes=found.changes[["ajouts", "modifications", "retraits"]].sum(axis=1))
    sums = rows.groupby("cause")["lignes"].sum().sort_values(ascending=False, kind="stable")
    told = [f"{label('cause_difference', str(cause), lang)} ({nombre(int(n), lang)})" for cause, n in sums.items()]
    return t("comite.changements.resume", avant=found.before, liste=", ".join(told))


def change_line(row: pd.Series, table: str, lang: Lang) -> tuple[str, ...]:
    """Table by its title, cause, rows added, changed, removed."""
    name = texts(lang)("comite.changements.schemas") if row["jeu"] == CONTRACTS else table
    counts = (nombre(int(row[name]), lang) for name in ("ajouts", "modifications", "retraits"))
    return name, label("cause_difference", str(row["cause"]), lang), *counts


def revised_line(row: pd.Series, names: Names, lang: Lang) -> tuple[str, ...]:
    """Indicator, why, values changed, how its youngest figures are usually revised."""
    t = texts(lang)
    usual = t("comite.revisions.inconnue")
    if pd.notna(row["ecart_relatif"]):
        size = quantite(100 * float(row["ecart_relatif"]), "%", lang, 1)
        counts = {name: nombre(int(row[name]), lang) for name in ("revisees", "comparaisons")}
        usual = t("comite.revisions.habituelle", ecart=size, **counts)
    name = names.get(str(row["indicateur"]), str(row["indicateur"]))
    return name, label("cause_difference", str(row["cause"]), lang), nombre(int(row["valeurs"]), lang), usual


def error_text(row: pd.Series, lang: Lang) -> str:
    """What was wrong, and what was done."""
    return f"{row['id']} \u2013 {text_of(row, 'constat', lang)} {text_of(row, 'remede', lang)}".strip()


def returns_line(row: pd.Series, lang: Lang) -> tuple[str, ...]:
    """Feed, period, returns received, expected, share, reporters of whom one at least is missing."""
    first, last = (periode(str(row[name]), lang) for name in ("premiere", "derniere"))
    received, expected = int(row["recues"]), int(row["attendues"])
    return (
        feed_title(str(row["flux"]), lang),
        first if first == last else f"{first} \u2013 {last}",
        nombre(received, lang),
        nombre(expected, lang),
        quantite(100 * received / expected, "%", lang, 0) if expected else "\u2013",
        nombre(int(row["incomplets"]), lang),
    )


def feed_title(code: str, lang: Lang) -> str:
    """A feed as readers know it; its code where it has no contract."""
    return load_contract(code).title[lang] if code in contract_names("feeds") else code


def linked(row: pd.Series) -> str:
    """The indicator a decision aims at, empty where there is none."""
    return str(row["indicateur"]) if filled(row["indicateur"]) else ""
