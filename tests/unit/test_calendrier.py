"""The release calendar: dates by the rule, iCalendar that any agenda reads."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from fixtures_release import write_releases
from werkzeug.test import Client

from dashboard.app import create_app
from publish.calendar import Planned, icalendar, planned
from publish.reader import Releases
from schemas.contract import ROOT

TABLE = ROOT.parent / "data" / "reference" / "calendrier.csv"
STAMP = date(2026, 11, 22)
ADDRESS = "https://exemple.fr/fr/versions#calendrier"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unfolded(text: str) -> list[str]:
    """The lines of RFC 5545, 3.1, put together again."""
    return re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")


def test_a_year_ahead_is_announced_eleven_weeks_after_each_quarter() -> None:
    assert len(rows()) >= 4
    for row in rows():
        year, quarter = int(row["trimestre"][:4]), int(row["trimestre"][-1])
        after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        assert date.fromisoformat(row["date_prevue"]) == after - timedelta(days=1) + timedelta(weeks=11)


def test_every_event_says_what_rfc_5545_asks() -> None:
    events = [Planned("2026-T3", "2026.3.0", date(2026, 12, 16), "prevue", "", "")]
    events.append(Planned("2026-T4", "2026.4.0", date(2027, 3, 25), "reportee", "Attente, d'un retour ; long", "Late"))
    lines = unfolded(icalendar(events, stamp=STAMP, address=ADDRESS))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "UID:publication-2026-T3@observatoire-plan-crack" in lines
    assert lines.count("DTSTAMP:20261122T000000Z") == 2
    assert "DTSTART;VALUE=DATE:20261216" in lines
    assert "DTEND;VALUE=DATE:20261217" in lines
    assert [line for line in lines if line.startswith("STATUS:")] == ["STATUS:TENTATIVE", "STATUS:CONFIRMED"]
    assert any(line.startswith("DESCRIPTION:") and "Attente\\, d'un retour \\; long" in line for line in lines)


def test_an_event_keeps_its_identifier_when_its_date_moves() -> None:
    uid = "UID:publication-2026-T3@observatoire-plan-crack"
    for day in (date(2026, 12, 16), date(2027, 1, 6)):
        event = Planned("2026-T3", "2026.3.0", day, "reportee", "a", "b")
        assert uid in unfolded(icalendar([event], stamp=STAMP, address=ADDRESS))


@pytest.mark.parametrize("letter", ["a", "é", "€", "𝄞"])
def test_lines_are_folded_at_75_octets_and_no_character_is_cut(letter: str) -> None:
    event = Planned("2026-T3", "2026.3.0", date(2026, 12, 16), "reportee", letter * 200, "n")
    text = icalendar([event], stamp=STAMP, address=ADDRESS)
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert any(letter * 200 in line for line in unfolded(text))


@pytest.fixture
def client(tmp_path: Path) -> Client:
    frame = pd.read_csv(TABLE, parse_dates=["date_prevue"], dtype={"note": "str", "note_en": "str"})
    return create_app(write_releases(tmp_path, instead={"calendrier": frame})).server.test_client()


def test_the_server_gives_the_calendar_and_the_page_shows_it(client: Client) -> None:
    answer = client.get("/calendrier.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.get_data(as_text=True).count("BEGIN:VEVENT") == len(rows())
    assert client.get("/calendrier.ics", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    page = client.get("/fr/versions").get_data(as_text=True).replace("\u00a0", " ")
    assert "16 décembre 2026" in page
    assert "onze semaines" in page


def test_a_release_without_a_calendar_announces_nothing(small_releases: Path) -> None:
    assert planned(Releases(small_releases).release()) == ()
    answer = create_app(small_releases).server.test_client().get("/calendrier.ics")
    assert "BEGIN:VEVENT" not in answer.get_data(as_text=True)
