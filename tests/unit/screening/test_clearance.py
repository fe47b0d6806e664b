"""Clearance: every way in which a table must not take a plan, and the one in which it may."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opentraction.quantities import BadInput
from opentraction.screening import Action, Clearance, Consent, Verdict, clear, override, screen, visit_check
from tests.spec.screening_cases import TODAY, intake_of
from tests.unit.screening.test_verdict import FINE, WHY

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
PLAN = "a" * 64
CONSENT = Consent("2026-01", "b" * 64, "lumbar", NOW - timedelta(hours=1))


def verdict(**answers: Any) -> Verdict:
    return screen(intake_of({"answers": answers}), today=TODAY)


def good(**answers: Any) -> Clearance:
    return clear(verdict(**answers), visit_check(FINE, "lumbar", NOW - timedelta(minutes=20)), CONSENT, PLAN)


def refused(clearance: Clearance, word: str, now: datetime = NOW, region: str = "lumbar", plan: str = PLAN) -> None:
    with pytest.raises(BadInput) as refusal:
        clearance.check(now, region, plan)
    assert word in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_ok_and_caution_pass() -> None:
    good().check(NOW, "lumbar", PLAN)
    good(compensation=True).check(NOW, "lumbar", PLAN)


@pytest.mark.parametrize(
    "answers",
    [{"surgery_advised": True}, {"belly_signs": ["gut"]}, {"can_use_stop": False}, {"foot_drop": True},
     {"fever": "unknown"}, {"saddle_numb": True, "anal_tone": "normal"}],
)  # fmt: skip
def test_nothing_worse_than_caution_passes(answers: dict[str, Any]) -> None:
    word = "nobody overrides" if "saddle_numb" in answers else "OK or CAUTION"
    refused(good(**answers), word)


def test_do_not_start_does_not_pass_although_it_is_a_caution() -> None:
    refused(good(unloading_test="worse"), "do_not_start")


def test_an_override_passes_with_its_name() -> None:
    made = override(verdict(foot_drop=True), "Ann Lee", WHY, NOW)
    clearance = clear(made, visit_check(FINE, "lumbar", NOW), CONSENT, PLAN)
    clearance.check(NOW, "lumbar", PLAN)
    assert clearance.screened == "REFER_URGENT"
    refused(replace(clearance, overridden_by=""), "the clinician who overrides REFER_URGENT")
    refused(replace(clearance, override_sha256=""), "the clinician who overrides REFER_URGENT")
    refused(replace(clearance, action="OK"), "CAUTION, where a verdict was overridden")


def test_a_forged_override_of_an_emergency_does_not_pass() -> None:
    forged = replace(good(), screened="EMERGENCY", action="CAUTION", overridden_by="Ann", override_sha256="c" * 64)
    refused(forged, "nobody overrides")


def test_the_last_day_passes_and_the_next_does_not() -> None:
    last = datetime(2026, 4, 28, 12, 0, tzinfo=UTC)
    clearance = replace(good(), visit_at=last - timedelta(hours=1))
    clearance.check(last, "lumbar", PLAN)
    refused(replace(clearance, visit_at=last + timedelta(hours=12)), "still counts", now=last + timedelta(hours=12))


def test_a_screening_cannot_be_made_to_count_longer() -> None:
    later = datetime(2026, 5, 31, tzinfo=UTC)
    refused(replace(good(), valid_until=date(2026, 5, 30)), "the end of 2026-05-30 somewhere")
    refused(replace(good(), ends_at=later), "the end of 2026-04-28 somewhere")
    refused(replace(good(), valid_until=date(2026, 5, 30), ends_at=later), "at most 28 days")
    refused(replace(good(), decided=date(2026, 4, 2)), "a day that has begun")


@pytest.mark.parametrize("place", ["Pacific/Kiritimati", "Pacific/Auckland", "UTC", "Pacific/Honolulu", "Etc/GMT+12"])
def test_the_last_day_ends_where_the_clinic_is(place: str) -> None:
    end = datetime(2026, 4, 29, tzinfo=ZoneInfo(place))
    visit = visit_check(FINE, "lumbar", end - timedelta(hours=1))
    cleared = clear(verdict(), visit, CONSENT, PLAN, ZoneInfo(place))
    cleared.check(end - timedelta(seconds=1), "lumbar", PLAN)
    refused(cleared, "still counts today", now=end)


def test_the_check_of_the_day_counts_twelve_hours() -> None:
    clearance = replace(good(), visit_at=NOW - timedelta(hours=12))
    clearance.check(NOW, "lumbar", PLAN)
    refused(replace(clearance, visit_at=NOW - timedelta(hours=12, seconds=1)), "within the last 12 hours")
    refused(replace(clearance, visit_at=NOW + timedelta(minutes=2)), "within the last 12 hours")


def test_the_check_of_the_day_must_be_fine_and_of_this_region() -> None:
    bad = visit_check({**FINE, "today_weakness": True}, "lumbar", NOW)
    refused(clear(verdict(), bad, CONSENT, PLAN), "check of the day")
    other = visit_check(FINE, "cervical", NOW)
    refused(clear(verdict(), other, CONSENT, PLAN), "check of the day")


def test_region_plan_and_consent_must_be_these() -> None:
    refused(good(), "cervical region", region="cervical")
    refused(good(), "the plan that is to be pulled", plan="d" * 64)
    refused(replace(good(), consent_region="cervical"), "consent for the lumbar region")
    refused(replace(good(), consent_version=""), "a signed consent")
    refused(replace(good(), consent_sha256=""), "a signed consent")
    refused(replace(good(), consent_signed_at=NOW + timedelta(hours=1)), "a time that has passed")


def test_now_needs_a_zone() -> None:
    refused(good(), "a time with its zone", now=NOW.replace(tzinfo=None))


def test_it_comes_back_from_its_document() -> None:
    clearance = good(compensation=True)
    back = Clearance.from_document(json.loads(clearance.canonical()))
    assert back == clearance
    assert back.sha256 == clearance.sha256


def test_every_action_is_either_let_through_or_not() -> None:
    passing = {action for action in Action if _passes(action)}
    assert passing == {Action.OK, Action.CAUTION}


def _passes(action: Action) -> bool:
    try:
        replace(good(), action=action.name, screened=action.name).check(NOW, "lumbar", PLAN)
    except BadInput:
        return False
    return True


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("region", "thoracic"), ("action", "FINE"), ("screened", "ok"), ("visit_action", ""), ("limits", "none"),
        ("limits", [1]), ("decided", "31.3.2026"), ("valid_until", None), ("visit_at", "2026-03-31T10:00:00"),
        ("visit_at", "soon"), ("consent_signed_at", 5), ("plan_sha256", "a" * 63), ("plan_sha256", "A" * 64),
        ("verdict_sha256", ""), ("overridden_by", "x" * 151), ("overridden_by", "a\nb"), ("consent_version", 1),
        ("consent_region", "both"), ("doc", "verdict"), ("schema", 1),
    ],
)  # fmt: skip
def test_a_document_that_is_not_one_is_refused(key: str, value: object) -> None:
    with pytest.raises(BadInput):
        Clearance.from_document({**good().document(), key: value})


@pytest.mark.parametrize("raw", [None, [], "clearance", {}, {"doc": "clearance", "schema": 1}])
def test_nothing_else_is_a_clearance(raw: object) -> None:
    with pytest.raises(BadInput):
        Clearance.from_document(raw)


def test_a_key_more_or_less_is_refused() -> None:
    document = good().document()
    with pytest.raises(BadInput):
        Clearance.from_document({**document, "note": ""})
    for key in document:
        with pytest.raises(BadInput):
            Clearance.from_document({name: value for name, value in document.items() if name != key})
