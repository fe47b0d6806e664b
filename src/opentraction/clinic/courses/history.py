"""Everything the rules of progress ask, gathered from the record: sessions, scores, screening, consent, today's check.

What was not asked is None, never zero and never good.
"""

from __future__ import annotations

from datetime import date, datetime

from opentraction.clinic.agenda.diary import today_of, zone_of
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.courses.models import CourseRow, TodayCheck
from opentraction.clinic.intake.standing import screened, visit_today
from opentraction.clinic.outcomes.courses import forms_of
from opentraction.clinic.outcomes.models import COUNTS, ExaminationRow
from opentraction.clinic.outcomes.progress_facts import baseline_of, scores_of, sessions_done, strength_now
from opentraction.prescription.progress import Check, History, Pain, Screened, warning_signs


@asked_once
def history_of(row: CourseRow, now: datetime) -> History:
    """What is known of a course at `now`. Raises BadInput where a document was altered."""
    patient, terms = row.patient, row.terms
    said = screened(patient, row.region, now)
    consent = consent_today(patient, row.region, now).consent
    return History(
        sessions=tuple(one for one in sessions_done(patient, now) if one.day >= terms.start),
        baseline=baseline_of(patient, now),
        scores=scores_of(forms_of(patient), row.region),
        screened=Screened.of(said) if said is not None else None,
        consented=consent.signed.astimezone(zone_of(patient.clinic)).date() if consent else None,
        check=check_of(row, now),
        reviews=tuple(one.review for one in row.reviews.all()),
        onset=terms.onset,
        imaging_fits=terms.imaging_fits,
        asks_surgeon=terms.asks_surgeon,
    )


@asked_once
def check_of(row: CourseRow, now: datetime) -> Check | None:
    """Today's check: screening's questions of the day, and what was examined besides; None where neither was done."""
    today = today_of(row.patient.clinic, now)
    visit = visit_today(row.patient, row.region, now)
    if visit is not None and visit.at.astimezone(zone_of(row.patient.clinic)).date() != today:
        visit = None
    own = TodayCheck.objects.filter(course=row, day=today, at__lte=now).last()
    if visit is None and own is None:
        return None
    drop, weakest = _strength(row, own, today)
    return Check(
        day=today,
        pain=Pain(own.spine, own.limb) if own else Pain(),
        red_flags=warning_signs(visit) if visit else None,
        strength_drop=drop,
        weakest_muscle=weakest,
        new_distal=own.new_distal if own else None,
        systolic=own.systolic if own else None,
        diastolic=own.diastolic if own else None,
        says=visit.action.name if visit else None,
    )


def _strength(row: CourseRow, own: TodayCheck | None, today: date) -> tuple[int | None, int | None]:
    """As written today; else as a whole examination of today found."""
    drop, weakest = (own.strength_drop, own.weakest_muscle) if own else (None, None)
    if (drop is None or weakest is None) and _examined(row, today):
        found = strength_now(row.patient)
        drop, weakest = (one if one is not None else two for one, two in zip((drop, weakest), found, strict=True))
    return drop, weakest


def _examined(row: CourseRow, today: date) -> bool:
    return ExaminationRow.objects.filter(patient=row.patient_id, taken=today, **COUNTS).exists()
