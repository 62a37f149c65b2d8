"""Style sheets: a table that scrolls says so, in both themes."""

from __future__ import annotations

import re

from publish.charte import ASSETS


def rules(name: str, selector: str) -> list[str]:
    """Bodies of the rules of a sheet for exactly that selector."""
    return re.findall(rf"(?m)^\s*{re.escape(selector)} {{([^}}]*)}}", (ASSETS / name).read_text(encoding="utf-8"))


def test_a_shadow_stays_while_its_cover_scrolls_away() -> None:
    (painted,) = [body for body in rules("pieces.css", ".defilement") if "background: linear-gradient" in body]
    layers = painted.split("linear-gradient")[1:]
    assert [("local" in layer, "--ombre" in layer) for layer in layers] == [(True, False)] * 2 + [(False, True)] * 2


def test_the_shadow_is_chosen_in_the_light_and_in_the_dark() -> None:
    assert len([body for body in rules("tokens.css", ":root") if "--ombre:" in body]) == 2


def test_the_number_of_a_version_is_never_broken_over_two_lines() -> None:
    assert rules("pieces.css", ".version") == [" white-space: nowrap; "]
