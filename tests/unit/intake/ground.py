"""Answers of a whole intake, as `screening` reads them, and as a browser posts them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction import screening
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.models import Patient

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
WELL: dict[str, Any] = {
    "age": 54, "sex": "female", "pregnant": "no", "body_mass": "70 kg", "stature": "1.68 m",
    "body_chart": [{"place": "S1", "side": "left", "kind": "pain", "score": 6}],
    "pain_spine": 5, "pain_limb": 6, "onset_date": "2026-01-12", "course": "same",
    "care_tried": ["exercise"], "care_weeks": 8, "surgery_advised": "no", "compensation": "no",
    "bladder_bowel": "no", "saddle_numb": "no", "both_legs": "no", "limb_weakness": "none", "tearing_pain": "no",
    "trauma": "none", "fever": "no", "weight_loss": "no", "night_pain": "none", "belly_signs": [],
    "spine_history": [], "bone_density_done": "no", "spine_surgery": "no", "injection": "no", "devices": [],
    "cancer": "no", "heart_vessels": [], "chest_belly": [], "conditions": [], "medicines": [],
    "can_use_stop": "yes", "can_communicate": "yes",
    "motor_full": "yes", "motor_drop": 0, "foot_drop": "no", "sensation": "normal", "reflexes": "normal",
    "cord_signs": [], "vascular_signs": [], "guarded": "no",
    "slr_left": 45, "slr_right": 90, "crossed_slr": "no", "other_nerve_tests": [], "repeated_movements": "no_change",
    "unloading_test": "eases", "systolic": 128, "diastolic": 82, "heart_rate": 68, "waist": "92 cm",
    "start_taken": "no", "imaging": ["mri"], "imaging_date": "2026-02-10", "imaging_findings": ["herniation"],
}  # fmt: skip
"""A person against whose treatment nothing speaks."""


def answers_of(raw: dict[str, Any]) -> dict[str, screening.Answer]:
    """As `read_answer` reads them."""
    by_id = screening.intake_questions().by_id
    return {key: screening.read_answer(by_id[key], value) for key, value in raw.items()}


def filled(patient: Patient, by: User, now: datetime = NOW, **other: Any) -> Intake:
    """An open intake with these answers."""
    one = intakes.begin(patient, patient.region, by=by, now=now)
    answers = answers_of(WELL | other)
    intakes.answer(one, list(answers), answers, {}, "imaging", by=by, now=now)
    return Intake.objects.get(pk=one.pk)


def screened(patient: Patient, by: User, now: datetime = NOW, **other: Any) -> Screening:
    """A finished screening."""
    return intakes.screen(filled(patient, by, now, **other), by=by, now=now)


def proof(user: User) -> Confirmed:
    """As if the password had just been given."""
    return Confirmed(user.pk, timezone.now(), "password")
