"""Taking a patient in, and keeping what is known of them right."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient


@transaction.atomic
def add_patient(values: dict[str, Any], *, by: User) -> Patient:
    """A new patient with the next free pseudonym."""
    roles.require(by, roles.TREAT)
    patient = Patient(**values)
    patient.save()
    record("add patient", patient, by=by)
    return patient


@transaction.atomic
def change_patient(patient: Patient, values: dict[str, Any], *, by: User) -> Patient:
    """Change a patient's particulars; the audit row names the fields that changed, with old and new body values."""
    roles.require(by, roles.TREAT)
    changed = {name: value for name, value in values.items() if getattr(patient, name) != value}
    was = {name: getattr(patient, name) for name in changed}
    for name, value in changed.items():
        setattr(patient, name, value)
    patient.save()
    record("change patient", patient, by=by, fields=sorted(changed), was=_kept(was), now=_kept(changed))
    return patient


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers of the body go into the audit row; names and dates stay in the patient's own row."""
    return {name: value for name, value in values.items() if isinstance(value, int | float)}
