"""Taking advice: it becomes a draft of a prescription, for a clinician to see rehearsed and to sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.prescriptions import draft
from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.courses.models import AdviceRow, CourseRow
from opentraction.clinic.courses.models.advice import ACCEPTED, CHANGED
from opentraction.clinic.courses.standing import advice_for
from opentraction.clinic.models import Patient, Prescription
from opentraction.prescription.progress import Advice, SessionPrescription, plan_for_session
from opentraction.quantities import BadInput, State, check_line

LONGEST_TITLE = 120


@transaction.atomic
def take_advice(
    row: CourseRow,
    shown: str,
    *,
    by: User,
    now: datetime,
    force: float | None = None,
    length: float | None = None,
    why: str = "",
) -> AdviceRow:
    """A draft with the advised force and length, or with less of one and a reason. `shown` is the advice's hash.

    Raises BadInput where the advice has changed since it was shown, where none may be taken, and where a bound of the
    prescription refuses it.
    """
    roles.require(by, roles.PRESCRIBE, of=row)
    Patient.objects.select_for_update().get(pk=row.patient_id)
    advice = _as_shown(row, shown, now)
    kept = _decided(row, advice, _less(advice, force, length), why.strip(), by, now)
    kept.save()
    record("take advice", kept, by=by, decision=kept.decision, force_n=kept.force_n, length_s=kept.length_s)
    return kept


def _decided(row: CourseRow, advice: Advice, taken: Advice, why: str, by: User, now: datetime) -> AdviceRow:
    """The decision, with its draft: accepted as advised, or changed and why."""
    changed = (taken.force, taken.length) != (advice.force, advice.length)
    _check_why(why, wanted=changed)
    drafted = _drafted(row, taken, by, now)
    assert taken.force is not None  # no draft is made of advice without a force
    assert taken.length is not None
    return AdviceRow(
        course=row, session=advice.session, day=advice.day, canonical=advice.canonical(), sha256=advice.sha256,
        decision=CHANGED if changed else ACCEPTED, why=why if changed else "", force_n=taken.force,
        length_s=taken.length, prescription=drafted, by=by, at=now,
    )  # fmt: skip


def _as_shown(row: CourseRow, shown: str, now: datetime) -> Advice:
    """The advice of now, which is the one on the page. Raises BadInput."""
    advice = advice_for(row, now)
    if advice.sha256 != shown:
        raise BadInput("advice", State("another one now"), "the advice as it stands on the page; look again")
    return advice


def _check_why(why: str, *, wanted: bool) -> None:
    if wanted and not why:
        raise BadInput("why", State("missing"), "a reason for less than what is advised")
    check_line(why, "why", 500)


def _drafted(row: CourseRow, taken: Advice, by: User, now: datetime) -> Prescription:
    """The clinician's own prescription with the advice put in, as a draft."""
    base = base_of(row)
    return draft(row.patient, _title(base, taken), written(row, taken, base, now).document, by=by, replaces=base)


def base_of(row: CourseRow) -> Prescription:
    """The clinician's own newest signed prescription of the region: what advice is put into, session after session.

    What was drafted from advice is left out: a shortened first session would shorten all that follow. Raises BadInput.
    """
    rows = row.patient.prescriptions.filter(signed_at__isnull=False, advice=None)
    for one in rows.prefetch_related("plans"):
        if f'"region":"{row.region}"' in one.plans.all()[0].canonical:
            return one
    raise BadInput(
        "prescription", State("missing"), f"a signed prescription for the {row.region} spine; write one first"
    )


def written(row: CourseRow, advice: Advice, base: Prescription, now: datetime) -> SessionPrescription:
    """The document of the session, its plan, and what was changed. Raises BadInput."""
    person = row.patient.as_person(today_of(row.patient.clinic, now))
    return plan_for_session(advice, base.document, person)


def _less(advice: Advice, force: float | None, length: float | None) -> Advice:
    """The advice with a lower force or a shorter session."""
    if not advice.may_begin or advice.force is None or advice.length is None:
        raise BadInput("advice", State(str(advice.action)), "advice under which a session may begin")
    if force is not None and not 0.0 < force <= advice.force:
        raise BadInput(
            "force", f"{force:.0f} N", f"at most the advised {advice.force:.0f} N; write your own plan for more"
        )
    if length is not None and not 0.0 < length <= advice.length:
        raise BadInput("length", f"{length / 60.0:.0f} min", f"at most the advised {advice.length / 60.0:.0f} min")
    return replace(advice, force=force or advice.force, length=length or advice.length)


def _title(base: Prescription, advice: Advice) -> str:
    said = _("{title}, session {n}").format(title=base.title, n=advice.session)
    return said if len(said) <= LONGEST_TITLE else base.title
