"""What the intake tells of the home programme's facts, and what it leaves unknown."""

from __future__ import annotations

import pytest

from opentraction.care.home import checked_facts, facts_from_intake, facts_known
from opentraction.screening import UNKNOWN, Action, Answer


def test_the_verdicts_words_are_screenings_actions() -> None:
    assert set(facts_known()["verdict"].words) == {action.name for action in Action}


def test_nothing_answered_is_nothing_known() -> None:
    assert set(facts_from_intake({}, None).values()) == {None}


@pytest.mark.parametrize(
    ("question", "answer", "fact", "value"),
    [
        ("systolic", 159.0, "sbp", 159.0),
        ("conditions", ("glaucoma",), "glaucoma", True),
        ("conditions", ("depression",), "glaucoma", False),
        ("conditions", (), "vertigo", False),
        ("conditions", ("unknown",), "vertigo", None),
        ("conditions", UNKNOWN, "retina", None),
        ("medicines", ("anticoagulant",), "blood_thinner", True),
        ("medicines", (), "blood_thinner", None),
        ("heart_vessels", (), "heart_disease", None),
        ("devices", ("other_metal",), "implanted_hardware", False),
        ("devices", ("pump",), "implanted_hardware", True),
        ("t_score", -2.5, "osteoporosis", True),
        ("t_score", -1.0, "osteoporosis", None),
        ("pregnant", True, "pregnant", True),
        ("pregnant", UNKNOWN, "pregnant", None),
        ("sex", "male", "pregnant", False),
        ("sex", "female", "pregnant", None),
    ],
)
def test_an_answer_tells_a_fact(question: str, answer: Answer, fact: str, value: object) -> None:
    facts = facts_from_intake({question: answer}, Action.OK)
    assert facts[fact] is value or facts[fact] == value
    assert facts["verdict"] == "OK"
    checked_facts(facts)


@pytest.mark.parametrize("order", [("spine_history", "imaging_findings"), ("imaging_findings", "spine_history")])
def test_of_two_answers_a_yes_counts(order: tuple[str, str]) -> None:
    facts = facts_from_intake({order[0]: ("stenosis",), order[1]: ()}, None)
    assert facts["stenosis"] is True
