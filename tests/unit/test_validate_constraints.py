"""Every constraint and key: where it holds, where it is broken, and how that is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.validate import Violation
from schemas.errors import ContractBroken
from tests.unit.test_validate_types import report_of

CONSTRAINTS: list[tuple[str, Any, str, list[str], list[str]]] = [
    ("integer", 1, "minimum", ["1", "2"], ["0"]),
    ("integer", 1, "maximum", ["1", "-5"], ["2"]),
    ("integer", 1, "exclusiveMinimum", ["2"], ["1"]),
    ("integer", 1, "exclusiveMaximum", ["0"], ["1"]),
    ("number", 0.5, "minimum", ["0.5", "1e308"], ["0.4"]),
    ("number", 0.5, "maximum", ["0.5", "-1e308"], ["0.6"]),
    ("date", "2026-01-01", "minimum", ["2026-01-01"], ["2025-12-31"]),
    ("datetime", "2026-01-01T00:00:00", "maximum", ["2025-12-31T23:59:59"], ["2026-01-01T00:00:01"]),
    ("time", "12:00:00", "maximum", ["11:00:00"], ["13:00:00"]),
    ("year", 2019, "minimum", ["2019"], ["2018"]),
    ("yearmonth", "2026-02", "exclusiveMaximum", ["2026-01"], ["2026-02"]),
    ("string", 2, "minLength", ["éé"], ["é"]),
    ("string", 2, "maxLength", ["éé"], ["abc"]),
    ("array", 2, "minLength", ["[1, 2]"], ["[1]"]),
    ("object", 1, "maxLength", ['{"a": 1}'], ['{"a": 1, "b": 2}']),
    ("list", 2, "maxLength", ["a,b"], ["a,b,c"]),
    ("string", "[a-z]{2}", "pattern", ["ab"], ["abc", "a", "xAB"]),
    ("string", "a|b", "pattern", ["a", "b"], ["ax", "xb"]),
    ("string", r"(?!x)\w+", "pattern", ["abc"], ["xbc"]),
    ("string", ["a", "b'c"], "enum", ["a", "b'c"], ["b"]),
    ("integer", [1, 2], "enum", ["1", "+2"], ["3"]),
    ("number", [0.5], "enum", ["0.50"], ["0.6"]),
    ("boolean", [True], "enum", ["true"], ["false"]),
    ("date", ["2026-01-01"], "enum", ["2026-01-01"], ["2026-01-02"]),
]


@pytest.mark.parametrize(("kind", "bound", "name", "good", "bad"), CONSTRAINTS)
def test_constraint(tmp_path: Path, kind: str, bound: Any, name: str, good: list[str], bad: list[str]) -> None:
    schema = {"fields": [{"name": "x", "type": kind, "constraints": {name: bound}}, {"name": "n", "type": "any"}]}
    report = report_of(tmp_path, schema, [*([text, "1"] for text in (*good, *bad)), ["", "1"]])
    found = [(error.row, error.field, error.type, error.rule, error.value) for error in report.errors]
    first = 2 + len(good)
    assert found == [(row, "x", "constraint-error", name, text) for row, text in enumerate(bad, start=first)]


def errors_of(folder: Path, schema: dict[str, Any], records: list[list[str]], **options: Any) -> list[tuple[Any, ...]]:
    return [place(error) for error in report_of(folder, schema, records, **options).errors]


def place(error: Violation) -> tuple[int | None, str, str, str]:
    return error.row, error.field, error.type, error.rule


TWO = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]


def test_required(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string", "constraints": {"required": True}}, TWO[1]]
    assert errors_of(tmp_path, {"fields": fields}, [["x", ""], ["", "1"]]) == [(3, "a", "constraint-error", "required")]


def test_categories_with_and_without_labels(tmp_path: Path) -> None:
    fields = [
        {"name": "a", "type": "string", "categories": ["ouvert", "ferme"]},
        {"name": "b", "type": "integer", "categories": [{"value": 1, "label": "un"}], "categoriesOrdered": True},
    ]
    found = errors_of(tmp_path, {"fields": fields}, [["ouvert", "1"], ["clos", "2"], ["", "1"]])
    assert found == [(3, "a", "constraint-error", "categories"), (3, "b", "constraint-error", "categories")]


def test_unique(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string", "constraints": {"unique": True}}, TWO[1]]
    records = [["x", "1"], ["y", "1"], ["x", "1"], ["", "1"], ["", "1"], ["x", "1"]]
    assert errors_of(tmp_path, {"fields": fields}, records) == [
        (4, "a", "unique-error", "unique"),
        (7, "a", "unique-error", "unique"),
    ]


def test_unique_keys_let_absent_parts_be(tmp_path: Path) -> None:
    schema = {"fields": TWO, "uniqueKeys": [["a", "b"]]}
    records = [["x", "1"], ["x", "2"], ["x", ""], ["x", ""], ["x", "01"]]
    assert errors_of(tmp_path, schema, records) == [(6, "", "unique-error", "uniqueKeys")]


def test_primary_key_repeated_or_incomplete(tmp_path: Path) -> None:
    schema = {"fields": TWO, "primaryKey": ["a", "b"]}
    report = report_of(tmp_path, schema, [["x", "1"], ["x", "1"], ["x", ""], ["", ""], ["x", "?"]])
    assert [place(error) for error in report.errors] == [
        (3, "", "primary-key", "primaryKey"),
        (4, "", "primary-key", "primaryKey"),
        (5, "", "blank-row", "blank-row"),
        (6, "b", "type-error", "type"),
    ]
    assert "ligne 2" in report.errors[0].message
    assert "incomplète" in report.errors[1].message


def test_foreign_key_to_a_reference_and_its_demonstration_rows(tmp_path: Path) -> None:
    (tmp_path / "lieux.csv").write_text("code\nx\n", encoding="utf-8")
    (tmp_path / "lieux_demo.csv").write_text("code\ny\n", encoding="utf-8")
    schema = {"fields": TWO, "foreignKeys": [{"fields": "a", "reference": {"resource": "lieux", "fields": "code"}}]}
    (error,) = report_of(tmp_path, schema, [["x", "1"], ["y", "1"], ["z", "1"], ["", "1"]]).errors
    assert place(error) == (4, "", "foreign-key", "foreignKeys")
    assert error.message == (
        "Ligne 4, colonne « a » : « z » est inconnu : absent de la table de référence « lieux », où il est cherché sous"
        " « code » (règle foreignKeys). À faire : corrigez la valeur ou demandez son ajout à cette table."
    )


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("espace-repos-chapele", "espace-repos-chapelle"),
        ("Espace-Repos-Chapelle", "espace-repos-chapelle"),
        ("csapa-75-03", ""),
        ("maraude", ""),
    ],
)
def test_the_one_known_value_close_to_an_unknown_one_is_proposed(tmp_path: Path, value: str, near: str) -> None:
    (tmp_path / "lieux.csv").write_text("code\nespace-repos-chapelle\ncsapa-75-01\ncsapa-75-02\n", encoding="utf-8")
    schema = {"fields": TWO, "foreignKeys": [{"fields": "a", "reference": {"resource": "lieux", "fields": "code"}}]}
    for error in report_of(tmp_path, schema, [[value, "1"], [value, "2"]]).errors:
        assert ("Écrivez-le ainsi" in error.message) is bool(near)
        assert (f"vouliez-vous dire « {near} » ?" in error.message) is bool(near)
        assert (f"did you mean “{near}”?" in error.text["en"]) is bool(near)


def test_foreign_key_to_the_table_itself(tmp_path: Path) -> None:
    fields = [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}]
    schema = {
        "fields": fields,
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    assert errors_of(tmp_path, schema, [["1", ""], ["2", "1"], ["3", "9"]]) == [(4, "", "foreign-key", "foreignKeys")]


def test_foreign_key_to_no_table_is_the_contracts_fault(tmp_path: Path) -> None:
    schema = {"fields": TWO, "foreignKeys": [{"fields": "a", "reference": {"resource": "lieux", "fields": "code"}}]}
    with pytest.raises(ContractBroken, match="lieux"):
        report_of(tmp_path, schema, [["x", "1"]])


def rule(check: str, *fields: str) -> dict[str, Any]:
    return {"name": "ma_regle", "check": check, "fields": list(fields), "title": "titre", "title_en": "title"}


def test_rules_across_columns_rows_and_tables(tmp_path: Path) -> None:
    (tmp_path / "lieux.csv").write_text("code\nx\n", encoding="utf-8")
    checks = [
        "b <= 10",
        "sum(b) OVER () < 100",
        "exists (SELECT 1 FROM lieux AS l WHERE l.code = a)",
        "b <> 7 OR getvariable('aujourdhui') < DATE '2026-01-01'",
    ]
    schema = {"fields": TWO, "rules": [rule(check, "b", "a") for check in checks]}
    found = errors_of(tmp_path, schema, [["x", "11"], ["", "3"], ["w", "7"], ["x", ""]], today=date(2026, 1, 1))
    assert sorted(row for row, *_ in found) == [2, 3, 4, 4]
    assert {kind for *_, kind, _ in found} == {"row-constraint"}
    assert [row for row, *_ in errors_of(tmp_path, schema, [["x", "7"]], today=date(2025, 1, 1))] == []


def test_a_rule_may_look_at_columns_named_as_ours(tmp_path: Path) -> None:
    names = ["wrong", "h0", "v1", "c0", "raw"]
    fields = [{"name": name, "type": "integer"} for name in names]
    schema = {"fields": fields, "primaryKey": "wrong", "rules": [rule("v1 <= h0 and raw > wrong", *names)]}
    assert errors_of(tmp_path, schema, [["1", "3", "2", "", "2"], ["2", "3", "3", "9", "3"]]) == []
    found = errors_of(tmp_path, schema, [["1", "3", "2", "0", "2"], ["2", "2", "3", "9", "3"]])
    assert found == [(3, "wrong", "row-constraint", "ma_regle")]


def test_a_broken_rule_says_everything_to_mend_it(tmp_path: Path) -> None:
    title = "les femmes ne peuvent être plus nombreuses que les personnes"
    fields = [{"name": "femmes", "type": "integer"}, {"name": "personnes", "type": "integer"}]
    parts = {"name": "femmes_max", "check": "femmes <= personnes", "fields": ["femmes", "personnes"], "title": title}
    (error,) = report_of(tmp_path, {"fields": fields, "rules": [parts]}, [["1", "2"], ["31", "30"]]).errors
    assert place(error) == (3, "femmes", "row-constraint", "femmes_max")
    assert error.message == (
        "Ligne 3, colonnes « femmes », « personnes » : femmes = 31, personnes = 30, ce qui ne respecte pas"
        f" « {title} » (règle femmes_max). À faire : corrigez « femmes » ou « personnes »."
    )


def test_a_broken_rule_without_words_says_its_sql_and_shows_what_is_not_seen(tmp_path: Path) -> None:
    check = {"name": "pas_de_a", "check": "a not like\n'x%'", "fields": ["a"]}
    (error,) = report_of(tmp_path, {"fields": TWO, "rules": [check]}, [["x\ny", "1"]]).errors
    assert error.message == (
        "Ligne 2, colonne « a » : a = x⟨retour à la ligne⟩y, ce qui ne respecte pas"
        " « a not like⟨retour à la ligne⟩'x%' » (règle pas_de_a). À faire : corrigez « a »."
    )


HOSTILE = [
    "b > 0) FROM x; DROP TABLE y; --",
    "b > 0; SELECT 1",
    "(b > 0",
    "nulle_part > 0",
    "__ligne > b",
    "__wrong IS NULL",
    "read_text('/etc/hostname') = ''",
]


@pytest.mark.parametrize("check", HOSTILE)
def test_a_rule_is_one_expression_over_what_is_there(tmp_path: Path, check: str) -> None:
    with pytest.raises(ContractBroken):
        report_of(tmp_path, {"fields": TWO, "rules": [rule(check, "b")]}, [["x", "1"]])


NAMES = ['a"b', "a'b", "select", "a; DROP TABLE __cells", "rowid", "raw", "v0", "c0", "é è", "a--b", "{x}", "%s"]


def test_names_and_values_inject_nothing(tmp_path: Path) -> None:
    fields = [
        {"name": name, "type": "string", "constraints": {"enum": ["');--", "x"]}, "missingValues": ["", "');"]}
        for name in NAMES
    ]
    schema = {"name": 'table"; DROP', "fields": fields, "primaryKey": [NAMES[0]], "uniqueKeys": [[NAMES[1]]]}
    records = [["x"] * len(NAMES), ["');--"] * len(NAMES), ["'); DROP TABLE __cells; --"] + [""] * (len(NAMES) - 1)]
    found = errors_of(tmp_path, schema, records)
    assert found == [(4, NAMES[0], "constraint-error", "enum")]


@pytest.mark.parametrize("names", [["a", "A"], ["a", "a__absence"], ["__ligne", "b"], ["__wrong", "b"], ["a", "__V1"]])
def test_names_that_would_collide_in_the_typed_table_are_refused(tmp_path: Path, names: list[str]) -> None:
    missing = ["", {"value": "ND", "label": "non disponible"}]
    fields = [{"name": name, "type": "string", "missingValues": missing} for name in names]
    with pytest.raises(ContractBroken):
        report_of(tmp_path, {"fields": fields}, [["x", "y"]])
