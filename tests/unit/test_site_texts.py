"""The words of the static site: the same keys in both languages, none missing, none unused, French typography."""

from __future__ import annotations

import re

import pytest

from publish.charte.i18n import LANGUAGES, read
from publish.site.page import texts
from publish.site.source import FOLDER
from publish.site.typographie import french
from schemas.contract import KINDS, contract_names, load_contract

OWN = {lang: read(FOLDER / "i18n", lang) for lang in LANGUAGES}
SOURCES = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.html")]
# A key is written whole, or begins with what an f-string or « ~ » completes.
WHOLE = re.compile(r"""\bt\(\s*["']([a-z_]+\.[\w. ]+)["']""")
ENDED = re.compile(r"""\bt\(f["']{\w+}(\.[\w.]+)["']""")
BEGUN = re.compile(r"""\bt\(\s*f?["']([a-z_]+\.(?:[\w.]*\.)?)["{]""")


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def test_both_languages_have_the_same_texts_and_the_same_names_in_them() -> None:
    assert set(OWN["fr"]) == set(OWN["en"]) != set()
    for key, text in OWN["fr"].items():
        assert sorted(re.findall(r"{(\w+)}", text)) == sorted(re.findall(r"{(\w+)}", OWN["en"][key])), key


def test_every_key_that_the_code_and_the_templates_name_exists() -> None:
    named = set(WHOLE.findall(sources()))
    assert len(named) > 150
    assert named - set(texts("fr").entries) == set()


def test_every_text_is_used() -> None:
    written = sources().replace("'", '"')
    begun, ended = tuple(BEGUN.findall(written)), tuple(ENDED.findall(written))
    unused = [key for key in OWN["fr"] if not (f'"{key}"' in written or key.startswith(begun) or key.endswith(ended))]
    assert unused == []


def test_every_type_of_column_has_its_word() -> None:
    types = {
        field.type for kind in KINDS for name in contract_names(kind) for field in load_contract(name, kind=kind).fields
    }
    assert len(types) > 4
    assert {f"type.{name}" for name in types} <= set(OWN["fr"])


def test_french_typography() -> None:
    wrong = re.compile(r"(?<=\S) [:;!?%»]|« |'|(?<=[a-zé])[;!?](?!\w)")
    assert [text for text in OWN["fr"].values() if wrong.search(text)] == []


def test_english_keeps_no_french_spacing() -> None:
    wrong = re.compile("[\u00a0\u202f ][:;!?]|[0-9][\u00a0\u202f ]%|«")
    assert [text for text in OWN["en"].values() if wrong.search(text)] == []


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts("en")("rien.du.tout")


def test_marks_stay_with_their_words_on_french_pages() -> None:
    assert french("<p>Un : deux ; « trois » 4 %.</p>") == "<p>Un\u00a0: deux\u202f; «\u00a0trois\u00a0» 4\u00a0%.</p>"


def test_code_attributes_and_what_is_printed_are_left_as_they_are() -> None:
    page = '<a title="x : y" href="a ; b"><code>n : d</code> <q lang="fr">12 % :</q></a><script>{"a" : 1}</script>'
    assert french(page) == page
