"""The figures in a real browser: outlines fetched once, hover labels, themes, a failure told, a narrow screen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from dashboard.figures import barres, carte, modele, series

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "dashboard" / "assets"
OUTLINES = ROOT / "data" / "reference" / "contours" / "paris_petite_couronne.lambert93.json"
SCRIPTS = [*sorted(path.name for path in ASSETS.glob("0*.js")), "carte.js"]
SHELL = """<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Figures</title><link rel="icon" href="data:,"><body style="margin:16px">{scripts}<div id="figure"></div>"""


class _Handler(SimpleHTTPRequestHandler):
    """A page, the assets and the outlines; ``missing`` makes the outlines absent."""

    missing = False
    requests: list[str]

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        type(self).requests.append(path)
        files = {"outlines.json": OUTLINES} | {name: ASSETS / name for name in SCRIPTS}
        if path == "page":
            scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
            self._send(SHELL.format(scripts=scripts).encode(), "text/html; charset=utf-8")
        elif path in files and not (path == "outlines.json" and type(self).missing):
            self._send(files[path].read_bytes(), "application/json" if path.endswith("json") else "text/javascript")
        else:
            self.send_error(404)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: the console of the test is for its result."""


class Site(_Handler):
    requests: list[str] = []  # noqa: RUF012 -- reset for each test


@pytest.fixture
def address() -> Iterator[str]:
    Site.requests, Site.missing = [], False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def said() -> list[str]:
    """What the console says."""
    return []


@pytest.fixture
def telephone(browser: Browser, address: str, said: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="light")
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(f"{address}/page")
    yield opened
    opened.close()


def draw(telephone: Page, figure: modele.Figure, outlines: str | None = None) -> None:
    telephone.evaluate(
        """async ([figure, url, config]) => {
          const drawn = await window.dash_clientside.carte.assembler(figure, url);
          await window.Plotly.react("figure", drawn.data, drawn.layout, config);
        }""",
        [json.loads(json.dumps(figure)), outlines, modele.config("fr")],
    )


def territories() -> pd.DataFrame:
    """Every territory of the map: Paris 18e has 120, Paris 1er zero, Paris 2e is secret, others are not reported."""
    cells: dict[str, Any] = {"75118": 120.0, "75119": 40.0, "75101": 0.0, "75102": "secret"}
    rows = []
    for one in json.loads(OUTLINES.read_text(encoding="utf-8"))["territories"]:
        cell = cells.get(one["code"], "non_rapporte")
        absent = isinstance(cell, str)
        rows.append(
            {
                "territoire_niveau": one["niveau"], "territoire_code": one["code"], "nom": one["nom"],
                "periode": "2026-T3", "valeur": float("nan") if absent else cell,
                "statut": cell if absent else "valeur" if cell else "zero", "borne_basse": float("nan"),
                "borne_haute": float("nan"), "provisoire": False,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def the_map() -> modele.Figure:
    return carte.carte(territories(), lang="fr", unit_label="personnes")


def test_every_territory_is_an_svg_path_and_nothing_needs_webgl(telephone: Page, said: list[str]) -> None:
    draw(telephone, the_map(), "/outlines.json")
    number = len(territories())
    assert number > 140
    assert telephone.locator("#figure .fills path.js-fill").count() == number
    assert telephone.locator("#figure canvas").count() == 0
    assert said == []


def test_numbers_keep_their_size_on_a_phone_and_give_way_where_there_is_no_room(telephone: Page) -> None:
    draw(telephone, the_map(), "/outlines.json")
    numbers = telephone.locator("#figure .textpoint text")
    shown = numbers.all_text_contents()
    assert {"12", "15", "16", "18", "19"} <= set(shown)
    assert not {"1", "2", "3"} & set(shown)
    sizes = numbers.evaluate_all("texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))")
    assert min(sizes) >= 11
    boxes = [number.bounding_box() for number in numbers.all()]
    edges = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes if box]
    assert len(edges) == len(shown)
    for one in edges:
        assert not [
            two
            for two in edges
            if two > one and one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
        ]


def test_a_laptop_shows_the_number_of_every_arrondissement(telephone: Page) -> None:
    telephone.set_viewport_size({"width": 1366, "height": 900})
    draw(telephone, the_map(), "/outlines.json")
    numbers = telephone.locator("#figure .textpoint text").all_text_contents()
    assert numbers == [str(number) for number in range(1, 21)]


def test_the_outlines_are_fetched_once_for_all_maps_of_a_page(telephone: Page) -> None:
    for _ in range(3):
        draw(telephone, the_map(), "/outlines.json")
    assert Site.requests.count("outlines.json") == 1


def test_a_hand_on_a_territory_reads_its_name_and_value(telephone: Page) -> None:
    draw(telephone, the_map(), "/outlines.json")
    numbers = telephone.locator("#figure .textpoint text")
    box = numbers.filter(has_text="18").bounding_box()
    assert box is not None
    telephone.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    label = telephone.locator("#figure .hovertext").filter(has_text="18e")
    label.wait_for()
    assert "120\u00a0personnes" in (label.text_content() or "")
    assert "3e\u00a0trimestre\u00a02026" in (label.text_content() or "")


def test_a_map_without_outlines_says_so_and_the_next_one_tries_again(telephone: Page) -> None:
    Site.missing = True
    draw(telephone, the_map(), "/outlines.json")
    assert "n’a pas pu être chargé" in (telephone.locator("#figure .annotation-text").text_content() or "")
    assert telephone.locator("#figure .fills path.js-fill").count() == 0
    Site.missing = False
    draw(telephone, the_map(), "/outlines.json")
    assert telephone.locator("#figure .fills path.js-fill").count() == len(territories())


def fill_of(telephone: Page, code: str) -> str:
    return str(
        telephone.evaluate(
            "code => document.getElementById('figure').data.find((t) => t.meta && t.meta.code === code).fillcolor", code
        )
    )


def test_colours_follow_the_theme_of_the_page_while_it_is_open(telephone: Page) -> None:
    draw(telephone, the_map(), "/outlines.json")
    assert fill_of(telephone, "75118") == carte.RAMP[4]
    telephone.evaluate("document.documentElement.dataset.theme = 'dark'")
    wait_for_fill(telephone, carte.ZERO[1])
    assert fill_of(telephone, "75118") == carte.RAMP_DARK[4]
    telephone.evaluate("document.documentElement.dataset.theme = 'light'")
    wait_for_fill(telephone, carte.ZERO[0])
    telephone.evaluate("delete document.documentElement.dataset.theme")
    telephone.emulate_media(color_scheme="dark")
    wait_for_fill(telephone, carte.ZERO[1])


def wait_for_fill(telephone: Page, colour: str) -> None:
    drawn = "colour => document.getElementById('figure').data.some((trace) => trace.fillcolor === colour)"
    telephone.wait_for_function(drawn, arg=colour)


def quarters() -> pd.DataFrame:
    periods = pd.period_range("2019Q4", "2026Q3", freq="Q")
    values = [12345.0 + 100 * rank for rank in range(len(periods))]
    statuses = ["secret" if rank in (3, 4) else "valeur" for rank in range(len(periods))]
    return pd.DataFrame(
        {
            "periode": [f"{one.year}-T{one.quarter}" for one in periods],
            "periode_debut": [one.start_time.normalize() for one in periods],
            "periode_fin": [one.end_time.normalize() for one in periods],
            "granularite": "trimestre", "modalite": "tous", "nom": "Île-de-France", "statut": statuses,
            "valeur": values, "borne_basse": [value - 900 for value in values],
            "borne_haute": [value + 900 for value in values], "provisoire": [False] * 26 + [True] * 2,
        }
    )  # fmt: skip


def days() -> pd.DataFrame:
    dates = pd.date_range("2019-11-18", periods=2500)
    values = [150.0 + day % 40 for day in range(2500)]
    return pd.DataFrame(
        {
            "periode": dates.strftime("%Y-%m-%d"), "periode_debut": dates, "periode_fin": dates, "granularite": "jour",
            "modalite": "chapelle", "nom": "Espace de repos de la porte de la Chapelle", "valeur": values,
            "mediane": 170.0, "borne_basse": float("nan"), "borne_haute": float("nan"), "statut": "valeur",
            "provisoire": False,
        }
    )  # fmt: skip


def services() -> pd.DataFrame:
    name = "Centre d’accueil et d’accompagnement à la réduction des risques de la Seine-Saint-Denis"
    return quarters().head(4).assign(nom=[name, "Court", "Un service", name])


def beds(*steps: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"etape": steps, "nom": "Journées-lit attribuées à l’usage de crack", "valeur": 12345.0, "statut": "valeur"}
    )


EVENTS = pd.DataFrame({"date": pd.date_range("2022-10-05", periods=6, freq="9D"), "libelle": "Événement"})
FIGURES = {
    "serie": lambda: series.serie(
        quarters(), lang="fr", unit_label="unités de matériel", events=EVENTS, target=15000.0
    ),
    "quotidien": lambda: series.quotidien(days(), lang="fr", unit_label="passages", events=EVENTS),
    "barres": lambda: barres.barres(services(), lang="fr", unit_label="unités de matériel"),
    "entonnoir": lambda: barres.entonnoir(
        beds("lits_finances", "lits_identifies", "lits_ouverts"),
        beds("journees_disponibles", "journees_utilisees", "journees_attribuees"),
        lang="fr",
        target=10.0,
    ),
}
CUT = """() => {
  const frame = document.querySelector("#figure .main-svg").getBoundingClientRect();
  return [...document.querySelectorAll("#figure text")].filter((text) => {
    const box = text.getBoundingClientRect();
    const beside = box.left < frame.left - 1 || box.right > frame.right + 1;
    return box.width > 0 && (beside || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  }).map((text) => text.textContent);
}"""


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_no_word_is_cut_on_a_telephone(telephone: Page, said: list[str], name: str) -> None:
    draw(telephone, FIGURES[name]())
    assert telephone.locator("#figure text").count() > 5
    assert telephone.evaluate(CUT) == []
    assert said == []


def test_labels_of_the_time_axis_do_not_touch_on_a_telephone(telephone: Page) -> None:
    draw(telephone, FIGURES["serie"]())
    boxes = [tick.bounding_box() for tick in telephone.locator("#figure .xtick text").all()]
    spans = sorted((box["x"], box["x"] + box["width"]) for box in boxes if box)
    assert len(spans) == 7
    assert all(end < start for (_, end), (start, _) in pairwise(spans))


def test_badges_of_events_do_not_cover_one_another_on_a_telephone(telephone: Page) -> None:
    draw(telephone, FIGURES["quotidien"]())
    boxes = [
        box for box in (path.bounding_box() for path in telephone.locator("#figure .points path.point").all()) if box
    ]
    badges = [box for box in boxes if box["width"] > 15]
    assert len(badges) == 6
    for rank, one in enumerate(badges):
        for other in badges[rank + 1 :]:
            apart = max(abs(one["x"] - other["x"]), abs(one["y"] - other["y"]))
            assert apart >= one["width"] - 1


def test_a_day_is_read_in_french(telephone: Page) -> None:
    draw(telephone, FIGURES["quotidien"]())
    point = telephone.locator("#figure .points path.point").nth(1200).bounding_box()
    assert point is not None
    telephone.mouse.move(point["x"] + 40, point["y"] + 40)
    telephone.mouse.move(point["x"] + 1, point["y"] + 1)
    label = telephone.locator("#figure .hovertext")
    label.wait_for()
    text = label.text_content() or ""
    assert any(
        day in text for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "semaine")
    )
