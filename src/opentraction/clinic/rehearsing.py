"""From the clinician's words to plans, by the prescription room alone."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from opentraction.clinic.models.patient import Patient
from opentraction.prescription import Plan
from opentraction.prescription.file import parse_prescription
from opentraction.prescription.library import protocols
from opentraction.prescription.rehearsal import Rehearsal, rehearse
from opentraction.quantities import BadInput

FORM = "prescription"


def plan_of(document: str, patient: Patient, session: int = 1) -> Plan:
    """What a document means for a patient in one session of its course. Raises BadInput."""
    return parse_prescription(document, FORM).resolve(patient.as_person(timezone.localdate()), session)


def plans_of(document: str, patient: Patient) -> list[Plan]:
    """One plan for each session of the course; a single plan where there is no course. Raises BadInput."""
    recipe = parse_prescription(document, FORM)
    person = patient.as_person(timezone.localdate())
    count = recipe.course.sessions if recipe.course else 1
    return [recipe.resolve(person, session) for session in range(1, count + 1)]


def rehearsal_of(document: str, patient: Patient, unit: str) -> Rehearsal:
    """The document rehearsed for a patient, speaking the reader's unit. Raises BadInput."""
    return rehearsal_of_plan(plan_of(document, patient), patient, unit)


def rehearsal_of_plan(plan: Plan, patient: Patient, unit: str) -> Rehearsal:
    """A plan, signed or not, against the patient of today."""
    return rehearse(plan, patient.as_person(timezone.localdate()), unit)


def library() -> dict[str, Path]:
    """The published protocols that ship with the project, by name."""
    return protocols()


def refuse_broken(plan: Plan, patient: Patient) -> None:
    """Raise BadInput for the first bound that a plan breaks for this patient."""
    for one in rehearsal_of_plan(plan, patient, "N").refused:
        raise BadInput(one.quantity, one.value, one.sentence.rstrip("."), FORM)
