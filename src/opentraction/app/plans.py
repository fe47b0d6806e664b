"""A plan from what was typed: a prescription file or the name of a shipped protocol, and a patient file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from opentraction.patient import Patient, read_patient
from opentraction.prescription import Plan, Prescription, protocols, read_prescription
from opentraction.quantities import BadInput


class Written(NamedTuple):
    """A plan, its patient, and the force unit of the prescription; empty where it names none."""

    plan: Plan
    patient: Patient
    unit: str


def read_plan(prescription: str, patient_file: Path, session: int) -> tuple[Plan, Patient]:
    """Plan [SI] and its patient, for session number `session` where the prescription has a course; without one every
    session is alike. Raises BadInput.
    """
    written = _read(prescription, patient_file, lambda recipe: session if recipe.course else 1)
    return written.plan, written.patient


def read_written(prescription: str, patient_file: Path, session: int) -> Written:
    """The plan of session number `session`, its patient, and the force unit as written. Raises BadInput."""
    return _read(prescription, patient_file, lambda _: session)


def _read(prescription: str, patient_file: Path, session_of: Callable[[Prescription], int]) -> Written:
    path = Path(prescription)
    shipped = protocols()
    if not _exists(path) and prescription in shipped:
        path = shipped[prescription]
    elif not _exists(path) and path.suffix == "":
        raise BadInput("PRESCRIPTION", prescription, f"a file, or one of {', '.join(shipped)}")
    patient = read_patient(patient_file)
    try:
        recipe = read_prescription(path)
        return Written(recipe.resolve(patient, session_of(recipe)), patient, recipe.unit)
    except BadInput as refusal:
        raise refusal.within(path.name) from None


def _exists(path: Path) -> bool:
    """Also of what can be no file's name at all."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
