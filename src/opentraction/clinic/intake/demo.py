"""What the demo's patients answered: two may be treated today, one must go to hospital. All of it is invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction import screening
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.actions import intakes, visits
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient

ADA: Final = 1
BEN: Final = 2
DORA: Final[dict[str, Any]] = {
    "given_name": "Dora",
    "family_name": "Pattern",
    "birth_date": date(1979, 3, 14),
    "sex": "female",
    "phone": "555-0104",
    "mass_kg": 64.0,
    "stature_m": 1.65,
    "disc_grade": None,
    "region": "lumbar",
    "levels": "L4-L5",
    "complaint": "back pain, numb seat",
}
WELL: Final[dict[str, Any]] = {
    "body_chart": [
        {"place": "low_back", "side": "middle", "kind": "pain", "score": 5},
        {"place": "S1", "side": "left", "kind": "pain", "score": 6},
        {"place": "S1", "side": "left", "kind": "tingling", "score": 3},
    ],
    "pregnant": "no", "pain_spine": 5, "pain_limb": 6, "course": "same", "care_tried": ["exercise", "drugs"],
    "care_weeks": 8, "surgery_advised": "no", "compensation": "no", "bladder_bowel": "no", "saddle_numb": "no",
    "both_legs": "no", "limb_weakness": "none", "tearing_pain": "no", "trauma": "none", "fever": "no",
    "weight_loss": "no", "night_pain": "none", "belly_signs": [], "spine_history": [], "bone_density_done": "no",
    "spine_surgery": "no", "injection": "no", "devices": [], "cancer": "no", "heart_vessels": [], "chest_belly": [],
    "conditions": [], "medicines": [], "can_use_stop": "yes", "can_communicate": "yes", "motor_full": "yes",
    "motor_drop": 0, "foot_drop": "no", "sensation": "root", "sensation_where": ["S1"], "reflexes": "normal",
    "cord_signs": [], "vascular_signs": [], "guarded": "no", "slr_left": 45, "slr_right": 90, "crossed_slr": "no",
    "other_nerve_tests": [], "repeated_movements": "centralises", "unloading_test": "eases", "systolic": 126,
    "diastolic": 80, "heart_rate": 66, "waist": "88 cm", "start_taken": "no", "imaging": ["mri"],
    "imaging_findings": ["herniation"],
}  # fmt: skip
ONES_OWN: Final[dict[int, dict[str, Any]]] = {
    ADA: {},
    BEN: {"sensation": "normal", "medicines": ["painkillers"], "repeated_movements": "no_change",
          "body_chart": [{"place": "low_back", "side": "middle", "kind": "pain", "score": 6}], "pain_limb": 0,
          "slr_left": 90, "imaging_findings": ["degeneration"]},
}  # fmt: skip
RED: Final[dict[str, Any]] = {
    "bladder_bowel": "yes", "saddle_numb": "yes", "both_legs": "yes", "limb_weakness": "stable", "anal_tone": "lax",
    "reflexes": "reduced", "motor_full": "no", "pain_limb": 7,
    "motor_leg": {"L2": [5, 5], "L3": [5, 5], "L4": [5, 5], "L5": [4, 5], "S1": [4, 4]},
    "body_chart": [{"place": "saddle", "side": "middle", "kind": "numbness", "score": 7},
                   {"place": "low_back", "side": "middle", "kind": "pain", "score": 7}],
}  # fmt: skip


@transaction.atomic
def demo_intakes(by: User, now: datetime) -> None:
    """Verdicts that count today and today's check for the first two; an emergency for a third."""
    for patient in Patient.objects.filter(number__in=ONES_OWN).select_related("clinic"):
        if not patient.intakes.exists():
            _screened(patient, ONES_OWN[patient.number], by, now - timedelta(hours=2))
            visits.check_visit(patient, patient.region, _today(), by=by, now=now - timedelta(minutes=30))
    if not Patient.objects.filter(family_name=DORA["family_name"]).exists():
        _screened(add_patient(dict(DORA), by=by), RED, by, now - timedelta(hours=1))


def demo_screened(patient: Patient, by: User, when: datetime) -> None:
    """A verdict from then: whoever has been treated was screened before."""
    _screened(patient, {}, by, when)


def _screened(patient: Patient, other: dict[str, Any], by: User, when: datetime) -> None:
    """The patient's own answers first, as if from their phone; then the examination and the verdict."""
    one = intakes.begin(patient, patient.region, by=by, now=when)
    one.language = "es" if patient.number == BEN else "en"
    one.save()
    answers = _answers(patient, other, day_at(patient.clinic, when))
    own = {question.id for page in screening.pages("patient", patient.region) for question in page.questions}
    intakes.answer(one, sorted(own & answers.keys()), answers, {}, "", by=None, now=when)
    half = when + timedelta(minutes=20)
    intakes.answer(one, sorted(answers.keys() - own), answers, {}, "imaging", by=by, now=half)
    intakes.screen(Intake.objects.get(pk=one.pk), by=by, now=half)


def _answers(patient: Patient, other: dict[str, Any], today: date) -> dict[str, screening.Answer]:
    body = {"age": patient.age_on(today), "sex": patient.sex, "body_mass": f"{patient.mass_kg:g} kg",
            "stature": f"{patient.stature_m:g} m"}  # fmt: skip
    days = {"onset_date": 70, "imaging_date": 40, "painkiller_date": 6}
    dates = {key: (today - timedelta(days=ago)).isoformat() for key, ago in days.items()}
    by_id = screening.intake_questions().by_id
    raw = WELL | body | dates | other
    return screening.asked_answers(
        {key: screening.read_answer(by_id[key], value) for key, value in raw.items()}, patient.region
    )


def _today() -> dict[str, screening.Answer]:
    return {one.id: 4.0 if one.id == "today_pain" else False for one in screening.visit_questions()}
