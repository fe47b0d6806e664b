"""A plan from what was typed: a prescription file or the name of a shipped protocol, and a patient file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from opentraction.patient import Patient, read_patient
from opentraction.prescription import Plan, protocols, read_prescription
from opentraction.quantities import BadInput


class Written(NamedTuple):
    """A plan, its patient, and the force unit of the prescription; empty where it names none."""

    plan: Plan
    patient: Patient
    unit: str


def read_plan(prescription: str, patient_file: Path, session: int) -> tuple[Plan, Patient]:
    """Plan [SI] for session number `session` and its patient. Raises BadInput."""
    written = read_written(prescription, patient_file, session)
    return written.plan, written.patient


def read_written(prescription: str, patient_file: Path, session: int) -> Written:
    """The same, with the force unit that the prescription is written in. Raises BadInput."""
    path = Path(prescription)
    shipped = protocols()
    if not _exists(path) and prescription in shipped:
        path = shipped[prescription]
    elif not _exists(path) and path.suffix == "":
        raise BadInput("PRESCRIPTION", prescription, f"a file, or one of {', '.join(shipped)}")
    patient = read_patient(patient_file)
    try:
        recipe = read_prescription(path)
        return Written(recipe.resolve(patient, session=session), patient, recipe.unit)
    except BadInput as refusal:
        raise refusal.within(path.name) from None


def _exists(path: Path) -> bool:
    """Also of what can be no file's name at all."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
