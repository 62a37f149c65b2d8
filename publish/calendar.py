"""The release calendar announced ahead: read in a release, and written as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from publish.reader import Release

TABLE = "calendrier"
# RFC 5545, 3.1: a line holds 75 octets at most, without its end.
WIDTH = 75
STATUS = {"prevue": "TENTATIVE"}
NAME = "Publications de l'observatoire du plan crack"


@dataclass(frozen=True)
class Planned:
    """A release to come: its quarter (``2026-T3``), its version, the day announced, and what that day is worth."""

    trimestre: str
    version: str
    jour: date
    etat: str
    note: str
    note_en: str


def planned(release: Release) -> tuple[Planned, ...]:
    """The calendar a release announces, earliest first; empty where it has none."""
    if TABLE not in release.tables:
        return ()
    rows = release.query("select trimestre, version, date_prevue, etat, note, note_en from calendrier order by 3")
    return tuple(
        Planned(quarter, version, day.date(), state, note or "", note_en or "")
        for quarter, version, day, state, note, note_en in rows.astype(object).where(rows.notna(), None).to_numpy()
    )


def icalendar(events: Sequence[Planned], *, stamp: date, address: str) -> str:
    """The calendar as RFC 5545 text: a whole day for each release, whose identifier never changes.

    ``stamp`` is the day of the release that announces it; ``address`` the page that tells of it.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Observatoire du plan crack//Calendrier des publications//FR",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(NAME)}",
        *(line for event in events for line in _event(event, stamp, address)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Planned, stamp: date, address: str) -> Iterable[str]:
    told = f"Version {event.version}. {event.note} / {event.note_en}" if event.note else f"Version {event.version}."
    return (
        "BEGIN:VEVENT",
        f"UID:publication-{event.trimestre}@observatoire-plan-crack",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{event.jour:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.jour + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(f'Observatoire du plan crack, publication {event.trimestre}')}",
        f"DESCRIPTION:{_escaped(told)}",
        f"URL:{address}",
        f"STATUS:{STATUS.get(event.etat, 'CONFIRMED')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets, the next ones after a space, no character cut in two."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > WIDTH:
            yield piece
            piece = " "
        piece += letter
    yield piece
