"""Every target by its name, and the bytes to begin with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.fuzz import descriptors, files, web

Target = Callable[[bytes], None]

TARGETS: dict[str, Target] = {
    "csv": files.csv_target,
    "xlsx": files.xlsx_target,
    "ods": files.ods_target,
    "contrat": descriptors.descriptor_target,
    "site": web.site_target,
    "api": web.api_target,
    "curseur": web.cursor_target,
    "rappel": web.callback_target,
}
SEED = 20261122
SEEDS = 60


def seeds() -> Iterator[bytes]:
    """Bytes to begin with: nothing, then decisions drawn at random, the first one most often."""
    draw = random.Random(SEED)
    yield b""
    for _ in range(SEEDS):
        yield bytes(draw.randrange(256) if draw.random() < 0.6 else 0 for _ in range(draw.randrange(8, 200)))
