"""What a report is made of: chapters of texts, key figures, tables and images. Words and numbers, no layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from publish.comite.mots import Fact


@dataclass(frozen=True)
class Text:
    """A paragraph; ``style`` is ``corps``, ``note`` or ``liste`` (an item of one)."""

    text: str
    style: str = "corps"


@dataclass(frozen=True)
class Facts:
    """Key figures side by side."""

    items: Sequence[Fact]


@dataclass(frozen=True)
class Heading:
    """A title inside a chapter."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its share of the width; ``number`` puts its cells to the right."""

    name: str
    width: float = 1.0
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption; ``strong`` is the place of the column in bold, -1 for none."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    strong: int = 0


@dataclass(frozen=True)
class Image:
    """A drawing: its title, what it says to who does not see it, what is written under it; ``width`` in percent."""

    title: str
    subtitle: str
    svg: str
    alt: str
    words: Sequence[str] = ()
    width: int = 100


@dataclass(frozen=True)
class Pairs:
    """Images two by two, side by side."""

    items: Sequence[Image]


Block = Text | Facts | Heading | Table | Image | Pairs


@dataclass(frozen=True)
class Chapter:
    """A part of the report; ``apart`` begins on a new page."""

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    apart: bool = False


def written(value: Any) -> Any:
    """A chapter or a block as the template reads it: its fields, and ``genre``, the name of its class."""
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    return {"genre": type(value).__name__} | {
        name: written(getattr(value, name)) for name in value.__dataclass_fields__
    }
