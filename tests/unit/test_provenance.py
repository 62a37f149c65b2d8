"""Sources are told by who published what and when; the file and the line come last, in words, exact on hover."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from fixtures_release import published as figures
from fixtures_release import write_releases

from dashboard.app import create_app
from dashboard.components.chiffre import source_text
from dashboard.components.provenance import place
from dashboard.components.statique import to_html
from publish.charte.mots import place_words

FILE = "001_242f7c153cc96347.txt"


def source(locator: str, file: str = FILE) -> pd.Series:
    return pd.Series({"source_fichier": file, "source_lieu": locator})


@pytest.mark.parametrize(
    ("locator", "french", "english"),
    [
        ("L9:80", "fichier transcrit 001…, ligne 9", "transcribed file 001…, line 9"),
        ("L949-950:98", "fichier transcrit 001…, lignes 949 à 950", "transcribed file 001…, lines 949 to 950"),
        ("", "fichier transcrit 001…", "transcribed file 001…"),
        ("PF005", "fichier transcrit 001…, PF005", "transcribed file 001…, PF005"),
    ],
)
def test_a_locator_is_said_in_words(locator: str, french: str, english: str) -> None:
    assert place_words(source(locator), "fr") == french
    assert place_words(source(locator), "en") == english


def test_the_list_of_gathered_figures_is_named_as_such() -> None:
    row = source("PF005", "published-figures.csv")
    assert place_words(row, "fr") == "liste de chiffres relevés, entrée PF005"
    assert place_words(row, "en") == "list of gathered figures, entry PF005"


def test_the_exact_locator_is_kept_on_hover_and_never_shown() -> None:
    written = to_html(place(source("L9:80"), "fr"))
    assert f'title="{FILE}, L9:80"' in written
    assert ">fichier transcrit 001…, ligne 9<" in written


def test_a_published_figure_gives_publisher_title_and_date_before_its_place() -> None:
    row = figures().iloc[0].copy()
    row["source_fichier"], row["source_lieu"], row["publie_le"] = FILE, "L9:80", "2023-07-19"
    written = to_html(source_text(row, "en")).replace("\u00a0", " ")
    assert "ARS Île-de-France, Fiche 2.20</span>, 19 July 2023 (" in written
    assert written.index("Fiche 2.20") < written.index("transcribed file")
    row["publie_le"] = ""
    assert "Fiche 2.20</span> (" in to_html(source_text(row, "en"))


def test_rows_without_a_title_borrow_that_of_the_figures_of_their_file(tmp_path: Path) -> None:
    one = figures().head(1).assign(source_fichier=FILE, source_lieu="L1:1", titre="Fiche témoin", publie_le="2023")
    client = create_app(write_releases(tmp_path, instead={"chiffres_publies": one})).server.test_client()
    for address in ("/fr/hopital", "/fr/objectifs"):
        text = client.get(address).get_data(as_text=True)
        assert "Fiche témoin" in text
        assert "fichier transcrit 001…, ligne " in text
        assert f">{FILE}" not in text
