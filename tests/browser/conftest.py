"""A real server in its own process, on a folder with releases and nothing else, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.eveil import awake

Visit = Callable[..., int]
PATIENCE = 120_000  # milliseconds: a busy machine may be slow, a page that never comes is not
expect.set_options(timeout=PATIENCE)
ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FORBIDDEN = ("geopandas", "frictionless", "pandera", "openpyxl", "shapely", "topojson")
# The server says what it has imported when asked to stop: what the tests check is the process that answered them.
SERVER = """
import json, signal, sys
from pathlib import Path
from dashboard.app import create_app

def stop(*_):
    loaded = sorted(name for name in sys.argv[3].split(",") if name in sys.modules)
    Path(sys.argv[4]).write_text(json.dumps(loaded), encoding="utf-8")
    raise SystemExit(0)

signal.signal(signal.SIGTERM, stop)
create_app(Path(sys.argv[1])).server.run(port=int(sys.argv[2]), threaded=True)
"""


@dataclass(frozen=True)
class Server:
    """An address that answers, the process behind it, and the file where it says what it imported."""

    url: str
    process: subprocess.Popen[bytes]
    imported: Path
    releases: Path


@dataclass
class Seen:
    """What a page did that it should not: errors of its console, requests to other hosts."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    stock_plotly: list[str] = field(default_factory=list)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/sante", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"no answer from {url} within {PATIENCE / 1000:.0f} seconds")


@pytest.fixture(scope="session")
def releases(small_releases: Path) -> Path:
    """The folder of releases: that of OBSERVATOIRE_RELEASES, else small ones made by the tests."""
    given = os.environ.get("OBSERVATOIRE_RELEASES")
    return Path(given).resolve() if given else small_releases


@contextmanager
def launched(releases: Path, folder: Path) -> Iterator[Server]:
    """The site, in a process whose working folder holds no warehouse."""
    port, imported = _free_port(), folder / "importes.json"
    command = [sys.executable, "-c", SERVER, str(releases), str(port), ",".join(FORBIDDEN), str(imported)]
    with (folder / "journal.txt").open("wb") as log:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process)
            yield Server(url, process, imported, releases)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE / 1000)


@pytest.fixture(scope="session")
def server(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site all tests read."""
    with launched(releases, tmp_path_factory.mktemp("serveur")) as running:
        yield running


@pytest.fixture
def own_server(releases: Path, tmp_path: Path) -> Iterator[Server]:
    """A site that one test may stop."""
    with launched(releases, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it. Its absence is a failure that says what to install, never a skip."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is not installed: run `apt-get install chromium`, then run the tests again.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for each test, on a laptop's screen."""
    fresh = browser.new_context(viewport={"width": 1366, "height": 900}, reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def seen() -> Seen:
    """What went wrong while the page was open."""
    return Seen()


@pytest.fixture
def page(context: BrowserContext, server: Server, seen: Seen) -> Page:
    """A page whose console and requests are watched."""
    watched = context.new_page()
    watched.set_default_timeout(PATIENCE)

    def on_request(url: str) -> None:
        if not url.startswith((server.url, "data:", "blob:")):
            seen.strangers.append(url)
        if "plotly.min" in url and "/assets/" not in url:
            seen.stock_plotly.append(url)

    watched.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    watched.on("pageerror", lambda error: seen.errors.append(str(error)))
    watched.on("request", lambda request: on_request(request.url))
    return watched


@pytest.fixture
def visit(page: Page, server: Server) -> Visit:
    """Open an address, wait until Dash has taken the place of the first view and drawn, and return the status."""

    def go(address: str, base: str = server.url) -> int:
        answer = page.goto(base + address)
        awake(page)
        page.wait_for_load_state("networkidle")
        return answer.status if answer else 0

    return go
