"""Ordering a home programme, changing it, ending it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from opentraction.care.home import exercises
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.home.facts import facts_now
from opentraction.clinic.home.models import ProgrammeRow
from opentraction.clinic.home.standing import newest_order, standing, week_of
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State, check_line

DEVICES: Final = tuple(one.id for one in exercises().values() if one.order_needed)
"""What a clinician must order by name."""
_LONGEST: Final = 200
_OLDEST_DAYS: Final = 366


@transaction.atomic
def order(patient: Patient, devices: Iterable[str], began: date, *, by: User, now: datetime) -> ProgrammeRow:
    """From now on this programme, that began on `began`, with these devices. Raises BadInput.

    Whoever treats may order; a device that was not ordered before is for a clinician.
    """
    roles.require(by, roles.TREAT, of=patient)
    here, wanted = standing(patient, now), sorted(set(devices))
    _check(wanted, began, here.today)
    before = set(here.order.ordered) if here.order else set()
    if not set(wanted) <= before and not roles.may(by, roles.PRESCRIBE):
        raise PermissionDenied("You may not order a device here. Ask a clinician.")
    return _keep(patient, wanted, began, by, now, "order home programme")


@transaction.atomic
def end(patient: Patient, because: str, *, by: User, now: datetime) -> ProgrammeRow:
    """Nothing more at home. Raises BadInput where nothing was ordered or no reason is given."""
    roles.require(by, roles.TREAT, of=patient)
    newest = newest_order(patient)
    if newest is None or newest.ended:
        raise BadInput("home programme", State("not there"), "a patient who has one")
    why = check_line(because, "because", _LONGEST).strip()
    if len(why) < 3:
        raise BadInput("because", why, "why it ends, in a few words")
    return _keep(patient, newest.ordered, newest.began, by, now, "end home programme", because=why, ended=True)


def _check(devices: list[str], began: date, today: date) -> None:
    for one in devices:
        if one not in DEVICES:
            raise BadInput("devices", one, "one of " + ", ".join(DEVICES))
    if not 0 <= (today - began).days <= _OLDEST_DAYS:
        raise BadInput("began", began.isoformat(), f"a day up to today, {today.isoformat()}, of the last year")


def _keep(
    patient: Patient, devices: list[str], began: date, by: User, now: datetime, act: str, because: str = "",
    ended: bool = False,
) -> ProgrammeRow:  # fmt: skip
    here = standing(patient, now)
    week = week_of(began, here.today)
    made = here.made(devices, week)
    row = ProgrammeRow(
        patient=patient, began=began, week=week, ordered=devices, facts=facts_now(patient, now),
        document=made.canonical(), sha256=made.sha256, ended=ended, because=because, by=by, at=now,
    )  # fmt: skip
    row.save()
    more: dict[str, Any] = {"because": because} if because else {}
    record(act, row, by=by, week=week, ordered=devices, sha256=row.sha256, **more)
    return row
