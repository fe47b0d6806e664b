"""A day's programme: weeks, orders, rest after a session, stops, and what is written of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from opentraction.care.home import (
    ALL,
    HomeProgramme,
    LogEntry,
    StageReport,
    adherence,
    asked_each_day,
    exercises,
    may_apply,
    next_stage,
    programme_for,
)
from opentraction.quantities import BadInput
from tests.unit.care_home.people import NOON, entry, well

RUNGS = {
    1: {"brace", "walk"},
    2: {"brace", "walk", "bird-dog", "side-plank-knees", "bridge", "press-up"},
    3: {"walk", "bird-dog", "side-plank-knees", "bridge", "press-up"},
    5: {"walk", "side-plank", "dead-bug", "hip-hinge", "sit-to-stand"},
    7: {"carry", "hinge-lift", "aerobic"},
}


@pytest.mark.parametrize("week", RUNGS)
def test_each_week_has_its_rungs(week: int) -> None:
    given = {item.exercise for item in programme_for(well(), week, NOON).items}
    assert {name for name in given if exercises()[name].group in ("ladder", "walk")} == RUNGS[week]


def test_devices_only_when_a_clinician_ordered_them() -> None:
    kinds = {held.exercise: held.kind for held in programme_for(well(), 1, NOON).held}
    assert (kinds["inversion"], kinds["gravity-traction"]) == ("order", "order")
    given = programme_for(well(), 1, NOON, ordered=["inversion"]).items
    assert "inversion" in {item.exercise for item in given}


def test_for_24_hours_after_a_session_nothing_bends_or_loads() -> None:
    early = programme_for(well(), 7, NOON, session_ended=NOON - timedelta(hours=23, minutes=59))
    held = {one.exercise: one.reason.text for one in early.held if one.kind == "resting"}
    assert set(held) == {"stretch-a", "carry", "hinge-lift"}
    assert "04 May 12:01" in held["stretch-a"]
    assert early.rest is not None
    assert "10 kg" in early.rest.words()[0]
    late = programme_for(well(), 7, NOON, session_ended=NOON - timedelta(hours=24))
    assert late.rest is None
    assert not any(one.kind == "resting" for one in late.held)


def test_an_emergency_ends_everything_until_a_clinician_says_go_on() -> None:
    log = [entry("walk", -1, signs=("saddle-or-bladder",))]
    programme = programme_for(well(), 1, NOON, log=log)
    assert programme.items == ()
    assert programme.emergency
    assert programme.stop is not None
    assert "emergency room" in programme.stop.text
    again = programme_for(well(), 1, NOON, log=log, cleared={ALL: NOON})
    assert again.stop is None
    assert "walk" in {item.exercise for item in again.items}


def test_one_exercise_stops_alone() -> None:
    log = [entry("stretch-a", -2, leg="spread"), entry("stretch-a", -1, leg="spread")]
    programme = programme_for(well(), 1, NOON, log=log)
    assert {one.exercise for one in programme.held if one.kind == "stopped"} == {"stretch-a"}
    cleared = programme_for(well(), 1, NOON, log=log, cleared={"stretch-a": NOON})
    assert "stretch-a" in {item.exercise for item in cleared.items}


def test_it_comes_back_from_what_was_written_and_its_hash_tells_a_change() -> None:
    log = [entry("walk", -3, leg="spread"), entry("stretch-b", -1, nrs_after=8)]
    programme = programme_for(well(), 13, NOON, log=log, session_ended=NOON)
    assert programme.maintenance
    assert HomeProgramme.from_document(programme.document()) == programme
    other = programme_for(well(), 13, NOON + timedelta(seconds=1), log=log, session_ended=NOON)
    assert other.sha256 != programme.sha256
    with pytest.raises(BadInput, match="home programme as it was written"):
        HomeProgramme.from_document({"week": "x"})


@pytest.mark.parametrize(("change", "says"), [
    ({"now": datetime(2026, 5, 4, 12)}, "time zone"),  # noqa: DTZ001 - that is what is refused
    ({"week": 0}, "1 for the first week"),
    ({"facts": {"sbp": 700.0}}, "50 to 300 mmHg"),
    ({"facts": {"sbp": True}}, "50 to 300 mmHg"),
    ({"facts": {"glaucoma": "no"}}, "true, false or nothing"),
    ({"facts": {"verdict": "FINE"}}, "one of OK"),
    ({"facts": {"shoe_size": 44.0}}, "one of verdict"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_in_a_sentence(change: dict[str, object], says: str) -> None:
    asked: dict[str, object] = {"facts": well(), "week": 1, "now": NOON} | change
    with pytest.raises(BadInput, match=says):
        programme_for(**asked)  # type: ignore[arg-type]


def test_packs_keep_two_hours_apart_and_four_a_day() -> None:
    first = [entry("cold-pack", 0)]
    assert may_apply("cold-pack", [], NOON).may
    wait = may_apply("cold-pack", first, NOON + timedelta(minutes=119))
    assert (wait.may, wait.again_at) == (False, NOON + timedelta(hours=2))
    assert may_apply("cold-pack", first, NOON + timedelta(hours=2)).may
    assert may_apply("heat-pack", first, NOON).may
    four = [entry("cold-pack", n * 0.1) for n in range(4)]
    full = may_apply("cold-pack", four, NOON + timedelta(hours=11))
    assert (full.may, full.again_at) == (False, None)
    assert may_apply("cold-pack", four, NOON + timedelta(hours=13)).may


@pytest.mark.parametrize(("stage", "hours", "before", "worst", "leg", "then", "key"), [
    (1, 48, 2, 4, False, 2, "forward"),
    (1, 47.9, 2, 4, False, 1, "wait"),
    (1, 5, 2, 5, False, 0, "back"),
    (1, 49, 2, 2, True, 0, "back"),
    (1, 1, None, None, True, 0, "back"),
    (3, 60, 2, None, False, 3, "unknown"),
    (3, 60, 2, 3, None, 3, "unknown"),
    (0, 60, 5, 6, False, 0, "floor"),
    (0, 60, 5, 5, False, 1, "forward"),
    (0, 1, 1, 4, False, 0, "floor"),
    (5, 60, 1, 1, False, 5, "top"),
])  # fmt: skip
def test_back_to_activity_goes_one_stage_at_a_time(
    stage: int, hours: float, before: int | None, worst: int | None, leg: bool | None, then: int, key: str
) -> None:
    advice = next_stage(StageReport(stage, NOON - timedelta(hours=hours), before, worst, leg), NOON)
    assert (advice.stage.number, advice.reason.key) == (then, f"activity.{key}")
    assert advice.reason.text


def test_adherence_counts_what_is_missing_as_missing() -> None:
    asked = asked_each_day({"walk": 2, "brace": 1}, date(2026, 5, 4), date(2026, 5, 7))
    log = [
        entry("walk", 0), entry("walk", 0.1), entry("walk", 0.2), entry("brace", 0),
        entry("walk", 1), entry("walk", 1.1, done="no"), entry("brace", 1, done="partly"),
        entry("walk", 2), entry("walk", 2.1), entry("brace", 2),
        entry("walk", 3),
    ]  # fmt: skip
    got = adherence(asked, log, date(2026, 5, 7))
    assert (got.asked, got.done, got.partly, got.skipped, got.missing) == (12, 8, 1, 1, 2)
    assert got.share == pytest.approx(8 / 12)
    assert (got.streak_days, got.longest_days) == (1, 1)
    assert adherence({}, log, date(2026, 5, 7)).share is None
    nothing = adherence(asked, [], date(2026, 5, 7))
    assert (nothing.share, nothing.missing, nothing.streak_days) == (0.0, 12, 0)


def test_a_log_entry_comes_back_and_a_wrong_one_is_refused() -> None:
    one = entry("walk", 0, signs=("skin",), minutes=12.5)
    assert LogEntry.from_document(one.document(), exercises()) == one
    good = one.document()
    wrong: list[tuple[str, object]] = [
        ("nrs_after", 11), ("nrs_after", 3.5), ("nrs_before", True), ("nrs_before", "3"), ("leg", "gone"), ("leg", 3),
        ("dizzy", "no"), ("signs", ["hair"]), ("signs", "skin"), ("done", "maybe"), ("exercise", "jump"), ("id", "x"),
        ("id", "../../../etc"), ("at", "yesterday"), ("at", "2026-05-04T12:00:00"), ("minutes", -1), ("minutes", "5"),
        ("minutes", float("nan")), ("name", "Ann"),
    ]  # fmt: skip
    for key, value in wrong:
        with pytest.raises(BadInput, match=rf"log\.{key}"):
            LogEntry.from_document(good | {key: value}, exercises())
    with pytest.raises(BadInput):
        LogEntry.from_document([good], exercises())


def test_today_is_the_patients_day() -> None:
    from zoneinfo import ZoneInfo

    late = LogEntry("entry-late", "walk", datetime(2026, 5, 4, 23, 30, tzinfo=UTC), "yes")
    there = programme_for(well(), 1, datetime(2026, 5, 5, 8, tzinfo=ZoneInfo("Asia/Tokyo")), log=[late])
    walk = next(item for item in there.items if item.exercise == "walk")
    assert walk.done_today == 0
    later = programme_for(well(), 1, datetime(2026, 5, 5, 10, tzinfo=ZoneInfo("Asia/Tokyo")), log=[late])
    assert next(item for item in later.items if item.exercise == "walk").done_today == 1
