"""Answers on their way, forms handed in, and their corrections."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from opentraction.care.outcomes import Form, instrument
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.days import day_at
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import courses_of, every_due, forms_of
from opentraction.clinic.outcomes.models import OutcomeDraft, OutcomeForm
from opentraction.quantities import BadInput

LONGEST_WHY = 300


def open_draft(patient: Patient, what: str) -> OutcomeDraft | None:
    """What is half answered; None where nothing is."""
    return OutcomeDraft.objects.filter(patient=patient, what=what, ended=None).first()


@transaction.atomic
def keep_draft(patient: Patient, what: str, answers: dict[str, Any], own: dict[str, str], *, by: User) -> OutcomeDraft:
    """Save what was answered so far. Beginning is an act; each answer after it is not."""
    may_write(by, patient)
    hold(patient)
    draft = open_draft(patient, what) or OutcomeDraft(patient=patient, what=what, begun=timezone.now(), by=by)
    begun = draft.pk is None
    draft.answers, draft.own = answers, own
    draft.save()
    if begun:
        record("begin form", draft, by=by, what=what)
    return draft


@transaction.atomic
def throw_away(draft: OutcomeDraft, *, by: User) -> None:
    """Begin again from nothing; what was half answered is kept out of sight."""
    may_write(by, draft.patient)
    draft.ended = timezone.now()
    draft.save()
    record("throw away form", draft, by=by, what=draft.what)


@transaction.atomic
def hand_in(
    patient: Patient, form: Form, *, by: User, replaces: OutcomeForm | None = None, because: str = ""
) -> OutcomeForm:
    """Keep a form with at least one answer, as it was given; in place of `replaces` where it corrects one.

    Raises BadInput for a form without an answer, a day to come, a correction without a reason.
    """
    may_write(by, patient)
    hold(patient)
    check_day(form.taken, patient, "taken")
    if not any(value is not None for value in form.answers.values()):
        raise BadInput("answers", "empty", "at least one answer; leave the form out where there is none")
    row = OutcomeForm(
        patient=patient, instrument=form.instrument, taken=form.taken, way=form.way, value=form.score().value,
        occasion=_occasion(patient, form), canonical=form.canonical(), sha256=form.sha256, by=by, at=timezone.now(),
        **_correcting(replaces, because),
    )  # fmt: skip
    row.save()
    _end_draft(patient, form.instrument)
    record("correct form" if replaces else "hand in form", row, by=by, **_told(row))
    return row


@transaction.atomic
def withdraw_form(row: OutcomeForm, because: str, *, by: User) -> OutcomeForm:
    """A form that should not be there, as one of another patient: it stays, but counts no more. Raises BadInput."""
    may_write(by, row.patient)
    hold(row.patient)
    gone = OutcomeForm(
        patient=row.patient, instrument=row.instrument, taken=row.taken, way=row.way, value=row.value, occasion="",
        canonical=row.canonical, sha256=row.sha256, by=by, at=timezone.now(), withdrawn=True,
        **_correcting(row, because),
    )  # fmt: skip
    gone.save()
    record("withdraw form", gone, by=by, **_told(gone))
    return gone


def may_write(by: User, patient: Patient) -> None:
    """Staff who record outcomes; and in the portal the patient, of themselves."""
    place = roles.place_of(by)
    if place is not None and roles.PORTAL in place.acts and place.patient == patient.pk:
        return
    roles.require(by, roles.OUTCOMES, of=patient)


def check_day(day: date, patient: Patient, where: str) -> None:
    """A day that has come, of a person who was born. Raises BadInput."""
    today = day_at(patient.clinic, timezone.now())
    if not patient.birth_date <= day <= today:
        raise BadInput(where, day.isoformat(), f"a day up to today, {today.isoformat()}")


def check_why(because: str) -> str:
    """The reason of a correction. Raises BadInput."""
    words = " ".join(because.split())
    if not 3 <= len(words) <= LONGEST_WHY:
        raise BadInput("because", words or "empty", f"why it is corrected, in 3 to {LONGEST_WHY} letters")
    return words


def _correcting(replaces: OutcomeForm | None, because: str) -> dict[str, Any]:
    if replaces is None:
        return {}
    if OutcomeForm.objects.filter(replaces=replaces).exists():
        raise BadInput("form", "corrected already", "the form that counts; open it and correct that one")
    return {"replaces": replaces, "because": check_why(because)}


def _occasion(patient: Patient, form: Form) -> str:
    """The moment of the schedule that this form answers; empty for one in between."""
    courses = courses_of(patient, timezone.now())
    every = every_due(courses, [*forms_of(patient), form], day_at(patient.clinic, timezone.now()))
    own = [one for one in every if one.instrument == form.instrument and one.taken == form.taken]
    return own[-1].occasion if own else ""


def _end_draft(patient: Patient, name: str) -> None:
    draft = open_draft(patient, name)
    if draft is not None:
        draft.ended = timezone.now()
        draft.save()


def _told(row: OutcomeForm) -> dict[str, Any]:
    told = {"instrument": instrument(row.instrument).id, "taken": row.taken.isoformat(), "sha256": row.sha256}
    return told | ({"because": row.because, "instead_of": row.replaces_id} if row.replaces_id else {})
