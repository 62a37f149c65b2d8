"""Rows in words, the same on the dashboard and on the static site: labels, figures, places in a source, trends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from publish.charte.formats import est_connu, intervalle, nombre, periode, quantite, unite
from publish.charte.i18n import Lang, texts
from schemas.contract import code_list

STATUSES = tuple(item["value"] for item in code_list("statut"))
GIVEN = ("valeur", "zero")
# A row of observations, of a frame or by itself.
Row = pd.Series | Mapping[str, Any]
GOVERNED = ("environ", "pres_de", "plus_de", "moins_de", "au_moins", "au_plus")
# The list of figures gathered before the transcription, each with the document it comes from.
GATHERED = "published-figures.csv"
_FILE = re.compile(r"(\d{3})_[0-9a-f]+\.txt")
_LINE = re.compile(r"L(\d+)(?:-(\d+))?(?::\d+)?")


def label(codes: str, value: str, lang: Lang) -> str:
    """The label of a coded value; the code itself where the list does not have it."""
    for item in code_list(codes):
        if item["value"] == value:
            return item["label_en"] if lang == "en" else item["label"]
    return value


def filled(value: Any) -> bool:
    """Whether a cell of text holds some."""
    return isinstance(value, str) and value != ""


def text_of(row: Any, column: str, lang: Lang) -> str:
    """A bilingual column in the language, empty where there is nothing."""
    names = (f"{column}_en", column) if lang == "en" else (column,)
    return next((str(row[name]) for name in names if name in row and filled(row[name])), "")


def figure_value(row: Any, lang: Lang) -> str:
    """The value with its precision word, its unit and its range; what is said where there is no number."""
    if not est_connu(row["valeur"]):
        return _range(row, lang) or label("precision_valeur", str(row["precision"]), lang)
    word = f"{label('precision_valeur', row['precision'], lang)} " if row["precision"] in GOVERNED else ""
    limits = (
        f" [{nombre(row['borne_basse'], lang)}\u2013{nombre(row['borne_haute'], lang)}]" if _range(row, lang) else ""
    )
    return f"{word}{quantite(float(row['valeur']), unite(row['unite'], lang), lang)}{limits}"


def _range(row: Any, lang: Lang) -> str:
    low, high = row["borne_basse"], row["borne_haute"]
    return intervalle(float(low), float(high), lang) if est_connu(low) and est_connu(high) else ""


def period_text(period: str, lang: Lang) -> str:
    """A period or a span of two, in words."""
    return "\u2013".join(periode(part, lang) for part in period.split("/"))


def place_words(row: Any, lang: Lang) -> str:
    """« fichier transcrit 001…, ligne 9 »; of a list of figures already gathered, its entry."""
    t, file = texts(lang), str(row["source_fichier"])
    locator = row["source_lieu"] if isinstance(row["source_lieu"], str) else ""
    if file == GATHERED:
        return t("provenance.releve", entree=locator)
    known = _FILE.fullmatch(file)
    name = t("provenance.fichier", nom=f"{known[1]}…" if known else file)
    line = _LINE.fullmatch(locator)
    if line and line[2]:
        return t("provenance.lignes", fichier=name, debut=line[1], fin=line[2])
    if line:
        return t("provenance.ligne", fichier=name, ligne=line[1])
    return f"{name}, {locator}" if locator else name


def trend_sentence(row: pd.Series | dict[str, Any] | None, lang: Lang) -> str:
    """Direction in the light of the polarity, slope with its interval, quarters used; or why it cannot be told.

    None is a quarterly series that the release does not test.
    """
    t = texts(lang)
    if row is None:
        return t("tendance.hors_champ")
    used = int(row["trimestres_utilises"])
    if row["direction"] == "indeterminee":
        reason = label("raison_indeterminee", str(row["raison"]), lang)
        return t("tendance.indeterminee", raison=reason, n=used)
    unit = f"tendance.unite.{row['pente_unite']}"
    low, high = (signed(float(row[name]), lang) for name in ("pente_basse", "pente_haute"))
    facts: dict[str, Any] = {
        "pente": t(unit, valeur=signed(float(row["pente"]), lang)),
        "intervalle": t("tendance.intervalle", bas=low, haut=t(unit, valeur=high)),
        "n": used,
    }
    if row["direction"] == "sans_tendance_demontree":
        return t("tendance.non_demontree", **facts)
    return t("tendance.dite", mots=label("formulation", str(row["formulation"]), lang), **facts)


def signed(value: float, lang: Lang) -> str:
    """A change with its sign and one decimal: « +46,3 »; no sign for what rounds to zero."""
    written = nombre(value, lang, 1)
    return f"+{written}" if value > 0 and written != nombre(0, lang, 1) else written


def value_text(row: Row, lang: Lang, *, unit: bool = True) -> str:
    """The value of an observation in words."""
    if row["statut"] not in GIVEN or not est_connu(row["valeur"]):
        return texts(lang)(f"statut.{row['statut']}.court")
    value = float(row["valeur"])
    return quantite(value, unite(row["unite"], lang), lang) if unit else nombre(value, lang)
