"""The verdict as a document, its override by a clinician, and the check of the day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from opentraction.quantities import BadInput
from opentraction.screening import (
    UNKNOWN,
    Action,
    Intake,
    Overridden,
    Verdict,
    VisitCheck,
    override,
    plain_words,
    rule_book,
    screen,
    visit_check,
    visit_questions,
)
from tests.spec.screening_cases import TODAY, intake_of

AT = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
FINE: dict[str, Any] = {one.id: 3.0 if one.kind == "number" else False for one in visit_questions()}
WHY = "Surgeon agreed by letter."


def verdict(**answers: Any) -> Verdict:
    return screen(intake_of({"answers": answers}), today=TODAY)


def test_a_verdict_names_its_day_its_end_its_rules_and_its_intake() -> None:
    intake = intake_of({})
    told = screen(intake, today=TODAY)
    assert told.decided == TODAY
    assert told.valid_until == date(2026, 4, 28)
    assert told.rules_version == rule_book().sha256
    assert told.intake_sha256 == intake.sha256
    assert Intake.from_document(json.loads(intake.canonical())) == intake


def test_a_reason_carries_what_the_letter_needs() -> None:
    (reason,) = verdict(foot_drop=True).reasons
    assert (reason.rule, reason.paragraph, reason.action) == ("R02", "foot_drop", Action.REFER_URGENT)
    assert reason.answers == {"foot_drop": True}
    assert [code["code"] for code in reason.codes] == ["M21.37-", "R29.898"]
    assert reason.source == "AHCPR red-flag table"
    assert reason.certainty == "read"


@pytest.mark.parametrize(
    "change",
    [{"may_treat": True}, {"extra": 1}, {"reasons": [], "may_treat": False}, {"action": "OK", "may_treat": True},
     {"action": "FINE"}, {"decided": "yesterday"}, {"region": None, "limits": 3}],
)  # fmt: skip
def test_a_verdict_that_was_touched_is_refused(change: dict[str, Any]) -> None:
    told = verdict(foot_drop=True).document()
    assert Verdict.from_document(told) == verdict(foot_drop=True)
    with pytest.raises(BadInput):
        Verdict.from_document({**told, **change})


def test_a_verdict_with_a_key_left_out_is_refused() -> None:
    told = verdict(foot_drop=True).document()
    for key in told:
        with pytest.raises(BadInput):
            Verdict.from_document({name: value for name, value in told.items() if name != key})


def test_a_day_that_has_not_come_is_refused() -> None:
    with pytest.raises(BadInput, match=r"imaging_date.*2026-04-01.*up to 2026-03-31"):
        verdict(imaging_date="2026-04-01")


@pytest.mark.parametrize("answers", [{"foot_drop": True}, {"can_use_stop": False}, {"systolic": 190}, {"fever": None}])
def test_a_clinician_overrides_to_caution_with_every_reason_kept(answers: dict[str, Any]) -> None:
    told = verdict(**{key: "unknown" if value is None else value for key, value in answers.items()})
    made = override(told, "Ann Lee", WHY, AT)
    assert made.action is Action.CAUTION
    assert made.verdict == told
    assert Overridden.from_document(json.loads(made.canonical())) == made


def test_the_clinician_takes_do_not_start_over_and_no_other_limit() -> None:
    told = verdict(unloading_test="worse", conditions=["claustrophobia"])
    assert not told.may_treat
    assert override(told, "Ann Lee", WHY, AT).limits == ("stop_test_twice",)


def test_where_nobody_is_pulled_nothing_says_how_to_pull() -> None:
    held = verdict(imaging=[])
    assert any("full force" in step for step in held.next_steps)
    assert "Take images before full force." in plain_words(held)
    told = verdict(imaging=[], spine_history=["fracture"])
    assert told.action is Action.EXCLUDE
    assert not any("full force" in step for step in told.next_steps)
    assert "full force" not in plain_words(told)
    assert "imaging_before_full_force" in told.limits  # it counts again where a clinician overrides


def test_nobody_overrides_an_emergency() -> None:
    told = verdict(saddle_numb=True, anal_tone="normal")
    with pytest.raises(BadInput, match="nobody overrides"):
        override(told, "Ann Lee", WHY, AT)
    document = {**override(verdict(foot_drop=True), "Ann Lee", WHY, AT).document(), "verdict": told.document()}
    with pytest.raises(BadInput):
        Overridden.from_document(document)


@pytest.mark.parametrize(
    ("by", "reason", "at"),
    [("", WHY, AT), ("  ", WHY, AT), ("Ann", "because", AT), ("Ann", "          x", AT), ("Ann\n", WHY, AT),
     ("Ann", WHY, AT.replace(tzinfo=None))],
)  # fmt: skip
def test_an_override_needs_a_name_a_reason_and_a_time(by: str, reason: str, at: datetime) -> None:
    with pytest.raises(BadInput):
        override(verdict(foot_drop=True), by, reason, at)


def test_what_may_be_treated_needs_no_override() -> None:
    with pytest.raises(BadInput, match="forbids"):
        override(verdict(), "Ann Lee", WHY, AT)


@pytest.mark.parametrize(
    ("answers", "action"),
    [
        ({}, Action.OK),
        ({"today_bladder_bowel_saddle": True}, Action.EMERGENCY),
        ({"today_weakness": True}, Action.REFER_URGENT),
        ({"today_pregnant": True}, Action.EXCLUDE),
        ({"today_injury_fever": True}, Action.HOLD),
        ({"today_medicine": True}, Action.HOLD),
        ({"today_pain": 8.0}, Action.HOLD),
        ({"today_pain": 7.0}, Action.OK),
        ({"today_pregnant": UNKNOWN}, Action.HOLD),
        ({"today_weakness": UNKNOWN, "today_bladder_bowel_saddle": True}, Action.EMERGENCY),
    ],
)
def test_the_check_of_the_day(answers: dict[str, Any], action: Action) -> None:
    check = visit_check({**FINE, **answers}, "lumbar", AT)
    assert check.action is action
    assert check.may_treat is (action is Action.OK)
    assert VisitCheck.from_document(json.loads(check.canonical())) == check


@pytest.mark.parametrize("key", FINE)
def test_each_question_of_the_day_must_be_answered(key: str) -> None:
    check = visit_check({name: value for name, value in FINE.items() if name != key}, "cervical", AT)
    assert check.action is Action.HOLD
    assert [one["question"] for one in check.missing] == [key]


def test_the_check_of_the_day_refuses_what_it_does_not_ask() -> None:
    with pytest.raises(BadInput, match="today_pain"):
        visit_check({"fever": True}, "lumbar", AT)
    with pytest.raises(BadInput, match="lumbar, cervical"):
        visit_check(FINE, "thoracic", AT)
