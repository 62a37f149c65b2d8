"""Charts in a few sentences, for those who do not see them and for those in a hurry.

The sentences state facts: the latest value with its interval and unit, the difference from the same period a year
before, how many cells are secret or not reported. None says that a series rises or falls, which takes a test, nor that
something is better, unless the indicator declares which direction is favourable. Frames are those of the figures.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from publish.charte import formats, retours
from publish.charte.i18n import Lang, texts
from publish.charte.lignes import records
from publish.charte.mots import GIVEN
from publish.charte.origines import line_keys

COUNTED = ("zero", "secret", "non_rapporte", "non_applicable")
LEADERS = 3


def _known(row: Any) -> bool:
    return row.statut in GIVEN and pd.notna(row.valeur)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapital(text: str) -> str:
    """A name as it is written within a sentence; an acronym keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _sentences(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)


def _origin(frame: pd.DataFrame, lang: Lang) -> str:
    """That values are simulated, where they are."""
    return _origin_of(set(frame["origine"]) if "origine" in frame else set(), lang)


def _origin_of(origins: set[str], lang: Lang) -> str:
    if "simule" not in origins:
        return ""
    return texts(lang)("resume.simule" if origins == {"simule"} else "resume.simule_en_partie")


def _counts(frame: pd.DataFrame, things: str, lang: Lang, *, values: bool = False) -> str:
    return _statuses(list(frame["statut"]), things, lang, values=values)


def _statuses(statuses: Sequence[str], things: str, lang: Lang, *, values: bool = False) -> str:
    """How many cells have each status; empty where every cell has a value above zero and ``values`` is False."""
    t, number = texts(lang), Counter(statuses)
    found = [statut for statut in (("valeur",) if values else ()) + COUNTED if number.get(statut, 0)]
    if not found:
        return ""
    listed = ", ".join(t(f"resume.compte.{s}", n=formats.nombre(number[s], lang)) for s in found)
    size = formats.nombre(len(statuses), lang)
    return t("resume.comptes", n=size, objets=t(f"resume.{things}", n=size), liste=listed)


def _latest(row: Any, lang: Lang, unit_label: str) -> str:
    """The last period: its value with its interval, or what its status says."""
    t, when = texts(lang), _capital(formats.a_la_periode(row.periode, lang))
    if not _known(row):
        return t("resume.valeur_absente", quand=when, statut=t(f"resume.statut.{row.statut}"))
    value = formats.quantite(row.valeur, unit_label, lang)
    if not _has_interval(row):
        return t("resume.valeur", quand=when, valeur=value)
    limits = formats.intervalle(row.borne_basse, row.borne_haute, lang, unit_label)
    return t("resume.valeur_intervalle", quand=when, valeur=value, intervalle=limits)


def _has_interval(row: Any) -> bool:
    return bool(_known(row) and pd.notna(row.borne_basse) and pd.notna(row.borne_haute))


def _difference(now: float, before: float, lang: Lang, unit_label: str) -> str:
    """The difference in words, in percentage points for a share; what is written is what the rounded values give."""
    t, places = texts(lang), 0 if float(now).is_integer() and float(before).is_integer() else 1
    gap = round(now, places) - round(before, places)
    if round(gap, places) == 0:
        return t("resume.autant")
    size = formats.quantite(abs(gap), t("resume.points") if unit_label == "%" else "", lang, places)
    return t("resume.de_plus" if gap > 0 else "resume.de_moins", n=size)


def _overlap(now: Any, before: Any) -> bool:
    if not (_has_interval(now) and _has_interval(before)):
        return False
    return bool(now.borne_basse <= before.borne_haute and before.borne_basse <= now.borne_haute)


def _year_before(rows: Sequence[Any], now: Any) -> Any | None:
    """The row of the same period a year earlier, by its first day."""
    day = now.periode_debut
    start = (day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return next((row for row in rows if _ymd(row.periode_debut) == start), None)


def _ymd(day: dt.date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _change(rows: Sequence[Any], now: Any, lang: Lang, unit_label: str, polarite: str) -> list[str]:
    """The same period a year before, the difference, and which direction is favourable where one is declared."""
    before, t = _year_before(rows, now), texts(lang)
    if before is None or not _known(now):
        return []
    when = formats.a_la_periode(before.periode, lang)
    if not _known(before):
        return [t("resume.un_an_absent", quand=when, statut=t(f"resume.statut.{before.statut}"))]
    if refused := _not_comparable(now, before, lang):
        return refused
    value = formats.quantite(before.valeur, unit_label, lang)
    gap = _difference(now.valeur, before.valeur, lang, unit_label)
    parts = [t("resume.un_an", quand=when, valeur=value, ecart=gap)]
    parts += [t("resume.recouvrent")] if _overlap(now, before) else []
    return parts + ([t(f"resume.{polarite}")] if polarite != "aucune" else [])


def _coverage(row: Any, lang: Lang) -> list[str]:
    """How many of the expected returns came, where some are missing: a smaller total may be a missing reporter."""
    return _returns(retours.of_row(row), lang)


def _returns(returns: retours.Returns | None, lang: Lang) -> list[str]:
    if returns is None or not returns.missing:
        return []
    return [texts(lang)("retours.phrase", retours=returns.words(lang))]


def _not_comparable(now: Any, before: Any, lang: Lang) -> list[str]:
    """Why two periods are not compared: a return missing from either would read as a fall or as a rise."""
    lacking = (retours.incomplete(now), retours.incomplete(before))
    if not any(lacking):
        return []
    t = texts(lang)
    where = "deux" if all(lacking) else "maintenant" if lacking[0] else "avant"
    when = formats.a_la_periode(before.periode, lang)
    return [t("retours.sans_comparaison", quand=when, ou=t(f"retours.manque.{where}"))]


def _line(frame: pd.DataFrame, lang: Lang, unit_label: str, polarite: str) -> str:
    return _told(records(frame.sort_values("periode_debut", kind="stable")), lang, unit_label, polarite)


def _told(rows: Sequence[Any], lang: Lang, unit_label: str, polarite: str) -> str:
    """One line, its periods in order."""
    t, statuses = texts(lang), [row.statut for row in rows]
    published = [row for row in rows if _known(row)]
    if not published:
        return _sentences([t("resume.aucune"), _statuses(statuses, "periodes", lang)])
    last, parts = rows[-1], [_latest(rows[-1], lang, unit_label)]
    if not _known(last):
        when = formats.a_la_periode(published[-1].periode, lang)
        value = formats.quantite(published[-1].valeur, unit_label, lang)
        parts.append(t("resume.derniere", quand=when, valeur=value))
    elif last.provisoire and not retours.incomplete(last):
        parts.append(t("resume.provisoire"))
    parts += _coverage(last, lang) + _change(rows, last, lang, unit_label, polarite)
    return _sentences([*parts, _statuses(statuses, "periodes", lang)])


def _by_line(frame: pd.DataFrame, lang: Lang, say: Any) -> str:
    """What is said of each line of a chart, under its name if there are several; then the origin, once."""
    groups = [rows for _, rows in frame.groupby(line_keys(frame), sort=False)]
    if len(groups) == 1:
        return _sentences([say(groups[0]), _origin(frame, lang)])
    named = [texts(lang)("resume.serie_nommee", nom=rows["nom"].iloc[0], phrases=say(rows)) for rows in groups]
    return _sentences([*named, _origin(frame, lang)])


def resume_serie(frame: pd.DataFrame, *, lang: Lang, unit_label: str, polarite: str = "aucune") -> str:
    """A series in words, line by line. ``polarite`` is the code of the catalogue of indicators."""
    if frame.empty:
        return texts(lang)("resume.aucune")
    return _by_line(frame, lang, lambda rows: _line(rows, lang, unit_label, polarite))


def resume_ligne(rows: Sequence[Any], *, lang: Lang, unit_label: str, polarite: str = "aucune") -> str:
    """The same of the only line of a chart, given as its rows in order of period."""
    said = _told(rows, lang, unit_label, polarite)
    return _sentences([said, _origin_of({row.origine for row in rows}, lang)])


def _weeks(frame: pd.DataFrame) -> pd.DataFrame:
    """Whole weeks that have a median: first day, ``mediane``, whether a day of it is provisional, or not returned."""
    start = pd.to_datetime(frame["periode_debut"])
    lacking = [retours.incomplete(row) for row in records(frame)]
    rows = frame.assign(semaine=start - pd.to_timedelta(start.dt.day_of_week, unit="D"), manque=lacking)
    weeks = rows.groupby("semaine").agg(
        jours=("periode", "size"),
        mediane=("mediane", "first"),
        provisoire=("provisoire", "any"),
        manque=("manque", "any"),
    )
    return weeks[(weeks["jours"] == 7) & weeks["mediane"].notna()].reset_index()


def _daily_line(frame: pd.DataFrame, lang: Lang, unit_label: str) -> str:
    weeks, t = _weeks(frame), texts(lang)
    if weeks.empty:
        return _sentences([t("resume.aucune"), _counts(frame, "jours", lang)])
    last = records(weeks)[-1]
    value = formats.quantite(last.mediane, unit_label, lang)
    parts = [t("resume.semaine", date=formats.date_longue(last.semaine, lang), valeur=value)]
    parts += [t("resume.provisoire")] if last.provisoire else []
    earlier = weeks[weeks["semaine"] == last.semaine - pd.Timedelta(weeks=52)]
    for before in records(earlier[~earlier["manque"] & (not last.manque)]):
        then = formats.quantite(before.mediane, unit_label, lang)
        gap = _difference(last.mediane, before.mediane, lang, unit_label)
        parts.append(t("resume.semaine_an", date=formats.date_longue(before.semaine, lang), valeur=then, ecart=gap))
    return _sentences([*parts, _counts(frame, "jours", lang)])


def resume_quotidien(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> str:
    """Daily attendance in words: the median of the last whole week, and of the one 52 weeks before."""
    if frame.empty:
        return texts(lang)("resume.aucune")
    return _by_line(frame, lang, lambda rows: _daily_line(rows, lang, unit_label))


def _elements(rows: Sequence[Any], lang: Lang, unit_label: str) -> str:
    t = texts(lang)
    separator = "; " if lang == "en" else f"{formats.NNBSP}; "
    words = [t("resume.element", nom=row.nom, valeur=formats.quantite(row.valeur, unit_label, lang)) for row in rows]
    return separator.join(words)


def _positive(frame: pd.DataFrame) -> list[Any]:
    """Rows with a value above zero, from the highest."""
    rows = [row for row in records(frame) if _known(row) and row.valeur > 0]
    return sorted(rows, key=lambda row: -row.valeur)


def _most(rows: Sequence[Any], lang: Lang, unit_label: str) -> str:
    """The highest values, of those that are published: what is hidden may be higher."""
    t = texts(lang)
    return t("resume.maximum", n=len(rows), liste=_elements(rows, lang, unit_label)) if rows else t("resume.aucune")


def _comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows published with all their returns."""
    whole = [not retours.incomplete(row) for row in records(frame)]
    return frame[frame["statut"].isin(GIVEN) & pd.Series(whole, index=frame.index, dtype=bool)]


def _moves(frame: pd.DataFrame, before: pd.DataFrame, lang: Lang) -> list[str]:
    """In how many territories published on both dates, all returns in, the value is higher, lower, the same."""
    key = ["territoire_niveau", "territoire_code"]
    pairs = _comparable(frame).merge(_comparable(before), on=key, suffixes=("", "_avant"))
    if pairs.empty:
        return []
    gap, t = pairs["valeur"] - pairs["valeur_avant"], texts(lang)
    up, down = int((gap > 0).sum()), int((gap < 0).sum())
    words = {"n": len(pairs), "hausse": up, "baisse": down, "egal": len(pairs) - up - down}
    since = formats.compare_a(str(before["periode"].iloc[0]), lang)
    return [t("resume.mouvement", quand=since, **words)] + ([t("resume.deplacement")] if up and down else [])


def resume_carte(frame: pd.DataFrame, *, lang: Lang, unit_label: str, precedent: pd.DataFrame | None = None) -> str:
    """A map in words: how many territories have what, the highest values, and what moved since ``precedent``."""
    t, leaders = texts(lang), _positive(frame)[:LEADERS]
    counts = _counts(frame, "territoires", lang, values=True)
    top = _most(leaders, lang, unit_label)
    moves = _moves(frame, precedent, lang) if precedent is not None and not precedent.empty else []
    provisional = t("resume.provisoires") if not frame.empty and frame["provisoire"].astype(bool).any() else ""
    missing = _returns(retours.of_frame(frame), lang)
    return _sentences([top, counts, *moves, *(missing or [provisional]), _origin(frame, lang)])


def resume_barres(frame: pd.DataFrame, *, lang: Lang, unit_label: str) -> str:
    """Bars in words: the highest and the lowest value above zero, the returns missing, how many rows have no value."""
    t, rows = texts(lang), _positive(frame)
    least = "resume.minimum_positif" if (frame["statut"] == "zero").any() else "resume.minimum"
    parts = [_most(rows[:1], lang, unit_label)]
    parts += [t(least, liste=_elements(rows[-1:], lang, unit_label))] if len(rows) > 1 else []
    parts += _returns(retours.of_frame(frame), lang)
    return _sentences([*parts, _counts(frame, "lignes", lang), _origin(frame, lang)])


def _step(row: Any, before: Any | None, lang: Lang) -> str:
    t = texts(lang)
    if not _known(row):
        return t("resume.etape", nom=row.nom, valeur=t(f"fig.statut.{row.statut}"))
    value = formats.nombre(row.valeur, lang)
    if before is None or not _known(before) or before.valeur == 0:
        return t("resume.etape", nom=row.nom, valeur=value)
    share = formats.quantite(100 * row.valeur / before.valeur, "%", lang, 0)
    return t("resume.etape_part", nom=row.nom, valeur=value, part=t(f"fig.part.{row.etape}", part=share))


def _steps(frame: pd.DataFrame, lang: Lang) -> str:
    rows = records(frame)
    separator = "; " if lang == "en" else f"{formats.NNBSP}; "
    said = [_step(row, rows[place - 1] if place else None, lang) for place, row in enumerate(rows)]
    said = [words if place == 0 else _uncapital(words) for place, words in enumerate(said)]
    return separator.join(said) + "."


def _target(beds: pd.DataFrame, target: float, lang: Lang) -> str:
    """Where the target of identified beds stands: a fact of arithmetic, not a judgement."""
    t = texts(lang)
    aim = formats.quantite(target, t("fig.unite.lits"), lang)
    found = [row for row in records(beds) if row.etape == "lits_identifies" and _known(row)]
    if not found:
        return t("resume.objectif_inconnu", valeur=aim)
    missing = target - found[0].valeur
    if missing <= 0:
        return t("resume.objectif_atteint", valeur=aim)
    return t("resume.objectif_manque", valeur=aim, manque=formats.nombre(missing, lang))


def resume_entonnoir(beds: pd.DataFrame, days: pd.DataFrame, *, lang: Lang, target: float | None) -> str:
    """The funnel in words: beds, then bed-days, each step with its share of the one before; returns; the target."""
    parts = [_steps(frame, lang) for frame in (beds, days) if not frame.empty]
    if not parts:
        return texts(lang)("resume.aucune")
    parts += _returns(retours.of_frame(pd.concat([beds, days], ignore_index=True)), lang)
    return _sentences([*parts, _target(beds, target, lang) if target is not None else "", _origin(beds, lang)])
