"""What was said of a session that speaks against the next, course or no course: new signs, pain, blood pressure.

The numbers are those of the rules of a course (`prescription.progress`); who is treated without a course is no safer.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.models import COUNTS, ExaminationRow, SessionReport
from opentraction.clinic.outcomes.models.session_report import AFTER, BEFORE, NEXT
from opentraction.prescription.progress import shipped


@asked_once
def said_before(patient: Patient) -> str:
    """Pain or blood pressure told before the pull of a session that is open: as the rules A07 and A09 forbid it."""
    rows = SessionReport.objects.filter(session__patient=patient, session__ending="", moment=BEFORE, **COUNTS)
    rules = shipped()
    for row in rows:
        worst = max((one for one in (row.spine, row.limb) if one is not None), default=None)
        if worst is not None and worst >= rules["A07"]["stop"]:
            return _("Pain was told as {pain} of 10 before this pull. Examine first.").format(pain=worst)
        if row.systolic is not None and row.systolic >= rules["A09"]["systolic"]:
            said = _("Blood pressure was {systolic} mmHg before this pull. Have it treated first.")
            return said.format(systolic=row.systolic)
    return ""


def signs_since(patient: Patient, now: datetime) -> str:
    """A new symptom in the limb in the last session, or pain that moved outwards in the last ones; else empty.

    It stands until somebody has examined the patient after it was said.
    """
    last = _last(patient, int(shipped()["P21"]["times"]))
    if not last or examined_since(patient, _told(last[0]), now):
        return ""
    if _said(last[0], "new_distal"):
        return _("The last session left a new symptom in a leg, foot, arm or hand. Examine the patient first.")
    if len(last) == shipped()["P21"]["times"] and all(_said(one, "peripheralised") for one in last):
        return _("Pain moved away from the spine in the last sessions. Examine, and change the plan first.")
    return ""


def last_session_day(patient: Patient) -> date | None:
    """The day of the last pull; None before the first."""
    last = _last(patient, 1)
    return _day(last[0], patient) if last else None


def _last(patient: Patient, count: int) -> list[TreatmentSession]:
    """The newest sessions that pulled, the newest first."""
    rows = patient.sessions.exclude(ending="").order_by("-created")
    return [one for one in rows[: 10 * count] if one.pulled][:count]


def _said(session: TreatmentSession, what: str) -> bool:
    rows = SessionReport.objects.filter(session=session, moment__in=(AFTER, NEXT), **COUNTS)
    return any(getattr(row, what) for row in rows)


def _told(session: TreatmentSession) -> datetime:
    """When the last of it was said; before anything was said, when the session ended."""
    rows = SessionReport.objects.filter(session=session, moment__in=(AFTER, NEXT), **COUNTS)
    return max((row.at for row in rows), default=session.ended or session.created)


@asked_once
def examined_since(patient: Patient, since: datetime, now: datetime) -> bool:
    """Whether an examination counts that was made and written down after that moment. What an earlier one of the same
    day has not seen, it does not settle; one that found something grave stops by itself.
    """
    day = day_at(patient.clinic, since)
    rows = ExaminationRow.objects.filter(patient=patient, taken__gte=day, at__gt=since, at__lte=now, **COUNTS)
    return rows.exists()


def _day(session: TreatmentSession, patient: Patient) -> date:
    return day_at(patient.clinic, session.started or session.created)
