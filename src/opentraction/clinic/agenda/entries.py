"""Appointments as entries of a calendar. No name, no complaint: a calendar lies open on phones and foreign servers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from opentraction.care.booking import CANCELLED, NO_SHOW, Entry
from opentraction.clinic.agenda.models import Appointment, Feed

PAST, AHEAD = timedelta(days=14), timedelta(days=120)
DOMAIN: Final = "opentraction"


def entry_of(row: Appointment, where: str = "", words: str = "") -> Entry:
    """One appointment."""
    return Entry(
        uid=f"{row.uid}@{DOMAIN}",
        start=row.starts,
        end=row.ends,
        summary=_("Appointment"),
        changed=row.changed,
        sequence=row.sequence,
        where=where,
        words=words,
        cancelled=row.state in {CANCELLED, NO_SHOW},
    )


def for_patient(row: Appointment) -> Entry:
    """What a patient puts into their own calendar: the time and the place."""
    clinic = row.patient.clinic
    lines = [clinic.name, *clinic.address.splitlines()]
    words = _("To move or cancel, call {phone}.").format(phone=clinic.phone) if clinic.phone else ""
    return entry_of(row, ", ".join(filter(None, lines)), words)


def of_feed(feed: Feed, now: datetime) -> Iterable[Entry]:
    """What stands in the columns of one of the staff; all of the clinic's for somebody without a column."""
    rows = Appointment.objects.filter(
        patient__clinic=feed.clinic, starts__gt=now - PAST, starts__lt=now + AHEAD
    ).exclude(state__in=[CANCELLED, NO_SHOW])
    mine = feed.user.agenda_columns.filter(clinic=feed.clinic, active=True)
    if mine.exists():
        rows = rows.filter(holds__resource__in=mine, holds__stands=True).distinct()
    for row in rows.prefetch_related("holds__resource"):
        yield entry_of(row, ", ".join(one.name for one in row.taken if one.kind != "staff"))
