"""What is told of a patient outside the intake, as reasons for a surgeon: open events, examinations, checks, home."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from opentraction.care.pathways import Rule, told
from opentraction.clinic.alarms import Alarm, alarms_of
from opentraction.clinic.intake.screens import open_questions, screens
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Known
from opentraction.screening import UNKNOWN

LEVEL_OF: Final = {"emergency": "now", "urgent": "same day"}
"""Which level of a surgeon's urgency an alarm is; a plain stop is none."""
DANGER: Final = "danger_signs"


def reasons(patient: Patient, now: datetime) -> tuple[Rule, ...]:
    """Every alarm that asks for a hospital or a surgeon, the gravest first."""
    return tuple(_reason(one) for one in alarms_of(patient, now) if one.level in LEVEL_OF)


def _reason(one: Alarm) -> Rule:
    return told(_in_words(one.step), LEVEL_OF[one.level], one.because.rstrip("."), "the clinic's own record")


def _in_words(step: str) -> str:
    words = {"intake": _("Intake"), "visit": _("Check of the day"), "outcomes": _("Outcomes"), "home": _("Home")}
    return words.get(step, step)


def stopped(patient: Patient, now: datetime) -> bool:
    """Whether anything keeps the patient from the table until a clinician has settled it."""
    return bool(alarms_of(patient, now))


def signs_asked(known: Known | None) -> bool:
    """Whether the patient has answered every danger sign, and none with "I do not know"."""
    if known is None:
        return False
    left = {screen.page.id for screen, _question in open_questions(known.answers, known.region, patient_only=True)}
    unsure = {key for key, answer in known.answers.items() if answer == UNKNOWN}
    return DANGER not in left and not unsure & _danger(known.region)


def _danger(region: str) -> set[str]:
    pages = (screen for screen in screens(region, patient_only=True) if screen.page.id == DANGER)
    return {question.id for screen in pages for question in screen.questions}
