"""Numbers, quantities, dates and periods as each language writes them."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from publish.charte import formats
from schemas.contract import units

N, S = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [
        (0, None, "0", "0"),
        (1234567, None, f"1{S}234{S}567", "1,234,567"),
        (12345.65, None, f"12{S}345,7", "12,345.7"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (-1234.5, None, f"\u22121{S}234,5", "\u22121,234.5"),
        (-0.2, 0, "0", "0"),
        (12.0, 1, "12,0", "12.0"),
        (np.float64(44700), None, f"44{S}700", "44,700"),
    ],
)
def test_number(value: float, decimals: int | None, french: str, english: str) -> None:
    assert formats.nombre(value, "fr", decimals) == french
    assert formats.nombre(value, "en", decimals) == english


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        (0, "lits", f"0{N}lit", f"0{N}beds"),
        (1, "lits", f"1{N}lit", f"1{N}bed"),
        (1.5, "etp", f"1,5{N}équivalent{N}temps{N}plein", f"1.5{N}full-time{N}equivalents"),
        (2, "personnes", f"2{N}personnes", f"2{N}people"),
        (1, "personnes", f"1{N}personne", f"1{N}person"),
        (1, "journees_lit", f"1{N}journée-lit", f"1{N}bed-day"),
        (1, "materiels", f"1{N}unité{N}de{N}matériel", f"1{N}item{N}of{N}equipment"),
        (1, "par_jour", f"1{N}passage{N}par{N}jour", f"1{N}visit{N}per{N}day"),
        (1, "multiple", f"1{N}fois", f"1{N}time"),
        (12.34, "pourcent", f"12,3{N}%", "12.3%"),
        (1, "pour_100000", f"1{N}pour{N}100{N}000{N}habitants", f"1{N}per{N}100,000{N}inhabitants"),
    ],
)
def test_quantity_agrees_with_its_number(value: float, unit: str, french: str, english: str) -> None:
    assert formats.quantite(value, formats.unite(unit, "fr"), "fr") == french
    assert formats.quantite(value, formats.unite(unit, "en"), "en") == english


def test_no_quantity_can_break_at_the_end_of_a_line() -> None:
    for label in units().values():
        assert " " not in formats.quantite(12345, label.fr, "fr")
        assert " " not in formats.quantite(12345, label.en, "en")


@pytest.mark.parametrize(
    ("code", "french", "english", "when_french", "when_english"),
    [
        ("2026-T3", f"3e{N}trimestre{N}2026", f"Q3{N}2026", f"au 3e{N}trimestre{N}2026", f"in Q3{N}2026"),
        ("2026-T1", f"1er{N}trimestre{N}2026", f"Q1{N}2026", f"au 1er{N}trimestre{N}2026", f"in Q1{N}2026"),
        ("2026-09", f"septembre{N}2026", f"September{N}2026", f"en septembre{N}2026", f"in September{N}2026"),
        ("2026", "2026", "2026", "en 2026", "in 2026"),
        ("2026-03-01", f"1er{N}mars{N}2026", f"1{N}March{N}2026", f"le 1er{N}mars{N}2026", f"on 1{N}March{N}2026"),
    ],
)
def test_period(code: str, french: str, english: str, when_french: str, when_english: str) -> None:
    assert formats.periode(code, "fr") == french
    assert formats.periode(code, "en") == english
    assert formats.a_la_periode(code, "fr") == when_french
    assert formats.a_la_periode(code, "en") == when_english


def test_a_period_of_another_shape_is_left_as_it_is() -> None:
    assert formats.periode("hiver", "fr") == "hiver"


def test_comparison_contracts_its_article() -> None:
    assert formats.compare_a("2026-T2", "fr") == f"au 2e{N}trimestre{N}2026"
    assert formats.compare_a("2026-09", "fr") == f"à septembre{N}2026"
    assert formats.compare_a("2026-T2", "en") == f"Q2{N}2026"


def test_dates() -> None:
    day = dt.date(2026, 9, 14)
    assert formats.date_longue(day, "fr") == f"14{N}septembre{N}2026"
    assert formats.date_courte(day, "fr") == f"14{N}sept.{N}2026"
    assert formats.date_courte(day, "en") == f"14{N}Sep{N}2026"


def test_interval_says_percent_once_and_no_other_unit() -> None:
    assert formats.intervalle(40900, 44700, "fr") == f"de 40{S}900 à 44{S}700"
    assert formats.intervalle(40900, 44700, "en", "people") == "40,900 to 44,700"
    assert formats.intervalle(108.1, 143.6, "fr") == "de 108 à 144"
    assert formats.intervalle(12.1, 14.3, "fr", "%") == f"de 12,1 à 14,3{N}%"


@pytest.mark.parametrize(("value", "known"), [(0, True), (1.5, True), (math.nan, False), (None, False), ("3", False)])
def test_known(value: object, known: bool) -> None:
    assert formats.est_connu(value) is known
