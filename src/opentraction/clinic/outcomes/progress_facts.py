"""What the course of treatment (`prescription.progress`) asks of the record: sessions as they went, and scores.

What was not asked is None, never zero and never good.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from opentraction.care.outcomes import Form
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.courses import Course, comfort_of, courses_of, forms_of, session_day
from opentraction.clinic.outcomes.models import COUNTS, ExaminationRow, SessionReport
from opentraction.clinic.outcomes.models.session_report import AFTER, BEFORE, NEXT
from opentraction.prescription import Plan
from opentraction.prescription.progress import Pain, Scores, SessionDone
from opentraction.prescription.segments import highest

PLACES = {"lumbar": ("nprs_back", "nprs_leg"), "cervical": ("nprs_neck", "nprs_arm")}
"""Pain at the spine, and in the limb, by region."""


def sessions_done(patient: Patient, now: datetime) -> tuple[SessionDone, ...]:
    """The sessions of the course that goes on now, in order, with what the patient said of each."""
    course = courses_of(patient, now)[-1]
    reports = _reports(course)
    return tuple(session_done(one, patient, reports.get(str(one.pk), {})) for one in course.sessions)


def session_done(session: TreatmentSession, patient: Patient, reports: dict[str, SessionReport]) -> SessionDone:
    """One session as the rules of progress read it; `reports` by moment. Raises BadInput."""
    before, after, later = (reports.get(moment) for moment in (BEFORE, AFTER, NEXT))
    summary, plan = session.summary or {}, Plan.from_canonical(session.plan.canonical)
    return SessionDone(
        day=session_day(session, patient),
        force=max(highest(row) for row in plan.rows),
        length=plan.total_time,
        treated=_number(summary, "treatment_s"),
        ending=session.ending or None,
        before=_pain(before),
        after=_pain(after),
        felt=after.felt if after else None,
        comfort=comfort_of(session),
        soreness_hours=later.soreness_hours if later else None,
        peripheralised=_either(after, later, "peripheralised"),
        new_distal=_either(after, later, "new_distal"),
        dizzy=_either(after, later, "dizzy"),
        systolic_before=before.systolic if before else None,
        systolic_after=after.systolic if after else None,
        stop_reason=after.stop_reason if after else "",
        ended=session.ended,
    )


def reports_of(session: TreatmentSession) -> dict[str, SessionReport]:
    """What counts of one session, by moment."""
    return {row.moment: row for row in SessionReport.objects.filter(session=session, **COUNTS)}


def scores_of(forms: Iterable[Form], region: str) -> tuple[Scores, ...]:
    """The scores of each day on which something was asked, in order."""
    days: dict[date, dict[str, float | None]] = {}
    for form in forms:
        days.setdefault(form.taken, {})[form.instrument] = form.score().value
    spine, limb = PLACES.get(region, PLACES["lumbar"])
    return tuple(_scores(day, told, spine, limb) for day, told in sorted(days.items()))


def baseline_of(patient: Patient, now: datetime) -> Scores | None:
    """The scores from before the first pull of the course that goes on, each instrument's last; None where none are."""
    course = courses_of(patient, now)[-1]
    before: dict[str, float | None] = {}
    forms = [form for form in forms_of(patient) if form.taken <= course.facts.started]
    for form in forms:
        if form.score().valid:
            before[form.instrument] = form.score().value
    spine, limb = PLACES.get(patient.region, PLACES["lumbar"])
    return _scores(forms[-1].taken, before, spine, limb) if before else None


def strength_now(patient: Patient) -> tuple[int | None, int | None]:
    """Grades lost between the last two examinations at the muscle that lost most, and the weakest grade of the last.

    None where no muscle was examined (twice).
    """
    rows = list(ExaminationRow.objects.filter(patient=patient, **COUNTS).order_by("-taken", "-id")[:2])
    if not rows or not rows[0].examination.strength:
        return None, None
    now = rows[0].examination.strength
    then = rows[1].examination.strength if len(rows) > 1 else {}
    both = [then[key] - grade for key, grade in now.items() if key in then]
    return max(0, *both) if both else None, min(now.values())


def _reports(course: Course) -> dict[str, dict[str, SessionReport]]:
    found: dict[str, dict[str, SessionReport]] = {}
    for row in SessionReport.objects.filter(session__in=course.sessions, **COUNTS):
        found.setdefault(str(row.session_id), {})[row.moment] = row
    return found


def _pain(row: SessionReport | None) -> Pain:
    return Pain(row.spine, row.limb) if row else Pain()


def _either(after: SessionReport | None, later: SessionReport | None, name: str) -> bool | None:
    """Yes where one of them says so; no where one says no and none says yes; else not asked."""
    said = [value for row in (after, later) if row is not None and (value := getattr(row, name)) is not None]
    return any(said) if said else None


def _scores(day: date, told: dict[str, float | None], spine: str, limb: str) -> Scores:
    return Scores(
        day=day,
        pain=Pain(_whole(told.get(spine)), _whole(told.get(limb))),
        rmdq=_whole(told.get("rmdq")),
        odi=told.get("odi"),
        ndi=_percent(told.get("ndi")),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _percent(value: float | None) -> float | None:
    """NDI is kept as 0 to 50 points."""
    return None if value is None else 2.0 * value


def _number(summary: dict[str, Any], key: str) -> float | None:
    value = summary.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
