"""The translation catalogue of the dashboard: the words it shares with the static site, then its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from publish.charte import i18n
from publish.charte.i18n import Lang, Texts

FOLDER = Path(__file__).resolve().parent


@cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """All texts in a language, by key."""
    return {**i18n.read(i18n.FOLDER, lang), **i18n.read(FOLDER, lang)}


@cache
def texts(lang: Lang) -> Texts:
    """The catalogue in a language."""
    return Texts(lang, catalogue(lang))
