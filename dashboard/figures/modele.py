"""What every figure shares: one plotly template, the palette, the marks of the statuses, the graph configuration.

Backgrounds are transparent and fonts inherited, so that a figure takes the colours of the page. Marks have a contrast
of at least 3:1 (WCAG 2.2, 1.4.11) on white and on the dark page alike; the hues of lines follow Okabe & Ito (2008),
moved to a lightness that serves both, and a line is told by its marker and its dash as well as by its hue.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from dashboard.i18n import texts
from dashboard.router import Lang
from publish.charte import formats

Figure = dict[str, Any]
Trace = dict[str, Any]
Statut = Literal["valeur", "zero", "non_rapporte", "non_applicable", "secret"]

BLANK: Final = "rgba(0,0,0,0)"
INK: Final = "#2a3240"
MUTED: Final = "#6f7885"
GRID: Final = "rgba(128,136,148,0.28)"
COLOURS: Final = ("#2b7bba", "#d9480f", "#128a6a", "#a8559b", "#927100", "#6f7885")
SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "x")
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "solid")
TARGET: Final = "#b0639b"

ABSENT: Final = ("secret", "non_rapporte", "non_applicable")
"""Statuses without a value, in the order legends list them."""

PATTERNS: Final[dict[str, str]] = {
    "secret": "/",
    "non_rapporte": ".",
    "non_applicable": "x",
}
"""Shape of the filling that stands for each of them."""

FINENESS: Final = {"secret": (6, 0.32), "non_rapporte": (6, 0.2), "non_applicable": (7, 0.16)}
"""Size in pixels and inked share of each filling: what is secret stands out more than what was never sent."""

TEMPLATE: Final[dict[str, Any]] = {
    "layout": {
        "paper_bgcolor": BLANK,
        "plot_bgcolor": BLANK,
        "font": {"family": "inherit", "size": 13, "color": INK},
        "colorway": list(COLOURS),
        "margin": {"l": 8, "r": 12, "t": 30, "b": 8, "pad": 2},
        "autosize": True,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "#232b37",
            "bordercolor": "#8b94a1",
            "font": {"family": "inherit", "size": 13, "color": "#ffffff"},
            "align": "left",
            "namelength": -1,
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "font": {"size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
            "bgcolor": BLANK,
        },
        "xaxis": {
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "outside",
            "ticklen": 5,
            "tickcolor": MUTED,
            "linecolor": MUTED,
            "exponentformat": "none",
            "separatethousands": True,
        },
        "yaxis": {
            "automargin": True,
            "fixedrange": True,
            "gridcolor": GRID,
            "zeroline": True,
            "zerolinecolor": MUTED,
            "zerolinewidth": 1,
            "rangemode": "tozero",
            "exponentformat": "none",
            "separatethousands": True,
            "nticks": 6,
        },
    }
}


def config(lang: Lang) -> dict[str, Any]:
    """Configuration of ``dcc.Graph``: nothing is sent to a third party, a finger on a chart scrolls the page."""
    return {
        "displayModeBar": False,
        "showSendToCloud": False,
        "displaylogo": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "locale": lang,
    }


def layout(lang: Lang, *, height: int, **more: Any) -> dict[str, Any]:
    """Layout of a figure: the template, the separators of the language, its height in pixels."""
    return {
        "template": TEMPLATE,
        "separators": formats.separateurs(lang),
        "height": height,
        "meta": {"lang": lang},
    } | more


def rgba(colour: str, alpha: float) -> str:
    """A ``#rrggbb`` colour with an opacity."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def pattern(statut: str, *, colour: str = MUTED) -> dict[str, Any]:
    """Filling that stands for a status without value, for a bar or a polygon."""
    size, solidity = FINENESS[statut]
    return {
        "shape": PATTERNS[statut],
        "fgcolor": colour,
        "bgcolor": BLANK,
        "fillmode": "replace",
        "size": size,
        "solidity": solidity,
    }


def statut_mot(statut: str, lang: Lang) -> str:
    """Word of a status: « secret », “not reported”…"""
    return texts(lang)(f"fig.statut.{statut}")


def statut_phrase(statut: str, lang: Lang) -> str:
    """The status explained in a few words, for a hover label."""
    return texts(lang)(f"fig.statut.{statut}.phrase")


def legend_swatch(name: str, *, rank: int, **trace: Any) -> Trace:
    """A trace that draws nothing and only explains a mark in the legend."""
    marker = {"color": BLANK, "line": {"color": MUTED, "width": 1}} | trace.pop("marker", {})
    return {
        "type": "bar",
        "x": [None],
        "y": [None],
        "name": name,
        "marker": marker,
        "legendrank": rank,
        "hoverinfo": "skip",
        "showlegend": True,
    } | trace


def status_swatch(statut: str, lang: Lang, *, rank: int = 2000) -> Trace:
    """Legend entry of a status without value."""
    swatch = legend_swatch(statut_mot(statut, lang), rank=rank + ABSENT.index(statut))
    swatch["marker"]["pattern"] = pattern(statut)
    return swatch
