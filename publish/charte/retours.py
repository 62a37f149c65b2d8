"""Returns that are missing: where fewer came than were expected, a lower total may be nothing but a missing return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from publish.charte import formats
from publish.charte.i18n import Lang, texts

COLUMNS = ("attendues", "recues")
# What shares its reporters: breakdowns by anything else than those below repeat the same returns.
_GROUP = ("indicateur", "territoire_niveau", "ventilation")
OWN_RETURNS = ("service", "unite", "structure", "ligne_metro")


@dataclass(frozen=True)
class Returns:
    """Returns ``received`` of those ``expected``, and whether the values are provisional.

    ``least``: other values shown with this one are more complete.
    """

    received: int
    expected: int
    provisional: bool
    least: bool = False

    @property
    def share(self) -> float:
        """Those received of those expected."""
        return self.received / self.expected

    @property
    def missing(self) -> bool:
        """Whether some did not come."""
        return self.received < self.expected

    def words(self, lang: Lang) -> str:
        """« 24 déclarations utiles sur 27 attendues, valeurs provisoires »."""
        t = texts(lang)
        received, expected = (formats.nombre(count, lang) for count in (self.received, self.expected))
        counts = t("retours.recues", recues=received, attendues=expected)
        counts = t("retours.moindres", comptes=counts) if self.least else counts
        return t("retours.provisoires" if self.provisional else "retours.incompletes", comptes=counts)


def of_row(row: Any) -> Returns | None:
    """Returns of one row; None where it does not say, as for what no reporter is expected to send."""
    expected, received = (getattr(row, name, None) for name in COLUMNS)
    if not (formats.est_connu(expected) and formats.est_connu(received)):
        return None
    return Returns(int(received), int(expected), bool(getattr(row, "provisoire", False)))  # type: ignore[arg-type]


def incomplete(row: Any) -> bool:
    """Whether returns of a row are missing."""
    returns = of_row(row)
    return returns is not None and returns.missing


def of_frame(frame: pd.DataFrame) -> Returns | None:
    """Returns of the rows of one period; of several measures or breakdowns, those of the least complete.

    Rows by service, unit, structure, metro line or territory add up, each having its own reporters; others repeat the
    same returns.
    """
    if not set(COLUMNS) <= set(frame.columns):
        return None
    known = frame[frame["attendues"].notna() & frame["recues"].notna() & (frame["attendues"] > 0)]
    sums = [_sum(rows) for _, rows in known.groupby([*(name for name in _GROUP if name in known), _reporters(known)])]
    fewest = min(sums, key=lambda returns: returns.share, default=None)
    return fewest and replace(fewest, least=any(returns.share > fewest.share for returns in sums))


def _reporters(frame: pd.DataFrame) -> pd.Series:
    modalities = frame["modalite"] if "modalite" in frame else pd.Series("", index=frame.index)
    return modalities.mask(frame["ventilation"].isin(OWN_RETURNS), "") if "ventilation" in frame else modalities


def _sum(rows: pd.DataFrame) -> Returns:
    return Returns(
        int(rows["recues"].sum()), int(rows["attendues"].sum()), "provisoire" in rows and bool(rows["provisoire"].any())
    )


def last_period(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last period of a frame."""
    return frame[frame["periode_debut"] == frame["periode_debut"].max()] if len(frame) else frame


def subtitle(frame: pd.DataFrame, lang: Lang) -> str:
    """What the subtitle of a chart adds: the missing returns of its period, or of the last one; empty if none is.

    Of days, each of which is one return, those of all the days shown.
    """
    if frame.empty or not set(COLUMNS) <= set(frame.columns):
        return ""
    daily = bool((frame["granularite"] == "jour").all())
    shown = frame if daily else last_period(frame)
    returns = of_frame(shown)
    if returns is None or not returns.missing:
        return ""
    words, several = returns.words(lang), frame["periode_debut"].nunique() > 1 and not daily
    when = formats.a_la_periode(str(shown["periode"].iloc[0]), lang)
    return texts(lang)("retours.fin", quand=when, retours=words) if several else words
