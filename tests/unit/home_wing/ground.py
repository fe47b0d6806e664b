"""People and logs for the tests of the home programme."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from opentraction.clinic import roles
from opentraction.clinic.home.actions.asking import keep_facts
from opentraction.clinic.home.actions.logging import take_entry
from opentraction.clinic.home.actions.ordering import order
from opentraction.clinic.home.models import HomeEntry, ProgrammeRow
from opentraction.clinic.models import Patient, PatientAccount
from tests.clinic_ground import user_with
from tests.unit.care_home.people import well

ASKED = {name: value for name, value in well().items() if name != "verdict"}


def patient_user(patient: Patient) -> User:
    """The patient's own sign-in."""
    account = PatientAccount.objects.filter(patient=patient).first()
    if account is not None:
        return account.user
    user = user_with(roles.PATIENT, patient.clinic)
    PatientAccount.objects.create(user=user, patient=patient)
    return user


def ordered(patient: Patient, by: User, now: datetime, *, days: int = 0, devices: tuple[str, ...] = ()) -> ProgrammeRow:
    """A programme that began some days ago, all questions answered."""
    keep_facts(patient, ASKED, by=by, now=now)
    return order(patient, devices, (now - timedelta(days=days)).date(), by=by, now=now)


def told(uid: str, at: datetime, exercise: str = "brace", **more: Any) -> dict[str, Any]:
    """What a phone posts."""
    return {
        "id": f"entry-{uid:0>6}", "exercise": exercise, "at": at.isoformat(), "done": "yes", "nrs_before": 3,
        "nrs_after": 3, "leg": "no", "dizzy": False, "signs": [], "minutes": 4.0, **more,
    }  # fmt: skip


def logged(patient: Patient, uid: str, at: datetime, received: datetime | None = None, **more: Any) -> HomeEntry:
    """An entry that the clinic got at once, or when it says."""
    return take_entry(patient, told(uid, at, **more), by=patient_user(patient), now=received or at)[0]
