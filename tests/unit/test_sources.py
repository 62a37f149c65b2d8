"""The documents confirm the transcribed tables, or the report says which row, where, and what to do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl.figures_in_print import PrintedDate, dates_in, numbers_in
from etl.sources import RUN, TABLES, SourcesReport, check_sources, stands
from schemas.errors import ContractBroken, UsageError

NAME = "900_00000000000000ff.txt"
TEXT = (
    "Rapport inventé pour les essais\n"
    "On compte 1 200 personnes reçues et 12 800 (12 00 – 14 000) passages,\n"
    "soit un tiers des cent visites\n"
    "ouvertes depuis le 18 novembre 2019, dont 51/68 (75%) et ND ailleurs.\n"
    "Cette phrase compte assez de mots pour être un passage repris tel quel.\n"
)
PUBLISHED = (
    "id,theme,what,territory_code,territory,period,value,lower,upper,unit,as_of,publisher,title,url,note\n"
    "PF001,usagers,usagers,FR,France,2008,,8500,11400,personnes,2013,VIH,T,https://example.org/99,\n"
)
COMMON = ["source_fichier", "source_lieu", "tel_qu_imprime", "anomalie"]
EXTRA = {
    "chiffres_publies": ["mesure", "titre", "unite"],
    "consultations_cocaine": ["unite"],
    "objectifs": ["unite"],
}

Row = dict[str, str]


def _row(place: str, printed: str, **more: str) -> Row:
    return {"source_fichier": NAME, "source_lieu": place, "tel_qu_imprime": printed} | more


def _tables() -> dict[str, list[Row]]:
    published = {"source_fichier": "published-figures.csv", "source_lieu": "PF001", "tel_qu_imprime": "8500 11400"}
    return {
        "chiffres_publies": [
            _row("L2:11", "1 200", id="SC0001", valeur="1200", unite="personnes"),
            _row(
                "L2:37",
                "12 800 (12 00 – 14 000)",
                id="SC0002",
                valeur="12800",
                borne_basse="12000",
                anomalie="coquille",
            ),
            _row("L3", "un tiers", id="SC0003", valeur="33.3", unite="pourcent"),
            {**published, "id": "PF001", "borne_basse": "8500", "borne_haute": "11400"},
        ],
        "consultations_cocaine": [
            _row("L4:43", "51/68 (75%)", service_id="s", mesure="hommes", valeur="75", effectif="51", base="68"),
            _row("L4", "ND", service_id="s", mesure="fumeurs", valeur="ND"),
        ],
        "objectifs": [_row("L3-4", "cent visites ouvertes", id="o")],
        "services": [_row("L1:1", "Rapport", service_id="s")],
        "evenements": [_row("L4:20", "18 novembre 2019", id="EV001", date_debut="2019-11-18")],
        "journees_aipauc": [_row("L4:20", "18 novembre", id="AIPAUC1", date="2023-11-18")],
    }


def _write(folder: Path, tables: dict[str, list[Row]]) -> None:
    for spec in TABLES:
        columns = list(dict.fromkeys([*spec.key, *spec.numbers, *spec.dates, *COMMON, *EXTRA.get(spec.table, ())]))
        with (folder / f"{spec.table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({"unite": "personnes", **row} if "unite" in columns else row for row in tables[spec.table])


Check = Callable[..., SourcesReport]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check the small tables, one of them changed, against the small documents, changed or not."""
    sources, reference = tmp_path / "sources", tmp_path / "reference"
    sources.mkdir()
    reference.mkdir()

    def run(
        table: str = "", row: int = 0, *, text: str = TEXT, published: str = PUBLISHED, **changes: str
    ) -> SourcesReport:
        tables = _tables()
        if table:
            tables[table][row] |= changes
        _write(reference, tables)
        (sources / NAME).write_bytes(text.encode())
        (sources / "published-figures.csv").write_bytes(published.encode())
        return check_sources(sources, reference)

    return run


def test_documents_that_say_so_confirm_every_row(check: Check) -> None:
    report = check()
    assert report.valid, report.to_text()
    assert report.rows["chiffres_publies"] == 4
    assert report.values == 12
    assert report.documents == (NAME, "published-figures.csv")
    report.raise_if_broken()


@pytest.mark.parametrize(
    ("table", "row", "changes"),
    [
        ("chiffres_publies", 0, {"valeur": "1300"}),
        ("chiffres_publies", 2, {"valeur": "33.5"}),
        ("chiffres_publies", 3, {"borne_haute": "11500"}),
        ("consultations_cocaine", 0, {"base": "69"}),
        ("consultations_cocaine", 0, {"effectif": "52"}),
        ("consultations_cocaine", 1, {"valeur": "NC"}),
        ("evenements", 0, {"date_debut": "2019-11-19"}),
        ("journees_aipauc", 0, {"date": "2023-10-18"}),
    ],
)
def test_a_changed_value_is_found(check: Check, table: str, row: int, changes: Row) -> None:
    (failure,) = check(table, row, **changes).failures
    assert failure.rule == "valeur_differente"
    assert (failure.file, failure.row) == (f"{table}.csv", row + 2)
    (column, value), *_ = changes.items()
    assert f"{column} = {value}" in failure.wanted


@pytest.mark.parametrize("place", ["L1:11", "L2:12", "L2:1", "L3", "L99", "L2-99", "page 2", ""])
def test_a_moved_place_is_found(check: Check, place: str) -> None:
    (failure,) = check("chiffres_publies", 0, source_lieu=place).failures
    assert failure.rule == "texte_introuvable"
    assert "1 200" in failure.wanted
    assert place in failure.where


def test_a_changed_document_is_found(check: Check) -> None:
    assert {failure.key for failure in check(text=TEXT.replace("1 200", "1 250")).failures} == {"SC0001"}
    assert {failure.key for failure in check(text="Une ligne de plus\n" + TEXT).failures} == {
        "SC0001", "SC0002", "SC0003", "s  hommes", "s  fumeurs", "o", "s", "EV001", "AIPAUC1",
    }  # fmt: skip
    assert [failure.key for failure in check(published=PUBLISHED.replace("8500", "8600")).failures] == ["PF001"]


def test_an_absent_document_is_named(check: Check) -> None:
    (failure,) = check("services", 0, source_fichier="901_00000000000000ff.txt").failures
    assert failure.rule == "document_absent"
    assert "901_00000000000000ff.txt" in str(failure)


def test_an_unknown_unit_is_found(check: Check) -> None:
    (failure,) = check("objectifs", 0, unite="pommes").failures
    assert (failure.rule, failure.key) == ("unite_inconnue", "o")


def test_a_misprint_excuses_one_number(check: Check) -> None:
    assert check().valid
    (failure,) = check("chiffres_publies", 1, anomalie="").failures
    assert "borne_basse = 12000" in failure.wanted
    both = check("chiffres_publies", 1, valeur="12900").failures
    assert [failure.rule for failure in both] == ["valeur_differente", "valeur_differente"]


def test_a_copied_passage_is_found_except_in_titles(check: Check) -> None:
    words = TEXT.splitlines()[4].split()
    assert check("chiffres_publies", 0, mesure=" ".join(words[: RUN - 1])).valid
    assert check("chiffres_publies", 0, titre=" ".join(words)).valid
    (failure,) = check("chiffres_publies", 0, mesure="ici " + " ".join(words[1 : RUN + 1])).failures
    assert (failure.rule, failure.row) == ("passage_copie", 2)


def test_the_published_figures_are_found_in_the_sibling_folder(check: Check, tmp_path: Path) -> None:
    check()
    (tmp_path / "domain").mkdir()
    (tmp_path / "sources" / "published-figures.csv").rename(tmp_path / "domain" / "published-figures.csv")
    assert check_sources(tmp_path / "sources", tmp_path / "reference").valid


def test_a_broken_report_says_where_and_exits_with_11(check: Check) -> None:
    report = check("chiffres_publies", 0, valeur="1300")
    with pytest.raises(ContractBroken, match=r"chiffres_publies\.csv, ligne 2 \(SC0001\)") as error:
        report.raise_if_broken()
    assert error.value.exit_code == 11
    assert "1 à reprendre" in report.to_text()


def test_an_absent_folder_or_table_is_a_usage_error(check: Check, tmp_path: Path) -> None:
    check()
    with pytest.raises(UsageError, match="nulle-part"):
        check_sources(tmp_path / "nulle-part", tmp_path / "reference")
    with pytest.raises(UsageError, match=r"chiffres_publies\.csv"):
        check_sources(tmp_path / "sources", tmp_path / "sources")


def test_a_number_is_found_whole() -> None:
    assert stands("4", "L1:5", "x = 4 fois")
    assert stands("0,4 %", "L1", "soit 0,4 %")
    assert not stands("4", "L1:2", "14 fois")
    assert not stands("4", "L1", "0,4 ou 4,5 ou 14 ou 40")
    assert not stands("4", "L1:3", "0,4 fois")
    assert not stands("x 4", "L1:1", "x 45")
    assert not stands("  ", "L1", "vide")


def test_typography_does_not_hide_a_match() -> None:
    assert stands("l'an 1 200 - 1 300", "L1-2", "de l’an 1 200 –\n1 300 et plus")


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("1,5 million", (1_500_000,)),
        ("400 000", (400_000,)),
        ("40 900 – 44 700", (40_900, 44_700)),
        ("51/68 (75%)", (51, 68, 75)),
        ("0,2 %", (0.2,)),
        ("Quatre", (4,)),
        ("une vingtaine", (20,)),
        ("trois quarts", (75,)),
        ("un usager sur dix", (10,)),
        ("une heure, une heure et demie", (1, 1.5)),
        ("part équivalente", ()),
    ],
)
def test_french_numbers_are_read(printed: str, numbers: tuple[float, ...]) -> None:
    assert numbers_in(printed) == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("printed", "dates"),
    [
        ("1er juin 2023", [(2023, 6, 1)]),
        ("22 mai", [(None, 5, 22)]),
        ("Janvier 2010", [(2010, 1, None)]),
        ("2008-2011", [(2008, None, None), (2011, None, None)]),
        ("2022-10-05", [(2022, 10, 5)]),
        ("printemps", []),
    ],
)
def test_french_dates_are_read(printed: str, dates: list[tuple[int | None, int | None, int | None]]) -> None:
    assert list(dates_in(printed)) == [PrintedDate(*parts) for parts in dates]


def test_only_what_is_printed_of_a_date_must_agree() -> None:
    assert PrintedDate(None, 5, 22).agrees(date(2023, 5, 22))
    assert not PrintedDate(2023, 5, None).agrees(date(2023, 6, 22))
