"""Days and times as the agenda says them, on the clinic's own clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care import booking
from opentraction.clinic.agenda.models import Appointment


def day_words(day: date) -> str:
    """`Tue 24 Nov`."""
    return date_format(day, "D j M")


def long_day(day: date) -> str:
    """`Tuesday 24 November 2026`."""
    return date_format(day, "l j F Y")


def clock(at: datetime, zone: ZoneInfo) -> str:
    """`14:00`; in the doubled hour with its offset, since the same time comes twice that night."""
    wall = at.astimezone(zone)
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return f"{wall:%H:%M}" + (f" ({wall:%Z})" if twice else "")


def when(at: datetime, zone: ZoneInfo) -> str:
    """`Tue 24 Nov, 14:00`."""
    return f"{day_words(booking.day_of(at, zone))}, {clock(at, zone)}"


def state_words(row: Appointment) -> str:
    """How an appointment stands; of one that cannot take place, whom to ask."""
    if row.held:
        return _("{state}: ask a clinician").format(state=_state(row))
    return _state(row)


def _state(row: Appointment) -> str:
    if row.state == booking.ARRIVED and row.late_min:
        return _("here, {n} min late").format(n=row.late_min)
    words = {
        booking.BOOKED: _("booked"),
        booking.ARRIVED: _("here"),
        booking.DONE: _("done"),
        booking.CANCELLED: _("cancelled"),
        booking.NO_SHOW: _("did not come"),
    }
    return words[row.state]


def kind_words(key: str) -> str:
    """The title of a kind."""
    titles = {
        "session": _("Session"),
        "intake": _("Intake"),
        "reassessment": _("Reassessment"),
        "home": _("Home exercise lesson"),
    }
    return titles.get(key, key)
