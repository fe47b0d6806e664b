"""Whether an intake speaks of the patient who is to be pulled: same pseudonym, and a body that can be the same one."""

from __future__ import annotations

from typing import Final

from opentraction.patient import Patient
from opentraction.quantities import BadInput
from opentraction.screening import Intake, Near, apart

NEAR: Final = Near(years=1.0, mass=2.0, stature=0.02)


def check_same_person(intake: Intake, patient: Patient) -> None:
    """Refuse the intake of somebody else. What an intake does not know is for screening to hold. Raises BadInput."""
    if intake.pseudonym != patient.pseudonym:
        raise _other("patient.pseudonym", intake.pseudonym, patient.pseudonym)
    for one in apart(intake.answers, patient.body, NEAR):
        allowed = f"{one.there}, give or take {one.near}" if one.near else one.there
        raise _other(f"body.{one.what}", one.said, allowed)


def _other(where: str, said: str, allowed: str) -> BadInput:
    return BadInput(where, said, f"{allowed}, as the patient file says; an intake counts for its own person only")
