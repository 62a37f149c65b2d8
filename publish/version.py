"""Versions of releases: ``YEAR.QUARTER.REVISION``, with ``+demo`` where a release holds simulated rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from schemas.errors import UsageError

PATTERN = re.compile(r"(\d{4})\.([1-4])\.(0|[1-9]\d*)(\+demo)?")


@dataclass(frozen=True, order=True)
class Version:
    """A valid SemVer; orders by year, quarter, revision."""

    annee: int
    trimestre: int
    revision: int
    demo: bool

    @property
    def begins(self) -> date:
        """The first day of its quarter."""
        return date(self.annee, 3 * self.trimestre - 2, 1)

    def __str__(self) -> str:
        return f"{self.annee}.{self.trimestre}.{self.revision}{'+demo' if self.demo else ''}"


def parse_version(text: str) -> Version:
    """The version a text says. Raises UsageError where it is none."""
    found = PATTERN.fullmatch(text)
    if not found:
        raise UsageError(
            f"« {text} » n'est pas une version. Forme attendue : ANNÉE.TRIMESTRE.RÉVISION, "
            "par exemple 2026.3.0 ou 2026.3.0+demo."
        )
    return Version(int(found[1]), int(found[2]), int(found[3]), found[4] is not None)
