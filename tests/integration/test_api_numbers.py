"""Every number on the site can be had from the API and is equal to it: rows behind charts, figures, cells of tables."""

from __future__ import annotations

import base64
import csv
import html
import io
import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import pytest
from pyarrow import parquet
from werkzeug.test import Client

from dashboard.app import Site, create_app
from dashboard.i18n import texts
from dashboard.pages import PAGES
from dashboard.router import SLUGS, href
from publish.charte.formats import nombre
from tests.integration.house import House

API = "/api/v1"
# Sizes of files, and numbers of cells: the API gives those as files and as rows, not as values.
NO_VALUES = {"donnees", "secret"}
STATUSES = ("secret", "non_rapporte", "non_applicable")


@pytest.fixture(scope="module")
def site(demo: House) -> Site:
    return create_app(demo.releases)


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    return site.server.test_client()


@pytest.fixture(scope="module")
def pages(client: Client) -> dict[str, str]:
    """The first view of each page, in French."""
    return {slug: client.get(href("fr", slug)).get_data(as_text=True) for slug in SLUGS}


@pytest.fixture(scope="module")
def values(client: Client) -> set[float]:
    """Every number that the API gives, page after page, and the middle of each published range."""
    names = [table["jeu"] for table in client.get(f"{API}/datasets").get_json()["jeux"]]
    found = {value for name in names for value in _numbers_of(client, name)}
    ranges = client.get(f"{API}/datasets/chiffres_publies").get_json()["lignes"]
    return found | {(row["borne_basse"] + row["borne_haute"]) / 2 for row in ranges if row["borne_haute"] is not None}


@pytest.fixture(scope="module")
def written(values: set[float]) -> set[str]:
    """The same numbers as French pages write them, rounded or not."""
    return {nombre(abs(value), "fr", places) for value in values for places in (None, 0, 1, 2)}


def _numbers_of(client: Client, table: str) -> Iterator[float]:
    address = f"{API}/datasets/{table}.parquet?taille=10000"
    while address:
        answer = client.get(address)
        for column in parquet.read_table(io.BytesIO(answer.get_data())).columns:
            if str(column.type) in ("double", "int64", "int32"):
                yield from map(float, column.drop_null().unique().to_pylist())
        link = answer.headers.get("Link", "")
        address = link.split(">")[0].removeprefix("<")


# The rows behind a chart


def _asked(link: str) -> tuple[str, str]:
    """The question to the API that the CSV of a chart answers, and the year it is cut to, if any."""
    parts = urlsplit(link)
    pairs = [(name, value) for name, value in parse_qsl(parts.query) if name != "annee"]
    year = dict(parse_qsl(parts.query)).get("annee", "")
    _, _, version, *table = parts.path.removesuffix(".csv").split("/")
    version = version.removesuffix(".csv")
    name = table[0] if table else "observations"
    if name == "jours":
        name, pairs = "controle_quotidien", [("service_id" if key == "service" else key, text) for key, text in pairs]
    return f"{API}/datasets/{name}.csv?{urlencode([*pairs, ('release', version)])}", year


def _rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.get_data(as_text=True)[:500])
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def _in_year(row: dict[str, str], year: str) -> bool:
    return (row.get("periode") or row.get("jour") or row["annee"]).startswith(year)


def test_rows_behind_every_chart_are_those_of_the_api(client: Client, pages: dict[str, str]) -> None:
    links = sorted({html.unescape(link) for page in pages.values() for link in re.findall(r'"(/extrait/[^"]+)"', page)})
    assert len(links) > 50
    for link in links:
        address, year = _asked(link)
        found = [row for row in _rows(client, address) if _in_year(row, year)] if year else _rows(client, address)
        shown = _rows(client, link)
        assert shown
        columns = set(found[0]) & set(shown[0])
        assert len(columns) > 3
        assert _sorted(found, columns) == _sorted(shown, columns), link


def _sorted(rows: list[dict[str, str]], columns: set[str]) -> list[tuple[str, ...]]:
    names = sorted(columns)
    return sorted(tuple(row[name] for name in names) for row in rows)


# What a chart draws


def _plain(values: Any) -> list[float]:
    """The numbers of an axis, whatever plotly holds them in; none where it holds words or dates."""
    if isinstance(values, dict):
        values = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    found = [value for value in values if isinstance(value, (int, float, np.number)) and not isinstance(value, bool)]
    return [float(value) for value in found if not math.isnan(value)]


def _drawn(trace: dict[str, Any], words: set[str]) -> list[list[float]]:
    """The axes that may hold values; nothing of an outline, nor of a trace of those names."""
    if trace.get("fill") == "toself" or trace.get("name") in words:
        return []
    if trace["type"] == "bar":
        return [_plain(trace["x" if trace.get("orientation") == "h" else "y"])]
    return [axis for axis in (_plain(trace.get("x", ())), _plain(trace.get("y", ()))) if axis]


def test_charts_draw_numbers_of_the_api(site: Site, values: set[float]) -> None:
    t = texts("fr")
    # A bar that only says why there is no value; the smoothing of daily values, which the page makes of them.
    words = {*(t(f"statut.{status}.court") for status in STATUSES), t("fig.mediane")}
    seen = 0
    for slug in SLUGS:
        with site.server.test_request_context(href("fr", slug)):
            sections = PAGES[slug].sections_of(site.open(href("fr", slug), ""))
        for name, section in sections.items():
            for trace in section.figure["data"] if section.figure else ():
                axes = _drawn(trace, words)
                seen += sum(map(len, axes))
                assert not axes or any(set(axis) <= values for axis in axes), (slug, name, trace.get("name"))
    assert seen > 1000


# What a table says


@pytest.mark.parametrize("slug", sorted(set(SLUGS) - NO_VALUES))
def test_cells_of_tables_are_numbers_of_the_api(pages: dict[str, str], written: set[str], slug: str) -> None:
    cells = re.findall(r'<td class="nombre"[^>]*>(.*?)</td>', pages[slug], re.DOTALL)
    said = (html.unescape(re.sub(r"<[^>]+>", " ", cell)) for cell in cells)
    numbers = {number for text in said for number in re.findall(r"\d[\d\u202f]*(?:,\d+)?", text)}
    assert numbers <= written


def test_tables_hold_numbers(pages: dict[str, str]) -> None:
    assert sum(page.count('<td class="nombre"') for page in pages.values()) > 2000
