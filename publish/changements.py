"""What a release says that it changed, counted and in a sentence: the same words on the site and in the feeds."""

from __future__ import annotations

import pandas as pd

from publish.charte.formats import COLON, SEMICOLON, nombre
from publish.charte.i18n import Lang, texts
from publish.charte.mots import label
from publish.reader import Release

CHANGES = """
    select jeu, cause, nature, count(distinct cle) as lignes, count(*) filter (champ = 'valeur') as valeurs
    from differences
    group by jeu, cause, nature
    order by jeu, cause, nature
"""
COLUMNS = ("jeu", "cause", "nature", "lignes", "valeurs")
# Causes in the order of what a reader must know first, natures in that of the sentence.
CAUSES = (
    "definition",
    "correction",
    "non_declaree",
    "revision",
    "protection",
    "nouvelle_donnee",
    "registre",
    "recalcul",
)
NATURES = ("ajout", "retrait", "modification")


def changes(release: Release) -> pd.DataFrame:
    """Rows changed since the previous release, by dataset, cause and nature; empty where none is told."""
    return release.query(CHANGES) if "differences" in release.tables else pd.DataFrame(columns=list(COLUMNS))


def cause_words(counts: pd.DataFrame, cause: str, lang: Lang) -> str:
    """« révision : 12 lignes modifiées (dont 3 dans leur valeur) », for one cause of ``changes``."""
    mine = counts[counts["cause"] == cause]
    parts = [_nature_words(mine[mine["nature"] == nature], nature, lang) for nature in NATURES]
    return label("cause_difference", cause, lang) + COLON[lang] + ", ".join(part for part in parts if part)


def words(counts: pd.DataFrame, lang: Lang) -> str:
    """All that changed, in one sentence; says so where nothing did."""
    told = [cause_words(counts, cause, lang) for cause in CAUSES if (counts["cause"] == cause).any()]
    return SEMICOLON[lang].join(told) or texts(lang)("versions.rien")


def _nature_words(counts: pd.DataFrame, nature: str, lang: Lang) -> str:
    rows, values, t = int(counts["lignes"].sum()), int(counts["valeurs"].sum()), texts(lang)
    if not rows:
        return ""
    said = t(f"versions.nature.{nature}", nombre=nombre(rows, lang))
    return said + (t("versions.nature.valeurs", nombre=nombre(values, lang)) if values else "")
