"""Words agree with their numbers: « 1 action », « 2 actions », in both languages and in every catalogue."""

from __future__ import annotations

import re

import pytest

from dashboard.i18n import catalogue
from publish.charte.i18n import LANGUAGES, Lang, Texts
from publish.site.page import texts as site_texts

AGREES = re.compile(r"{\w+:[^{}|]*\|[^{}|]*}")
NUMBERS = (
    *("n", "nombre", "total", "jours", "lignes", "trouves", "recues", "attendues", "secrets", "secretes", "services"),
    *("points", "effectif", "territoires", "publiees", "declarants"),
)
# A number, then a word in the plural that does not agree with it.
FIXED = re.compile(rf"{{(?:{'|'.join(NUMBERS)})}} (?!sans |sous |dans )[a-zé]+s\b")
# Columns of a table, rules of a contract, criteria: always more than one.
SEVERAL = ("controle.aucun", "contrat.regles", "contrat.voir", "couverture.coupe", "jeu.colonnes.legende")


@pytest.mark.parametrize(
    ("lang", "number", "said"),
    [
        ("fr", 0, "0 lit est secret"),
        ("fr", "1", "1 lit est secret"),
        ("fr", "1,5", "1,5 lit est secret"),
        ("fr", 2, "2 lits sont secrets"),
        ("fr", "1\u202f000", "1\u202f000 lits sont secrets"),
        ("en", "1", "1 lit est secret"),
        ("en", 0, "0 lits sont secrets"),
        ("en", "1.5", "1.5 lits sont secrets"),
    ],
)
def test_a_word_agrees_with_its_number_as_the_language_wants(lang: Lang, number: object, said: str) -> None:
    t = Texts(lang, {"lits": "{n} {n:lit est secret|lits sont secrets}"})
    assert t("lits", n=number) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_that_counts_can_be_filled_for_one_and_for_many(lang: Lang) -> None:
    texts = Texts(lang, {**catalogue(lang), **site_texts(lang).entries})
    counting = [key for key, text in texts.entries.items() if AGREES.search(text)]
    assert len(counting) > 40
    for key in counting:
        names = re.findall(r"{(\w+)", texts.entries[key])
        assert texts(key, **dict.fromkeys(names, 1)) != texts(key, **dict.fromkeys(names, 2)).replace("2", "1"), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_has_a_plural_that_ignores_its_number(lang: Lang) -> None:
    texts = {**catalogue(lang), **site_texts(lang).entries}
    assert [(key, text) for key, text in texts.items() if FIXED.search(text) and key not in SEVERAL] == []
