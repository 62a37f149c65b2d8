"""French and English: catalogues of texts with the same keys in both languages.

A catalogue is a folder of ``*.fr.json`` and ``*.en.json`` files. Those of this folder are the words that the dashboard
and the static site share; each adds its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Lang = Literal["fr", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
FOLDER = Path(__file__).resolve().parent
# « {n} {n:lit|lits} »: the words for one and for several, of which the number asks for one.
_AGREES = re.compile(r"{(\w+):([^{}|]*)\|([^{}|]*)}")
# Numbers that take the singular, as they are written.
_ONE: Mapping[Lang, re.Pattern[str]] = {"fr": re.compile(r"[01](,\d+)?"), "en": re.compile("1")}


@dataclass(frozen=True)
class Texts:
    """Texts in one language: ``texts("fr")("nav.scenes")``."""

    lang: Lang
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key, its ``{names}`` filled in. Raises KeyError for a key that is not in the catalogue.

        ``{n:lit|lits}`` is the word that goes with the number ``n``, which may already be written.
        """
        text = self.entries[key]
        return _AGREES.sub(lambda found: self._agreeing(found, values), text).format(**values) if values else text

    def _agreeing(self, found: re.Match[str], values: Mapping[str, Any]) -> str:
        name, one, several = found.groups()
        return one if _ONE[self.lang].fullmatch(str(values[name])) else several

    def __contains__(self, key: str) -> bool:
        return key in self.entries


@cache
def read(folder: Path, lang: Lang) -> Mapping[str, str]:
    """All texts of a folder in a language, by key."""
    files = sorted(folder.glob(f"*{lang}.json"))
    return {key: text for path in files for key, text in json.loads(path.read_text(encoding="utf-8")).items()}


@cache
def texts(lang: Lang) -> Texts:
    """The shared catalogue in a language."""
    return Texts(lang, read(FOLDER, lang))
