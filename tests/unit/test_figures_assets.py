"""The chart library served with the site is the one its provenance names."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "dashboard" / "assets"
BUNDLE = ASSETS / "00-plotly-basic-4.1.1.min.js"


def test_the_bundle_has_the_checksum_of_its_provenance() -> None:
    written = re.findall(r"`([0-9a-f]{64})`", (ASSETS / "PROVENANCE.md").read_text(encoding="utf-8"))
    assert written == [hashlib.sha256(BUNDLE.read_bytes()).hexdigest()]


def test_the_bundle_is_of_the_version_of_the_python_library() -> None:
    import plotly

    stock = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    version = re.search(r"plotly\.js v([\d.]+)", stock.read_text(encoding="utf-8")[:400])
    assert version is not None
    head = BUNDLE.read_text(encoding="utf-8")[:400]
    assert f"plotly.js (basic - minified) v{version[1]}" in head
    assert "MIT license" in head


def test_the_bundle_is_loaded_before_every_other_script() -> None:
    assert sorted(ASSETS.glob("*.js"))[0] == BUNDLE


def test_the_bundle_draws_without_webgl() -> None:
    assert 'getContext("webgl' not in BUNDLE.read_text(encoding="utf-8")
