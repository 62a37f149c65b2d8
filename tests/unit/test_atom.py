"""Feeds of releases: what RFC 4287 asks, identifiers that never change, only the releases that changed a dataset."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from fixtures_release import OLDER, VERSION, write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from publish.atom import ATOM, identifier
from schemas.contract import load_contract

NAMES = {"a": ATOM}
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def differences(*datasets: str) -> pd.DataFrame:
    """A release that changed one cell of each of these datasets."""
    names = load_contract("differences", kind="datasets").names
    told = {"champ": "valeur", "nature": "modification", "cause": "revision", "version_avant": OLDER}
    rows = [{**dict.fromkeys(names), **told, "jeu": jeu, "cle": f'{{"n":{rank}}}'} for rank, jeu in enumerate(datasets)]
    return pd.DataFrame(rows, columns=list(names), dtype="str")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two releases; the newest changed the observations and the events."""
    return write_releases(tmp_path, instead={"differences": differences("observations", "observations", "evenements")})


@pytest.fixture
def read(root: Path) -> Callable[[str], ET.Element]:
    client: Client = create_app(root).server.test_client()

    def parsed(path: str) -> ET.Element:
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
        return ET.fromstring(answer.get_data())

    return parsed


def texts(node: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in node.findall(path, NAMES)]


@pytest.mark.parametrize("path", ["/donnees/flux.atom", "/donnees/flux.en.atom", "/donnees/observations.atom"])
def test_a_feed_has_all_that_the_standard_requires(read: Callable[[str], ET.Element], path: str) -> None:
    feed = read(path)
    assert feed.tag == f"{{{ATOM}}}feed"
    for node in (feed, *feed.findall("a:entry", NAMES)):
        assert [len(node.findall(f"a:{name}", NAMES)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert all(MOMENT.fullmatch(text) for name in ("updated", "published") for text in texts(node, f"a:{name}"))
        assert len(texts(node, "a:link[@rel='alternate'][@type='text/html']") or node.findall("a:link", NAMES)) >= 1
    assert texts(feed, "a:author/a:name")
    ids = texts(feed, ".//a:id")
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in ids)
    own = feed.findall("a:link[@rel='self']", NAMES)
    assert [link.get("href", "").endswith(path) for link in own] == [True]


def test_all_releases_stand_newest_first(read: Callable[[str], ET.Element]) -> None:
    titles = texts(read("/donnees/flux.atom"), "a:entry/a:title")
    assert titles == [f"Version {VERSION}", f"Version {OLDER}"]
    assert texts(read("/donnees/flux.atom"), "a:entry/a:summary")[0].startswith("révision\u00a0: 3 lignes modifiées")
    assert texts(read("/donnees/flux.en.atom"), "a:entry/a:summary")[0].startswith("revision: 3 rows changed")


def test_a_feed_of_a_dataset_has_the_releases_that_changed_it(read: Callable[[str], ET.Element]) -> None:
    assert len(texts(read("/donnees/observations.atom"), "a:entry/a:id")) == 2
    assert texts(read("/donnees/observations.atom"), "a:entry/a:summary")[0].startswith("révision\u00a0: 2 lignes")
    assert texts(read("/donnees/objectifs.atom"), "a:entry/a:id") == []


def test_enclosures_lead_to_files_that_are_there(root: Path, read: Callable[[str], ET.Element]) -> None:
    client = create_app(root).server.test_client()
    links = read("/donnees/evenements.atom").findall("a:entry/a:link[@rel='enclosure']", NAMES)
    assert {link.get("type") for link in links} == {"text/csv", "application/vnd.apache.parquet"}
    for link in links:
        with client.get(link.get("href", "").removeprefix("http://localhost")) as answer:
            assert answer.status_code == 200
            assert len(answer.get_data()) == int(link.get("length", "0"))


def test_alternates_lead_to_the_line_of_the_release(root: Path, read: Callable[[str], ET.Element]) -> None:
    client = create_app(root).server.test_client()
    for link in read("/donnees/flux.atom").findall("a:entry/a:link[@rel='alternate']", NAMES):
        path, _, anchor = link.get("href", "").removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in client.get(path).get_data(as_text=True)


def test_identifiers_do_not_depend_on_where_the_feed_is_served(root: Path) -> None:
    app = create_app(root).server
    ids = [
        texts(ET.fromstring(app.test_client().get("/donnees/flux.atom", base_url=base).get_data()), ".//a:id")
        for base in ("http://localhost", "https://exemple.fr")
    ]
    assert ids[0] == ids[1]
    assert identifier(f"publication/{VERSION}/flux") in ids[0]


def test_a_feed_is_not_sent_twice_and_an_unknown_one_is_said(root: Path) -> None:
    client = create_app(root).server.test_client()
    answer = client.get("/donnees/flux.atom")
    again = client.get("/donnees/flux.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    unknown = client.get("/donnees/nimporte.atom")
    assert unknown.status_code == 404
    assert "n'est pas un flux" in unknown.get_data(as_text=True)


def test_a_withdrawn_release_is_told_with_its_reason(root: Path) -> None:
    index = json.loads((root / "index.json").read_text(encoding="utf-8"))
    withdrawal = {"fichier": "", "date": "2026-12-01", "raison": "Un total < 5 y était lisible."}
    index["releases"][1] |= {"statut": "retire", "retraits": [withdrawal]}
    (root / "index.json").write_text(json.dumps(index), encoding="utf-8")
    feed = ET.fromstring(create_app(root).server.test_client().get("/donnees/flux.atom").get_data())
    assert texts(feed, "a:entry/a:title")[1] == f"Version {OLDER} (retirée)"
    assert "Un total < 5 y était lisible." in texts(feed, "a:entry/a:summary")[1]
    assert texts(feed, "a:entry/a:updated")[1] == "2026-12-01T00:00:00Z"
    assert texts(feed, "a:updated") == ["2026-12-01T00:00:00Z"]
