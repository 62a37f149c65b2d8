"""What a page loads, and when: our files at once, Dash and plotly when they have something to do.

The page is whole as the server wrote it. Dash draws charts and follows the form, so a page with neither does not name
it; on the others its scripts stand in a template, which ``assets/demarrage.js`` opens when a chart comes near the
screen or the reader touches the form. A reader who does neither is spared some 650 kB and half a second of processor.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

from dashboard.charte import linked, versioned
from dashboard.components.balises import join, tag

ASSETS = Path(__file__).resolve().parent / "assets"
# Told to Dash, which would otherwise load every file of the folder on every page.
ALL = ".*"
PLOTLY = ("00-plotly-basic-4.1.1.min.js", "01-plotly-locale-fr.js")
# What starts Dash comes last: the others tell it what it may call.
STARTER = "demarrage.js"
TEMPLATE = "dash"


def address(name: str) -> str:
    """Where a file of the folder is served."""
    return versioned(ASSETS / name, f"/assets/{name}")


@cache
def styles() -> Markup:
    """Links to our style sheets, to be read before those of the house style."""
    return linked(address(path.name) for path in sorted(ASSETS.glob("*.css")))


def _tags(names: tuple[str, ...], *, defer: bool) -> Markup:
    return join(*(tag("script", src=address(name), defer=defer) for name in names))


@cache
def own() -> Markup:
    """Our scripts, which wait for the page to be there."""
    names = sorted(path.name for path in ASSETS.glob("*.js"))
    return _tags((*(name for name in names if name not in (*PLOTLY, STARTER)), STARTER), defer=True)


def waiting(dash: Mapping[str, str], *, charts: bool) -> Markup:
    """What Dash needs on a page, asleep: its settings, then its scripts in a template; plotly where ``charts``."""
    plotly = _tags(PLOTLY, defer=False) if charts else None
    asleep = tag("template", plotly, Markup(dash["scripts"]), Markup(dash["renderer"]), id=TEMPLATE)
    return join(Markup(dash["config"]), asleep)
