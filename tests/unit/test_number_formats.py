"""What formats of numbers show: the cases are those that LibreOffice 7.4 was seen to show."""

from __future__ import annotations

import pytest

from etl.validation.number_formats import ANOTHER, NOTHING, PERCENTAGE, format_of, shows

ACCOUNTING = '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-'
HELD = (0, 3, 45000, 2.6, -2, 0.001)
DATES = ("yyyy", "[$-40C]dd/mm/yyyy;@", "[h]:mm", "[ss]", "hh:mm:ss.000")
NUMBERS = (
    "",
    "General",
    "0",
    "0.00",
    "#,##0",
    "[Red]0",
    '0" %"',
    '#,##0 "€"',
    "0E+00",
    "# ?/?",
    "@",
    "000000",
    "0.0##",
)
SIGNED = (ACCOUNTING, "#,##0_);(#,##0)", "[Blue][>100]0;0", "#\\ ##0\\ [$€-40C]", 'General" pers."', '0;-0;0;"=> "@')


@pytest.mark.parametrize("code", NUMBERS + SIGNED + DATES)
def test_most_formats_show_what_is_held(code: str) -> None:
    assert [format_of(code).number(value) for value in HELD] == [None] * len(HELD)
    assert format_of(code).plain or code == ACCOUNTING
    assert (format_of(code).text() is None) or '"=> "' in code


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0.0,", [None, "0.003", "45", "0.0026", "-0.002", "1e-06"]),
        ('#,##0,"k"', [None, "0.003", "45", "0.0026", "-0.002", "1e-06"]),
        ("0,,", [None, "3e-06", "0.045", "2.6e-06", "-2e-06", "1e-09"]),
        ("0%", ["0%", "300%", "4500000%", "260%", "-200%", "0.1%"]),
        (";;;", ["", "", "", "", "", ""]),
        ('0;-0;"ND"', ["ND", None, None, None, None, None]),
        ("0;-0;;@", ["", None, None, None, None, None]),
        ("#,###", ["", None, None, None, None, None]),
        ("0;", [None, None, None, None, "", None]),
        ('[<5]"<5";0', ["<5", "<5", None, "<5", "<5", "<5"]),
        ("[< 5]\\<5;0", ["<5", "<5", None, "<5", "<5", "<5"]),
        ('[<1]"non";[<10]"peu";0', ["non", "peu", None, "peu", "non", "non"]),
        ('[>=3]0;"secret"', ["secret", None, None, "secret", "secret", "secret"]),
        ('"ND"', ["ND", "ND", "ND", "ND", "ND", "ND"]),
    ],
)
def test_some_formats_show_another_number_a_text_or_nothing(code: str, shown: list[str | None]) -> None:
    found = [format_of(code).number(value) for value in HELD]
    assert [told and told.text for told in found] == shown
    assert {told.rule for told in found if told} <= {ANOTHER, NOTHING, PERCENTAGE}
    assert all((told.rule == NOTHING) == (told.text == "") for told in found if told)
    assert all((told.rule == PERCENTAGE) == told.text.endswith("%") for told in found if told)
    assert not format_of(code).plain


@pytest.mark.parametrize(
    ("code", "shown"),
    [(";;;", ""), ('0;0;0;"confidentiel"', "confidentiel"), ("0;@", None), ("0", None), ('"ND"', None)],
)
def test_a_format_may_hide_texts_too(code: str, shown: str | None) -> None:
    told = format_of(code).text()
    assert (told and told.text) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("45 000,0 €", 45000.04), ("45\u202f000", 45000), ("45,000", 45000), ("1.234.567,5", 1234567.5)),
        *(("1'234", 1234), ("(2)", -2), ("3", 2.6), ("0", 0.001), ("5E+04", 45000), ("4,5e4", 45000)),
        *(("2 3/5", 2.6), ("- €", 0), ("–", 0), ("000003", 3), ("3 personnes", 3), ("n° 3 sur 9", 3)),
    ],
)
def test_a_number_is_known_however_it_is_written(text: str, value: float) -> None:
    assert shows(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ND", 0),
        ("", 0),
        ("-", 3),
        ("<5", 3),
        ("45,0", 45000),
        ("45 k€", 45000),
        ("3", 3.6),
        ("", float("nan")),
        ("1e999", 1),
    ],
)
def test_what_does_not_write_a_number_does_not_show_it(text: str, value: float) -> None:
    assert not shows(text, value)
