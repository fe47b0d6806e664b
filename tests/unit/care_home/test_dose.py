"""Laws of the dose: never above the most, never up after a bad session, always stopped by a stop rule."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.home import Exercise, LogEntry, exercises, first_dose, next_dose, stop_rules, told_out
from opentraction.care.home.run import set_sizes
from tests.unit.care_home.people import NOON, entry

A = exercises()["stretch-a"]
INVERSION = exercises()["inversion"]
NAMES = st.sampled_from(sorted(exercises()))
SCORES = st.none() | st.integers(0, 10)


@st.composite
def logs(draw: st.DrawFn, exercise: str, good: bool = False) -> list[LogEntry]:
    """A log of one exercise, days rising by up to 40; `good` makes every session a good one."""
    day, found = 0.0, []
    for _ in range(draw(st.integers(0, 25))):
        day += draw(st.floats(0.2, 5.0 if good else 40.0))
        other: dict[str, object] = {}
        if not good:
            other = {
                "done": draw(st.sampled_from(["yes", "yes", "yes", "partly", "no"])),
                "nrs_before": draw(SCORES),
                "nrs_after": draw(SCORES),
                "leg": draw(st.sampled_from([None, "no", "no", "same", "spread", "weak"])),
                "dizzy": draw(st.sampled_from([None, False, False, True])),
            }
        found.append(entry(exercise, day, **other))
    return found


def values(exercise: Exercise, log: list[LogEntry], after: timedelta = timedelta(hours=3)) -> dict[str, int] | None:
    now = (log[-1].at if log else NOON) + after
    dose = next_dose(exercise, log, now).dose
    return dict(dose.values) if dose else None


@given(st.data())
def test_it_stays_between_the_first_dose_and_the_most(data: st.DataObject) -> None:
    exercise = exercises()[data.draw(NAMES)]
    got = values(exercise, data.draw(logs(exercise.id)))
    for axis in exercise.axes:
        assert got is None or axis.start <= got[axis.name] <= axis.most


@given(st.data())
def test_it_never_goes_up_after_a_bad_or_unknown_session(data: st.DataObject) -> None:
    exercise = exercises()[data.draw(NAMES)]
    log = data.draw(logs(exercise.id))
    if not log or not log[-1].tried:
        return
    last = log[-1]
    rise = last.rise
    good = rise is not None and rise <= 1 and last.leg in ("no", "same") and last.dizzy is False and last.done == "yes"
    before, at = next_dose(exercise, log[:-1], last.at), last.at + timedelta(days=3)
    after = next_dose(exercise, log, at)
    if before.dose is None or after.dose is None or good:
        return
    assert all(new <= old for (_, old), (_, new) in zip(before.dose.values, after.dose.values, strict=True))


@given(st.data())
def test_one_step_of_one_axis_at_most_between_two_sessions(data: st.DataObject) -> None:
    exercise = exercises()[data.draw(NAMES)]
    log = data.draw(logs(exercise.id, good=True))
    seen = [dict(first_dose(exercise).values)]
    for n in range(1, len(log) + 1):
        got = values(exercise, log[:n], timedelta(days=2))
        assert got is not None
        raised = [axis for axis in exercise.axes if got[axis.name] > seen[-1][axis.name]]
        assert sum((got[axis.name] - seen[-1][axis.name]) > axis.step for axis in raised) == 0
        seen.append(dict(next_dose(exercise, log[:n], log[n].at).dose.values) if n < len(log) else got)  # type: ignore[union-attr]
        assert sum(seen[-1][axis.name] > seen[-2][axis.name] for axis in exercise.axes) <= 1


@given(st.data())
def test_a_stop_rule_that_calls_always_stops(data: st.DataObject) -> None:
    exercise = exercises()[data.draw(NAMES)]
    rule = data.draw(st.sampled_from([rule for rule in exercise.stops if rule.then != "lower"]))
    how: dict[str, object] = {
        "sign": {"signs": (rule.wanted,)},
        "leg": {"leg": rule.wanted},
        "dizzy": {"dizzy": True},
    }.get(rule.test, {"nrs_after": rule.wanted})  # type: ignore[assignment]
    day = data.draw(st.floats(0.5, 60.0))
    log = [*data.draw(logs(exercise.id, good=True)), entry(exercise.id, day, **how)]
    later = [entry(exercise.id, 200.0 + n) for n in range(3)]
    for entries in (log, [*log, *later], [*reversed(log)]):
        advice = next_dose(exercise, entries, NOON + timedelta(days=210))
        assert advice.dose is None
        assert advice.action in ("stop", "emergency")


@pytest.mark.parametrize("rule", [rule for rule in stop_rules().values() if rule.scope == "all"], ids=lambda r: r.id)
def test_what_is_for_all_stops_the_others_too(rule) -> None:  # type: ignore[no-untyped-def]
    how = {"signs": (rule.wanted,)} if rule.test == "sign" else {"leg": rule.wanted}
    advice = next_dose(A, [entry("walk", 1, done="no", **how)], NOON + timedelta(days=2))
    assert advice.action == ("emergency" if rule.then == "emergency" else "stop")
    assert rule.text in advice.reasons[0].text


def test_pain_of_eight_after_one_exercise_leaves_the_others() -> None:
    log = [entry("walk", 1, nrs_before=7, nrs_after=8)]
    assert next_dose(exercises()["walk"], log, NOON + timedelta(days=2)).action == "stop"
    assert next_dose(A, log, NOON + timedelta(days=2)).action == "start"


def test_pain_one_higher_is_good_two_higher_is_not() -> None:
    up = [entry("inversion", 0, nrs_before=3, nrs_after=4)]
    assert values(INVERSION, up, timedelta(days=2)) == {"minutes": 2, "angle_deg": 15}
    down = [entry("inversion", 0), entry("inversion", 2, nrs_before=3, nrs_after=5)]
    advice = next_dose(INVERSION, down, NOON + timedelta(days=4))
    assert advice.action == "down"
    assert dict(advice.dose.values) == {"minutes": 1, "angle_deg": 15}  # type: ignore[union-attr]
    assert "goes up by 2" in advice.reasons[0].text


def test_no_step_up_before_48_hours() -> None:
    log = [entry("inversion", 0)]
    early = next_dose(INVERSION, log, NOON + timedelta(hours=47, minutes=59))
    assert early.dose == first_dose(INVERSION)
    assert early.reasons[0].key == "reason.too-soon"
    assert next_dose(INVERSION, log, NOON + timedelta(hours=48)).action == "up"


def test_inversion_reaches_five_minutes_and_60_degrees_and_not_more() -> None:
    log = [entry("inversion", 2.0 * n) for n in range(60)]
    weeks = [values(INVERSION, log[:n], timedelta(days=2)) for n in range(1, 60)]
    assert weeks[3] == {"minutes": 5, "angle_deg": 15}
    assert weeks[-1] == {"minutes": 5, "angle_deg": 60}
    assert values(INVERSION, log) == {"minutes": 5, "angle_deg": 60}
    assert next_dose(INVERSION, log, NOON + timedelta(days=120)).reasons[0].key == "reason.most"
    angles = [week["angle_deg"] for week in weeks if week]
    reached = [2 * (1 + angles.index(angle)) for angle in range(15, 65, 5)]
    assert all(later - sooner >= 7 for sooner, later in pairwise(reached[1:]))


def test_the_forward_hang_is_not_at_nine_rounds_before_three_weeks() -> None:
    log = [entry("stretch-a", float(n)) for n in range(40)]
    rounds = [values(A, log[:n], timedelta(days=1)) for n in range(1, 40)]
    assert [week["repetitions"] for week in rounds[:7] if week] == [3] * 7
    day = next(n for n, week in enumerate(rounds) if week and week["repetitions"] == 9)
    assert 20 <= day <= 28


def test_pain_that_carried_over_within_48_hours_counts_against_the_session_before() -> None:
    log = [entry("walk", 0, nrs_before=2, nrs_after=2), entry("walk", 1, nrs_before=5, nrs_after=5)]
    assert next_dose(exercises()["walk"], log, NOON + timedelta(days=2)).reasons[0].text.endswith("48 hours.")
    later = [log[0], entry("walk", 2.1, nrs_before=5, nrs_after=5)]
    assert next_dose(exercises()["walk"], later, NOON + timedelta(days=3)).action == "up"


def test_leg_spread_lowers_once_and_calls_the_second_time() -> None:
    once = [entry("stretch-a", float(n)) for n in range(8)] + [entry("stretch-a", 8, leg="spread")]
    assert next_dose(A, once, NOON + timedelta(days=9)).action == "down"
    twice = [*once, entry("stretch-a", 9, leg="spread")]
    assert next_dose(A, twice, NOON + timedelta(days=10)).action == "stop"
    apart = [*once, entry("stretch-a", 9), entry("stretch-a", 10, leg="spread")]
    assert next_dose(A, apart, NOON + timedelta(days=11)).dose is not None


def test_two_different_hard_sessions_in_a_row_call() -> None:
    log = [entry("stretch-a", 0, leg="spread"), entry("stretch-a", 1, dizzy=True)]
    advice = next_dose(A, log, NOON + timedelta(days=2))
    assert advice.reasons[0].key == "reason.two-bad"


def test_a_gap_steps_back_and_a_long_one_begins_anew() -> None:
    log = [entry("walk", 2.0 * n) for n in range(9)]
    walk, last = exercises()["walk"], log[-1].at
    top = dict(next_dose(walk, log, last + timedelta(hours=1)).dose.values)["minutes"]  # type: ignore[union-attr]
    assert top >= 14
    back = next_dose(walk, log, last + timedelta(days=14))
    assert dict(back.dose.values)["minutes"] == top - 2  # type: ignore[union-attr]
    assert next_dose(walk, log, last + timedelta(days=28)).dose == first_dose(walk)


def test_after_a_clinician_says_go_on_it_begins_anew() -> None:
    log = [*(entry("stretch-a", float(n)) for n in range(9)), entry("stretch-a", 9, leg="weak")]
    cleared = NOON + timedelta(days=12)
    assert next_dose(A, log, cleared, cleared - timedelta(days=10)).action == "stop"
    advice = next_dose(A, log, cleared, cleared)
    assert advice.dose == first_dose(A)
    assert advice.reasons[0].key == "reason.cleared"


@pytest.mark.parametrize(("name", "last", "key"), [
    ("score missing", {"nrs_after": None}, "reason.unknown"),
    ("leg not told", {"leg": None}, "reason.unknown"),
    ("partly", {"done": "partly"}, "reason.partly"),
])  # fmt: skip
def test_what_is_missing_or_partly_done_keeps_the_dose(name: str, last: dict[str, object], key: str) -> None:
    advice = next_dose(exercises()["inversion"], [entry("inversion", 0, **last)], NOON + timedelta(days=4))
    assert (advice.dose, advice.reasons[0].key) == (first_dose(INVERSION), key)


def test_a_bird_dog_falls_in_sets_of_six_four_two() -> None:
    bird = exercises()["bird-dog"]
    log = [entry("bird-dog", 2.0 * n) for n in range(20)]
    dose = next_dose(bird, log, NOON + timedelta(days=40)).dose
    assert dose is not None
    assert set_sizes(bird, dose) == [6, 4, 2]
    told = [step.step for step in told_out(bird, dose)]
    assert (told.count("bird-left"), told.count("bird-rest")) == (12, 2)


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda one: one.id)
def test_told_out_every_step_has_its_seconds_and_no_brace_is_left(exercise: Exercise) -> None:
    steps = told_out(exercise, first_dose(exercise))
    assert {step.step for step in steps} >= {step.id for step in exercise.steps if step.part != "set"}
    assert all(0 < step.seconds <= 1800 and "{" not in step.text for step in steps)


def test_packs_stay_inside_their_twenty_minutes() -> None:
    for name in ("cold-pack", "heat-pack"):
        log = [entry(name, 2.0 * n) for n in range(30)]
        dose = next_dose(exercises()[name], log, NOON + timedelta(days=60)).dose
        assert dose is not None
        steps = told_out(exercises()[name], dose)
        on = sum(step.seconds for step in steps if step.step[1:] in ("2", "4"))
        assert on == dose.get("minutes") * 60 == 900
        assert steps[1].seconds == 300
        assert "skin" in steps[2].text


def test_one_is_said_as_one() -> None:
    from opentraction.care.home.dose import Dose
    from opentraction.care.home.languages import home_texts

    once = Dose("x", (("repetitions", 1), ("sets", 1), ("hold_s", 1)))
    more = Dose("x", (("repetitions", 6), ("sets", 2)))
    assert once.words() == "once, 1 set, hold 1 s"
    assert more.words() == "6 times, 2 sets"
    assert once.words(home_texts("es")) == "una vez, 1 serie, aguante 1 s"
