"""Why a cell of a reference table is empty, in the words of the schema that the release publishes beside the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.router import Lang
from publish.reader import Release

Words = Mapping[tuple[str, str], Mapping[Lang, str]]
# Reasons that say that no value could exist; the others that one was expected.
WITHOUT_OBJECT = "non_concerne"


def reasons(release: Release, table: str) -> Words:
    """The words of each reason, by column and code; none for a release older than the columns of status."""
    path = release.folder / "schemas" / f"{table}.json"
    fields = json.loads(path.read_text(encoding="utf-8"))["fields"] if path.is_file() else []
    return {
        (field["status_of"], one["value"]): {"fr": one["label"], "en": one["label_en"]}
        for field in fields
        if "status_of" in field
        for one in field["categories"]
    }


def reason(context: Context, table: str, row: pd.Series, column: str) -> str:
    """Why ``column`` is empty in a row: « non disponible »…; « non rapporté » where no row was sent."""
    told = context.cached(reasons, table).get((column, _code(row, column)))
    return context.texts("statut.non_rapporte.court") if told is None else told[context.lang]


def absent(context: Context, table: str, row: pd.Series, column: str) -> Component:
    """The same, marked as the other absences of the site are."""
    mark = "non_applicable" if _code(row, column) == WITHOUT_OBJECT else "non_rapporte"
    return html.Span(reason(context, table, row, column), className=f"statut statut--{mark}")


def _code(row: pd.Series, column: str) -> str:
    value: Any = row.get(f"{column}_statut")
    return value if isinstance(value, str) else ""
