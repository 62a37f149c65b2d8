"""A picture made small: what is drawn and in which colours, whatever the fonts and the smoothing of a machine.

The browser takes the picture of an element, without its texts, and brings it to a grid of squares, each the mean colour
of what it covers. Two grids are alike where few squares differ by more than smoothing explains.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from playwright.sync_api import Locator, Page

SIDE = 40
REFERENCES = Path(__file__).resolve().parent / "references"
# A square that a border crosses may move by this much, of 255, from a machine to another.
SMOOTHING = 24
HIDE = ".atlas__dessin text, .atlas__bulle { visibility: hidden !important; }"
SHRINK = """async ([png, side]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, side, side);
  return Array.from(pen.getImageData(0, 0, side, side).data).filter((_, place) => place % 4 < 3);
}"""
# A sheet added by the object model: the policy of the site refuses an element.
ADD = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets.push(sheet);
}"""
Grid = list[int]


def grid_of(page: Page, element: Locator) -> Grid:
    """The squares of an element as it is on the screen: red, green and blue of each, line after line."""
    page.evaluate(ADD, HIDE)
    picture = base64.b64encode(element.screenshot(animations="disabled")).decode()
    found: Grid = page.evaluate(SHRINK, [picture, SIDE])
    return found


def squares_apart(one: Grid, two: Grid) -> int:
    """How many squares differ by more than smoothing explains."""
    gaps = [abs(a - b) for a, b in zip(one, two, strict=True)]
    return sum(max(gaps[place : place + 3]) > SMOOTHING for place in range(0, len(gaps), 3))


def reference(name: str) -> Grid:
    """The grid kept under a name, as hexadecimal colours, a line of text a line of squares."""
    lines = json.loads((REFERENCES / f"{name}.json").read_text(encoding="utf-8"))
    return [value for line in lines for value in bytes.fromhex(line)]


def keep(name: str, grid: Grid) -> None:
    """Write a reference anew."""
    width = 3 * SIDE
    lines = [bytes(grid[start : start + width]).hex() for start in range(0, len(grid), width)]
    REFERENCES.mkdir(exist_ok=True)
    (REFERENCES / f"{name}.json").write_text(json.dumps(lines, indent=0) + "\n", encoding="utf-8")
