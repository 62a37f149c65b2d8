"""French spacing in pages: a mark stays with its word at the end of a line, also in texts that come from the data."""

from __future__ import annotations

import re

from publish.charte.formats import NBSP, NNBSP

THIN = ";?!"
# What is left as it is: tags, code, data for machines, and what documents print.
SPACES = re.compile(
    r"(?P<kept><(?P<name>code|pre|q|script)\b.*?</(?P=name)>|<[^>]+>)|(?<=\S) (?=[:;?!»%](?:\W|$))|(?<=«) ", re.DOTALL
)


def french(page: str) -> str:
    """The page with no-break spaces where French wants them, thin before « ; », « ? » and « ! »."""
    return SPACES.sub(_space, page)


def _space(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    return NNBSP if found.string[found.end()] in THIN else NBSP
