"""Appointments as an iCalendar file (RFC 5545): times in UTC, lines folded at 75 octets, text escaped.

A calendar lies open on phones and on other people's servers. So nothing here tells of a patient or a complaint: an
entry is "Appointment", a place and a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from opentraction.quantities import BadInput

WIDE: Final = 75
"""Octets in a line, without its end."""
PRODUCT: Final = "-//OpenTraction//Agenda//EN"
_ESCAPES: Final = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `uid` never changes for an appointment, `sequence` grows with each change; times are aware."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    changed: datetime
    sequence: int = 0
    where: str = ""
    words: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        for name in ("start", "end", "changed"):
            if getattr(self, name).tzinfo is None:
                raise BadInput(f"entry.{name}", getattr(self, name).isoformat(), "a time that knows its zone")
        if self.end <= self.start:
            raise BadInput("entry.end", self.end.isoformat(), "a time after the start")


def calendar(entries: Iterable[Entry], name: str = "") -> bytes:
    """The file: UTF-8, lines ended by CR LF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    if name:
        lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for one in entries:
        lines += _entry(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def escaped(text: str) -> str:
    """TEXT as RFC 5545 3.3.11 asks; other control characters are left out."""
    for plain, written in _ESCAPES:
        text = text.replace(plain, written)
    return "".join(letter for letter in text if letter.isprintable())


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first begun by a space; no letter is cut in two."""
    piece, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > WIDE:
            yield piece
            piece, octets = " ", 1
        piece += letter
        octets += size
    yield piece


def _entry(one: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{_utc(one.changed)}",
        f"LAST-MODIFIED:{_utc(one.changed)}",
        f"SEQUENCE:{one.sequence}",
        f"DTSTART:{_utc(one.start)}",
        f"DTEND:{_utc(one.end)}",
        f"SUMMARY:{escaped(one.summary)}",
        f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
    ]
    lines += [f"LOCATION:{escaped(one.where)}"] if one.where else []
    lines += [f"DESCRIPTION:{escaped(one.words)}"] if one.words else []
    return [*lines, "END:VEVENT"]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
