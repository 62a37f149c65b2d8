"""The house style: how numbers, dates, colours and statuses look, on the dashboard and on the static site alike."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).resolve().parent / "assets"
SHEETS = ("tokens.css", "pieces.css")
"""Style sheets, in the order in which they are read."""
SIGN = "signe.svg"
