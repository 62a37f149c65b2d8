"""The page that documents the API: the lines to copy are run as they are written, against a live server."""

from __future__ import annotations

import csv
import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pandas as pd
import pytest

from dashboard.api.operations import PREFIX
from dashboard.api.problems import KINDS
from tests.bench.api_schemathesis import serving
from tests.unit.fixtures_api import VERSION, write_true_releases

CODE = "repos_passages_jour"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(write_true_releases(tmp_path_factory.mktemp("page"))) as address:
        yield address


def read(address: str) -> str:
    with urlopen(address, timeout=30) as answer:
        found: str = answer.read().decode()
    return found


@pytest.fixture(scope="module", params=["fr", "en"])
def page(server: str, request: pytest.FixtureRequest) -> str:
    return read(f"{server}/{request.param}/api")


def lines(page: str) -> list[str]:
    """The lines to copy, in their order: curl, Python, R, LibreOffice, Excel, Google."""
    return [html.unescape(line) for line in re.findall(r"<pre[^>]*code--ligne[^>]*><code>(.*?)</code>", page)]


def expected(server: str) -> list[dict[str, str]]:
    address = f"{server}{PREFIX}/datasets/observations.csv?indicateur={CODE}&territoire_niveau=region"
    return [*csv.DictReader(read(address).splitlines())]


def test_curl_line(server: str, page: str, tmp_path: Path) -> None:
    subprocess.run(["sh", "-c", lines(page)[0]], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    with (tmp_path / "observations.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.DictReader(file)] == expected(server) != []


def test_python_line(server: str, page: str, tmp_path: Path) -> None:
    code = f"{lines(page)[1]}\nobservations.to_csv('lu.csv', index=False)"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    found = pd.read_csv(tmp_path / "lu.csv")
    assert found["valeur"].tolist() == [float(row["valeur"]) for row in expected(server)]
    assert set(found["indicateur"]) == {CODE}


def test_other_lines_ask_the_same_address(server: str, page: str) -> None:
    found = lines(page)
    asked = [re.search(r"http://[^'\"]+", line) for line in found]
    assert len(found) == 6
    assert {match.group(0) for match in asked if match} == {
        f"{server}{PREFIX}/observations?indicateur={CODE}&niveau=region&format=csv"
    }
    assert all(asked)


def test_page_names_only_the_host_it_was_asked_from(server: str) -> None:
    port = server.rsplit(":", 1)[1]
    assert f"http://localhost:{port}{PREFIX}" in read(f"http://localhost:{port}/fr/api")
    assert "localhost" not in read(f"{server}/fr/api")


def test_every_problem_has_the_section_its_type_leads_to(page: str) -> None:
    for kind, status in KINDS.items():
        assert f'id="{kind}"' in page
        assert re.search(rf'id="{kind}".*?<code>{status}</code>', page, re.DOTALL)


def test_links_of_the_page_are_answered(server: str, page: str) -> None:
    addresses = set(re.findall(rf'href="({PREFIX}[^"]*)"', page))
    assert len(addresses) > 15
    for address in addresses:
        assert read(server + html.unescape(address))


def test_page_says_how_to_name_the_release(page: str) -> None:
    assert html.escape(f"&release={VERSION.replace('+', '%2B')}") in page
