"""What the intake tells of the roads: each fact from its answers, unknown where nobody was asked."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from opentraction.care.pathways import Facts, surgical_urgency
from opentraction.clinic.billing.facts import cover_facts
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Known, _figures, truths
from opentraction.screening import Action, Intake, screen
from tests.unit.intake.ground import WELL, answers_of

DAY = date(2026, 3, 31)
WEAK_ARM = {"C5": [5, 5], "C6": [5, 5], "C7": [3, 5], "C8": [5, 5], "T1": [5, 5]}
WEAK_LEG = {"L2": [5, 5], "L3": [5, 5], "L4": [5, 5], "L5": [4, 5], "S1": [5, 5]}


TIGHT = {"imaging_findings": ["stenosis"], "stenosis_degree": "severe", "claudication": "yes"}


def known(region: str = "lumbar", **other: Any) -> Known:
    """A well person, but for these answers; None takes an answer away."""
    raw = {key: value for key, value in (WELL | other).items() if value is not None}
    return Known(region, dict(Intake.of("P-001", region, answers_of(raw)).answers), DAY, None)


def facts(region: str = "lumbar", **other: Any) -> Facts:
    one = known(region, **other)
    return Facts.of(truths("pathways", one, DAY) | _figures(one, DAY))


def test_of_a_well_person_nothing_urgent_is_known_and_nothing_is_left_to_ask() -> None:
    told = surgical_urgency(facts())
    assert (told.urgent, told.danger) == (False, ())
    said = facts().mapping()
    assert said["weeks_of_symptoms"] == 11
    assert (said["herniation"], said["leg_pain"], said["slip_grade"], said["worst_key_muscle"]) == (
        "protrusion",
        6.0,
        0,
        5,
    )
    assert said["deficit"] is False


@pytest.mark.parametrize(
    ("other", "fact", "value"),
    [
        ({"bladder_bowel": "yes"}, "bladder_bowel", True),
        ({"bladder_bowel": None}, "bladder_bowel", None),
        ({"bladder_bowel": "unknown"}, "bladder_bowel", None),
        ({"saddle_numb": "yes"}, "saddle_numb", True),
        (
            {"body_chart": [{"place": "saddle", "side": "middle", "kind": "numbness", "score": 3}]},
            "saddle_numb",
            True,
        ),
        ({"both_legs": "yes"}, "both_legs", False),  # without weakness
        ({"both_legs": "yes", "limb_weakness": "stable"}, "both_legs", True),
        ({"saddle_numb": "yes", "anal_tone": "lax"}, "anal_tone_lax", True),
        ({"foot_drop": "yes"}, "foot_drop", True),
        ({"limb_weakness": "worse"}, "weakness_growing", True),
        ({"cord_signs": ["clonus"]}, "myelopathy_signs", True),
        ({"reflexes": "brisk"}, "myelopathy_signs", True),
        ({"tearing_pain": "yes"}, "aneurysm_suspected", True),
        ({"spine_history": ["tumour"]}, "tumour", True),
        ({"cancer": "yes", "cancer_imaged": "no", "cancer_new_pain": "yes"}, "tumour", True),
        ({"weight_loss": "yes"}, "tumour", False),  # a question to hold for, no suspicion by itself
        ({"spine_history": ["infection"]}, "infection", True),
        ({"fever": "yes", "drug_injection": "yes"}, "infection", True),
        ({"spine_history": ["fracture"]}, "fracture", True),
        ({"trauma": "major", "trauma_imaged": "no"}, "fracture", True),
        ({"trauma": "major", "trauma_imaged": "yes"}, "fracture", False),
        ({"imaging_findings": ["sequestration"]}, "large_or_free_fragment", True),
        ({"imaging_findings": ["sequestration"]}, "herniation", "sequestration"),
        ({"imaging_findings": ["degeneration"]}, "herniation", "none"),
        ({"imaging": ["xray"], "imaging_findings": ["degeneration"]}, "herniation", None),
        ({"imaging": []}, "herniation", None),
        ({"sensation": "root"}, "deficit", True),
        ({"sensation": None}, "deficit", None),
        ({"sensation": "root"}, "radiculopathy", True),
        ({"slr_left": 90, "slr_right": 90}, "radiculopathy", False),
        (TIGHT, "stenosis_claudication", True),
        ({"imaging_findings": ["slip"], "slip_grade": 2}, "slip_grade", 2),
        ({"imaging_findings": ["slip"], "slip_progressing": "yes"}, "unstable", True),
        ({"devices": ["spinal_hardware"]}, "hardware", True),
        ({"pregnant": "yes"}, "pregnant", True),
        ({"surgery_advised": "yes"}, "surgery_advised", True),
        ({"motor_full": "no", "motor_leg": WEAK_LEG}, "worst_key_muscle", 4),
        ({"motor_full": "no"}, "worst_key_muscle", None),
        ({"motor_drop": 1}, "muscle_drop", 1),
        ({"oswestry": 44}, "odi", 44.0),
        ({"onset_date": None}, "weeks_of_symptoms", None),
    ],
)  # fmt: skip
def test_a_fact_follows_from_its_answers(other: dict[str, Any], fact: str, value: object) -> None:
    assert facts(**other).mapping()[fact] == value


def test_a_muscle_not_tested_leaves_the_weakest_open_unless_one_is_bad() -> None:
    grades = dict(WEAK_LEG) | {"S1": [5, "unknown"]}
    assert facts(motor_full="no", motor_leg=grades).worst_key_muscle is None
    assert facts(motor_full="no", motor_leg=grades | {"L5": [2, 5]}).worst_key_muscle == 2


def test_the_neck_has_its_own_muscles_and_no_leg_questions() -> None:
    said = facts("cervical", motor_full="no", motor_arm=WEAK_ARM, neck_tests=[]).mapping()
    assert (said["worst_key_muscle"], said["foot_drop"], said["region"]) == (3, False, "cervical")


URGENT = (
    {"bladder_bowel": "yes"},
    {"saddle_numb": "yes"},
    {"both_legs": "yes", "limb_weakness": "stable"},
    {"foot_drop": "yes"},
    {"limb_weakness": "worse"},
    {"cord_signs": ["gait"]},
    {"tearing_pain": "yes"},
    {"spine_history": ["tumour"]},
    {"spine_history": ["infection"]},
    {"motor_drop": 1},
)


@pytest.mark.parametrize("other", URGENT)
def test_what_screening_sends_at_once_is_urgent_here_too(other: dict[str, Any]) -> None:
    one = known(**other)
    verdict = screen(Intake.of("P-001", "lumbar", one.answers), today=DAY)
    assert verdict.action >= Action.REFER_URGENT
    assert surgical_urgency(facts(**other)).urgent


def test_every_fact_of_the_roads_is_told_or_known_to_be_asked_elsewhere() -> None:
    elsewhere = {"screening_excludes", "concordant_imaging", "sessions_done", "better_enough", "asks_for_surgeon"}
    elsewhere |= {"foraminal_stenosis"}  # the intake has no question for it
    told = truths("pathways", known(), DAY).keys() | {
        "region", "worst_key_muscle", "muscle_drop", "slip_grade", "herniation", "odi", "leg_pain", "weeks_of_symptoms",
    }  # fmt: skip
    assert told | elsewhere == {one.name for one in fields(Facts)}


def test_cover_is_told_what_the_intake_knows_and_no_more() -> None:
    ada = Patient(region="lumbar")
    said = cover_facts(ada, known(crossed_slr="yes"), DAY)
    assert (said["weeks_of_failed_care"], said["sciatica_or_root_sign"]) == (8.0, True)
    assert said["peripheralises_or_crossed_slr"] is True
    assert said.get("with_extension_exercise") is None
    assert cover_facts(ada, known(care_weeks=None, crossed_slr=None), DAY)["weeks_of_failed_care"] is None
    neck = Patient(region="cervical")
    few = cover_facts(neck, known("cervical", neck_tests=["abduction"]), DAY)
    many = cover_facts(neck, known("cervical", neck_tests=["abduction", "upper_limb", "distraction"]), DAY)
    assert (few["cervical_tests_positive"], many["cervical_tests_positive"]) == (None, 3)
    assert cover_facts(Patient(region="unstated"), None, DAY)["region"] is None
