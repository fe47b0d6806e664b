"""Taking a patient in, and keeping what is known of them right.

The front desk writes who somebody is; what the therapy rests on (body, complaint, ceiling) is for those who treat.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient

IDENTITY: Final = frozenset({"given_name", "family_name", "birth_date", "sex", "phone", "email"})
JUDGED: Final = frozenset({"disc_grade", "ceiling_n"})
"""What is found or decided by those who treat; a new patient can be taken in without."""


@transaction.atomic
def add_patient(values: dict[str, Any], *, by: User) -> Patient:
    """A new patient of the clinic where `by` acts, with the next free pseudonym."""
    roles.require(by, roles.REGISTER)
    place = roles.place_of(by)
    assert place is not None
    _judged_by_who_treats({name for name in JUDGED if values.get(name) is not None}, by)
    patient = Patient(clinic=place.clinic, **values)
    patient.save()
    record("add patient", patient, by=by)
    return patient


@transaction.atomic
def change_patient(patient: Patient, values: dict[str, Any], *, by: User) -> Patient:
    """Change a patient's particulars; the audit row names the fields that changed, with old and new body values."""
    roles.require(by, roles.REGISTER, of=patient)
    changed = {name: value for name, value in values.items() if getattr(patient, name) != value}
    _judged_by_who_treats(set(changed) - IDENTITY, by)
    was = {name: getattr(patient, name) for name in changed}
    for name, value in changed.items():
        setattr(patient, name, value)
    patient.save()
    record("change patient", patient, by=by, fields=sorted(changed), was=_kept(was), now=_kept(changed))
    return patient


def _judged_by_who_treats(names: set[str], by: User) -> None:
    if names and not roles.may(by, roles.TREAT):
        said = ", ".join(sorted(names)).replace("_", " ")
        raise PermissionDenied(f"You may not write {said} here. Ask a therapist or a clinician.")


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers of the body go into the audit row; names and dates stay in the patient's own row."""
    return {name: value for name, value in values.items() if isinstance(value, int | float)}
