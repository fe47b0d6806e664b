"""From the clinician's words to plans, by the prescription room alone."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from opentraction import patient as person
from opentraction.clinic.days import day_at
from opentraction.clinic.models.patient import Patient
from opentraction.patient.patient import HIGHEST_CEILING
from opentraction.prescription import Plan
from opentraction.prescription.file import parse_prescription
from opentraction.prescription.library import protocols
from opentraction.prescription.limits import ceiling_for
from opentraction.prescription.rehearsal import Rehearsal, rehearse
from opentraction.quantities import BadInput, quantity

FORM = "prescription"
UNBOUND = "lumbar"
"""The region without a bound of its own on force."""


def person_today(patient: Patient) -> person.Patient:
    """The patient as the prescription room knows them, of the age they have today at their clinic."""
    return patient.as_person(day_at(patient.clinic, timezone.now()))


def plan_of(document: str, patient: Patient, session: int = 1) -> Plan:
    """What a document means for a patient in one session of its course. Raises BadInput."""
    return parse_prescription(document, FORM).resolve(person_today(patient), session)


def written_unit(document: str) -> str | None:
    """The force unit a signed document is written in; None where that is body weight alone.

    None too for one that this version cannot read any more: what was signed with it is its plan, and that stays.
    """
    try:
        return parse_prescription(document, FORM).unit or None
    except BadInput:
        return None


def plans_of(document: str, patient: Patient) -> list[Plan]:
    """One plan for each session of the course; a single plan where there is no course. Raises BadInput."""
    recipe = parse_prescription(document, FORM)
    today = person_today(patient)
    count = recipe.course.sessions if recipe.course else 1
    return [recipe.resolve(today, session) for session in range(1, count + 1)]


def rehearsal_of(document: str, patient: Patient, unit: str) -> Rehearsal:
    """The document rehearsed for a patient, speaking the reader's unit. Raises BadInput."""
    return rehearsal_of_plan(plan_of(document, patient), patient, unit)


def drawable(document: str, patient: Patient, unit: str) -> Rehearsal | None:
    """What a refused document would pull were no force too high for this patient, rehearsed against the real one.

    To look at, with the bounds that it breaks; it is no plan and cannot be signed. None where nothing can be drawn:
    an unfinished form, a ramp that is too steep, a low force above the high one.
    """
    real = person_today(patient)
    try:
        recipe = parse_prescription(document, FORM)
        plan = replace(recipe, region=UNBOUND).resolve(_lifted(real))
    except BadInput:
        return None
    held = person.Patient(real.pseudonym, real.body, real.complaint, ceiling_for(recipe.region, real))
    shown = rehearse(_said_to_pull(plan, recipe.region), held, unit)
    ceiling = quantity("force_ceiling").name  # of the plan, and not the patient's
    return replace(shown, findings=tuple(one for one in shown.findings if one.quantity != ceiling))


def _lifted(real: person.Patient) -> person.Patient:
    """The patient with a ceiling as high as any, also above body weight. Never leaves this module."""
    lifted = copy(real)
    object.__setattr__(lifted, "ceiling", HIGHEST_CEILING)
    return lifted


def _said_to_pull(plan: Plan, region: str) -> Plan:
    """A plan past the bounds of its region, which no check would let through. Leaves this module as a picture only."""
    said = copy(plan)
    object.__setattr__(said, "region", region)
    return said


def rehearsal_of_plan(plan: Plan, patient: Patient, unit: str) -> Rehearsal:
    """A plan, signed or not, against the patient of today."""
    return rehearse(plan, person_today(patient), unit)


def library() -> dict[str, Path]:
    """The published protocols that ship with the project, by name."""
    return protocols()


def refuse_broken(plan: Plan, patient: Patient) -> None:
    """Raise BadInput for the first bound that a plan breaks for this patient."""
    for one in rehearsal_of_plan(plan, patient, "N").refused:
        raise BadInput(one.quantity, one.value, one.sentence.rstrip("."), FORM)
