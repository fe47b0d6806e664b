"""Whether an intake speaks of the patient who is to be pulled: same pseudonym, and a body that can be the same one."""

from __future__ import annotations

from opentraction.patient import Patient
from opentraction.quantities import BadInput
from opentraction.screening import Intake
from opentraction.screening.answers import Answer

_APART = {"body.mass": (2.0, "kg", 1), "body.stature": (0.02, "m", 2), "body.age": (1.0, "years", 0)}  # our proposal


def check_same_person(intake: Intake, patient: Patient) -> None:
    """Refuse the intake of somebody else. What an intake does not know is for screening to hold. Raises BadInput."""
    if intake.pseudonym != patient.pseudonym:
        raise _other("patient.pseudonym", intake.pseudonym, patient.pseudonym)
    body, answers = patient.body, intake.answers
    _check_near("body.mass", answers.get("body_mass"), body.mass)
    _check_near("body.stature", answers.get("stature"), body.stature)
    _check_near("body.age", answers.get("age"), body.age)
    sex = answers.get("sex")
    if isinstance(sex, str) and sex != body.sex:
        raise _other("body.sex", sex, body.sex)


def _check_near(where: str, said: Answer | None, body: float) -> None:
    apart, unit, decimals = _APART[where]
    if isinstance(said, float) and abs(said - body) > apart:
        allowed = f"{body:.{decimals}f} {unit}, give or take {apart:g}"
        raise _other(where, f"{said:.{decimals}f} {unit}", allowed)


def _other(where: str, said: str, allowed: str) -> BadInput:
    return BadInput(where, said, f"{allowed}, as the patient file says; an intake counts for its own person only")
