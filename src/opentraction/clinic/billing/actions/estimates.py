"""Keeping an estimate, and noting when it was given."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.money import CourseEstimate, GoodFaith, good_faith
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.models import EstimateGiven, EstimateRow, books_of, person_of
from opentraction.clinic.billing.models.estimate import HOW
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput


@transaction.atomic
def keep_estimate(
    patient: Patient, course: CourseEstimate, booked_on: date | None, *, by: User, now: datetime
) -> EstimateRow:
    """Keep an estimate as it was reckoned, with its good-faith estimate where the clinic's numbers allow one."""
    roles.require(by, roles.BILL, of=patient)
    row = EstimateRow(patient=patient, made_on=course.order.made_on, booked_on=booked_on, at=now, by=by)
    row.keep(course)
    form = good_faith_of(patient, course)
    if isinstance(form, GoodFaith):
        row.good_faith, row.good_faith_sha256 = form.canonical(), form.sha256
    row.save()
    record("make estimate", row, by=by, planned=course.planned.total.written(), sha256=row.sha256)
    return row


def good_faith_of(patient: Patient, course: CourseEstimate) -> GoodFaith | BadInput:
    """The good-faith estimate, or what it still needs."""
    try:
        return good_faith(course, books_of(patient.clinic).side(), person_of(patient, clinical=True))
    except BadInput as refusal:
        return refusal


@transaction.atomic
def give_estimate(row: EstimateRow, on: date, how: str, *, by: User, now: datetime) -> EstimateGiven:
    """Note the day the patient got it, once. Raises BadInput for a day before it was made, or a second time."""
    roles.require(by, roles.BILL, of=row)
    locked = EstimateRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if EstimateGiven.objects.filter(estimate=locked).exists():
        raise BadInput("given on", on.isoformat(), "one day; it is noted already")
    if on < row.made_on:
        raise BadInput("given on", on.isoformat(), f"{row.made_on.isoformat()} or later, after it was made")
    if how not in dict(HOW):
        raise BadInput("how", how, "one of " + ", ".join(dict(HOW)))
    given = EstimateGiven(estimate=locked, on=on, how=how, at=now, by=by)
    given.save()
    record("give estimate", row, by=by, on=on.isoformat(), how=how)
    return given
