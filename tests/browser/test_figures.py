"""The figures in a real browser: what they say under the hand, and nothing cut on a narrow screen."""

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

from dashboard.figures import barres, modele, series

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "dashboard" / "assets"
SCRIPTS = sorted(path.name for path in ASSETS.glob("0*.js"))
SHELL = """<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Figures</title><link rel="icon" href="data:,"><body style="margin:16px">{scripts}<div id="figure"></div>"""


class Site(SimpleHTTPRequestHandler):
    """A page and the scripts that draw."""

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        if path == "page":
            scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
            self._send(SHELL.format(scripts=scripts).encode(), "text/html; charset=utf-8")
        elif path in SCRIPTS:
            self._send((ASSETS / path).read_bytes(), "text/javascript")
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


@pytest.fixture
def address() -> Iterator[str]:
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


def draw(telephone: Page, figure: modele.Figure) -> None:
    telephone.evaluate(
        """([figure, config]) => window.Plotly.react("figure", figure.data, figure.layout, config)""",
        [json.loads(json.dumps(figure)), modele.config("fr")],
    )


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
