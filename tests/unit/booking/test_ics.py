"""iCalendar: folding, escaping, times, and nothing that tells why somebody comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.booking import Entry, calendar
from opentraction.care.booking.ics import escaped, folded
from opentraction.quantities import BadInput

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def entry(**more: object) -> Entry:
    base = {
        "uid": "a@x",
        "start": START,
        "end": START + timedelta(minutes=45),
        "summary": "Appointment",
        "changed": START,
    }
    return Entry(**{**base, **more})  # type: ignore[arg-type]


def unfolded(file: bytes) -> list[str]:
    """As a reader reads it: line ends taken out before a space, then cut at the rest."""
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_whole_file() -> None:
    zoned = datetime(2026, 3, 30, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    one = entry(start=zoned, end=zoned + timedelta(minutes=45), where="Main street 1,\nTown", sequence=2)
    assert unfolded(calendar([one], "Table 1; mine")) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OpenTraction//Agenda//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Table 1\\; mine",
        "BEGIN:VEVENT",
        "UID:a@x",
        "DTSTAMP:20260302T080000Z",
        "LAST-MODIFIED:20260302T080000Z",
        "SEQUENCE:2",
        "DTSTART:20260330T070000Z",
        "DTEND:20260330T074500Z",
        "SUMMARY:Appointment",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
        "LOCATION:Main street 1\\,\\nTown",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert "STATUS:CANCELLED" in unfolded(calendar([entry(cancelled=True)]))


def test_text_is_escaped_and_cannot_add_a_line() -> None:
    assert escaped("a\\b;c,d\r\ne\nf\rg\x00\x1b") == "a\\\\b\\;c\\,d\\ne\\nf\\ng"
    file = calendar([entry(summary="x\r\nBEGIN:VALARM", words="y\nATTACH:z")])
    assert not any(line.startswith(("BEGIN:VALARM", "ATTACH")) for line in unfolded(file))


@given(st.text(max_size=300))
def test_every_line_is_short_and_comes_back_whole(text: str) -> None:
    line = escaped(text)
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece[0] == " " for piece in pieces[1:])
    file = calendar([entry(summary=text)])
    assert all(len(part) <= 75 for part in file.split(b"\r\n"))
    assert f"SUMMARY:{line}" in unfolded(file)


def test_times_know_their_zone_and_run_forward() -> None:
    with pytest.raises(BadInput):
        entry(start=datetime(2026, 3, 2, 8))  # noqa: DTZ001
    with pytest.raises(BadInput):
        entry(end=START)
