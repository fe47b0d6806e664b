"""How a patient stands with examination and adverse events: what the gate at the table and the consents ask."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.adverse import taxonomy
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, ExaminationRow
from opentraction.clinic.outcomes.rows_of import event_rows
from opentraction.clinic.outcomes.signs import said_before

_DEATH = 5


def stops_today(patient: Patient, now: datetime) -> str:
    """Why no treatment may begin, in a sentence: a new deficit, or an adverse event that holds it up. Else empty.

    A deficit stands until a clinician has lifted the stop in writing, whatever a later examination shows; an event
    until a clinician's follow-up closes it (`care.adverse.holds`); what was said before the pull of a session that is
    open, as long as it stands there.
    """
    return _deficit(patient, now) or _event(patient, now) or said_before(patient)


def serious_event_since(patient: Patient, when: datetime) -> bool:
    """Whether a serious adverse event began or became known after `when`, open or closed by now."""
    later = serious_events(patient).filter(onset__gt=when) | serious_events(patient).filter(reported__gt=when)
    return later.exists()


@asked_once
def unlifted(patient: Patient, now: datetime) -> ExaminationRow | None:
    """The newest examination that stops the treatment and that no clinician has lifted."""
    rows = ExaminationRow.objects.filter(patient=patient, stops=True, lifted=None, at__lte=now, **COUNTS)
    return rows.order_by("-taken", "-id").first()


@asked_once
def open_event(patient: Patient, now: datetime) -> AdverseEventRow | None:
    """The newest event that holds the treatment up and is open, or was a death; serious ones first."""
    known = (row for row in event_rows(patient) if row.at <= now)
    for row in sorted(known, key=lambda one: not one.serious):
        if (row.holds and row.is_open) or row.severity == _DEATH:
            return row
    return None


def serious_events(patient: Patient) -> QuerySet[AdverseEventRow]:
    """All that count, whether open or not."""
    return AdverseEventRow.objects.filter(patient=patient, serious=True, **COUNTS)


def _deficit(patient: Patient, now: datetime) -> str:
    row = unlifted(patient, now)
    if row is None:
        return ""
    first = row.grave[0]
    said = _("The examination of {day} stops the treatment: {what} ({rule}). Refer the patient.")
    return said.format(day=_day(row.taken), what=str(first["words"]).rstrip("."), rule=first["rule"])


def _event(patient: Patient, now: datetime) -> str:
    row = open_event(patient, now)
    if row is None:
        return ""
    said = _("An adverse event of {day} is open: {what}. A clinician looks and closes it first.")
    if row.serious:
        said = _("A serious adverse event of {day} is open: {what}. A clinician closes it first.")
    return said.format(day=_day(row.onset), what=taxonomy().kinds[row.kind].name)


def _day(moment: date) -> str:
    return date_format(moment, "j F Y")
