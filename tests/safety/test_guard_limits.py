"""Each limit of the guard at its edge: the figure itself does not trip, the next number beyond it does."""

from __future__ import annotations

import math

import pytest

from opentraction.guard.step import (
    Guard,
    GuardInput,
    GuardSettings,
    Timers,
    fresh_guard,
    guard_settings,
    guard_step,
    held,
    judge,
    look,
    rested,
)
from opentraction.quantities import vocabulary as v

DT = 2.0**-7
"""[s] between two looks; a power of two, so that sums are exact."""
LIMITS = guard_settings(DT, 400.0, 3000.0, 1e6, 350.0, 77)
HIGH = guard_settings(DT, 1000.0, 3000.0, 1e6, 900.0, 77)
"""A patient whose ceiling lets tenths and twentieths count for more than newtons."""
WELL = GuardInput(300.0, 300.0, 300.0, 300.0, 0.0, 0.1, True, True)
BUSY = Timers(
    last_time=0.75,
    last_force=299.0,
    machine=0.01,
    patient=0.02,
    lasting=0.03,
    hard=1,
    invalid=1,
    disagree=0.04,
    frozen=0.05,
    slack=0.06,
    taut_at=0.5,
    broke=False,
    elapsed=10.0,
    dose=5000.0,
    start=0.02,
    idle_from=0.03,
    idle_force=250.0,
)
CALM = Timers(1.0, 300.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0, 1.0, False, 10.0, 5000.0, 0.0, 0.1, 300.0)


def above(value: float) -> float:
    return math.nextafter(value, math.inf)


def below(value: float) -> float:
    return math.nextafter(value, -math.inf)


def seen(s: GuardSettings = LIMITS, t: Timers = BUSY, now: float = 1.0, **changed: float) -> Timers:
    return look(now, s, WELL._replace(**changed), t)


def judged(t: Timers = CALM, gap: float = 0.1, s: GuardSettings = LIMITS, **changed: float) -> int:
    return judge(s, t, WELL._replace(**changed), gap)


# --- figures ---


def test_the_figures_are_those_of_the_hazard_analysis() -> None:
    assert LIMITS._asdict() == {
        "dt": DT,
        "ceiling": 400.0,
        "longest": 4200.0,
        "dose": 1.13e6,
        "most_travel": pytest.approx(0.372562, abs=1e-6),
        "plan": 77,
        "slack": 20.0,
        "moving": 0.002,
        "machine_time": 0.045,
        "patient_time": 0.60,
        "lasting_time": 4.0,
        "hard_margin": 250.0,
        "disagree_time": 0.30,
        "frozen_time": 0.25,
        "slack_time": 0.10,
        "slack_time_low": 0.25,
        "low": 100.0,
        "break_time": 0.10,
        "idle_travel": 0.06,
        "least_stiffness": 300.0,
        "gap": 0.10,
    }


@pytest.mark.parametrize("peak", [0.0, -5.0])
def test_a_plan_without_force_has_travel_for_slack_alone_and_no_mark(peak: float) -> None:
    s = guard_settings(DT, 400.0, 0.0, 0.0, peak)
    assert (s.most_travel, s.longest, s.dose, s.plan) == (0.12, 900.0, 30000.0, 0)


# --- what it remembers ---


def test_a_fresh_guard_remembers_the_time_and_nothing_else() -> None:
    nothing = dict.fromkeys(Timers._fields, 0) | {"last_time": 3.0, "taut_at": -1.0e9, "broke": False}
    assert fresh_guard(3.0) == Guard(v.NO_CAUSE, Timers(**nothing))


def test_between_sessions_only_where_the_cable_was_is_kept() -> None:
    t = BUSY._replace(broke=True)
    assert rested(2.0, t) == fresh_guard(2.0).timers._replace(
        last_force=299.0, taut_at=0.5, start=0.02, idle_from=0.03, idle_force=250.0
    )


def test_a_look_at_a_good_pull_clears_every_doubt() -> None:
    assert seen() == Timers(
        1.0, 300.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0, 1.0, False, 10.0 + DT, 5000.0 + 300.0 * DT, 0.02, 0.1, 300.0
    )


def test_without_tension_a_look_starts_all_anew() -> None:
    t = seen(tension=False, force=800.0, control_force=0.0, speed=0.01)
    assert t == Timers(1.0, 800.0, 0.0, 0.0, 0.0, 2, 0, 0.0, 0.0, 0.0, 1.0, False, 0.0, 0.0, 0.1, 0.1, 800.0)
    assert seen(tension=False, force=299.0).frozen == 0.0


def test_a_condition_that_breaks_off_is_timed_anew() -> None:
    assert held(0.25, True, DT) == 0.25 + DT
    assert held(0.25, False, DT) == 0.0


# --- too much force ---

OVER = [
    (LIMITS, {}, 330.0),
    (LIMITS, {"reference": 100.0, "prescribed": 100.0}, 130.0),
    (LIMITS, {"reference": 900.0, "prescribed": 900.0}, 440.0),
    (HIGH, {"reference": 800.0, "prescribed": 800.0}, 880.0),
    (LIMITS, {"prescribed": 200.0}, 230.0),
    (LIMITS, {"prescribed": 350.0}, 330.0),
    (LIMITS, {"prescribed": 200.0, "treating": False}, 330.0),
    (LIMITS, {"prescribed": math.nan}, 330.0),
    (LIMITS, {"prescribed": -math.inf}, 330.0),
]


@pytest.mark.parametrize(("s", "changed", "edge"), OVER)
def test_over_is_a_tenth_or_30_newtons_above_the_least_of_reference_plan_and_ceiling(
    s: GuardSettings, changed: dict[str, float], edge: float
) -> None:
    assert seen(s, **changed, force=edge).lasting == 0.0
    t = seen(s, **changed, force=above(edge))
    assert t.lasting == 0.03 + DT
    assert t.machine == 0.0


def test_it_is_the_machines_while_the_cable_travels_in() -> None:
    assert seen(force=340.0, speed=0.002).machine == 0.0
    assert seen(force=340.0, speed=above(0.002)).machine == 0.01 + DT
    assert seen(force=340.0, speed=-0.3).machine == 0.0
    assert seen(force=320.0, speed=0.01).machine == 0.0


@pytest.mark.parametrize(("s", "edge"), [(LIMITS, 430.0), (HIGH, 1050.0)])
def test_it_is_dangerous_for_the_patient_30_newtons_or_a_twentieth_above_the_ceiling(
    s: GuardSettings, edge: float
) -> None:
    assert seen(s, force=edge).patient == 0.0
    assert seen(s, force=above(edge)).patient == 0.02 + DT
    assert seen(s, force=above(edge), tension=False).patient == 0.0


def test_above_the_ceiling_but_within_the_trip_margin_is_not_yet_too_much() -> None:
    assert seen(HIGH, reference=1000.0, prescribed=1000.0, force=1080.0).patient == 0.0


def test_the_hard_limit_counts_looks_whoever_causes_it() -> None:
    assert seen(force=650.0).hard == 0
    assert seen(force=above(650.0)).hard == 2
    assert seen(force=above(650.0), tension=False).hard == 2


# --- sensors ---


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -100.0, 2000.0])
def test_a_force_that_cannot_be_is_counted_and_the_last_one_kept(bad: float) -> None:
    t = seen(force=bad)
    assert (t.invalid, t.last_force, t.frozen) == (2, 299.0, 0.05 + DT)


@pytest.mark.parametrize("good", [above(-100.0), below(2000.0)])
def test_a_force_that_can_be_is_taken(good: float) -> None:
    t = seen(force=good)
    assert (t.invalid, t.last_force) == (0, good)


@pytest.mark.parametrize(("force", "apart"), [(300.0, 25.0), (800.0, 40.0)])
def test_cells_disagree_25_newtons_or_a_twentieth_apart(force: float, apart: float) -> None:
    for side in (-1.0, 1.0):
        assert seen(force=force, control_force=force + side * apart).disagree == 0.0
        assert seen(force=force, control_force=force + side * (apart + 1e-9)).disagree == 0.04 + DT
    assert seen(force=force, control_force=force + 2.0 * apart, tension=False).disagree == 0.0


def test_a_control_that_reads_no_number_disagrees() -> None:
    assert seen(control_force=math.nan).disagree == 0.04 + DT


def test_a_cell_that_gives_the_same_to_the_last_bit_stands_still() -> None:
    assert seen(force=299.0).frozen == 0.05 + DT
    assert seen(force=above(299.0)).frozen == 0.0


# --- too little force ---


def test_slack_is_below_20_newtons_where_more_than_50_are_wanted() -> None:
    assert seen(force=20.0).slack == 0.0
    assert seen(force=below(20.0)).slack == 0.06 + DT
    assert seen(force=5.0, reference=50.0).slack == 0.0
    assert seen(force=5.0, reference=above(50.0)).slack == 0.06 + DT
    assert seen(force=5.0, treating=False).slack == 0.0


def test_taut_is_more_than_six_tenths_of_what_is_wanted() -> None:
    assert seen(force=180.0).taut_at == 0.5
    assert seen(force=above(180.0)).taut_at == 1.0


BREAKING = LIMITS._replace(break_time=0.25)


@pytest.mark.parametrize(
    ("changed", "broke"),
    [
        ({"force": below(20.0)}, True),
        ({"force": 20.0}, False),
        ({"force": below(12.0), "reference": 40.0}, True),
        ({"force": 12.0, "reference": 40.0}, False),
        ({"force": 5.0, "tension": False}, False),
        ({"force": -50.0, "reference": -100.0}, False),  # taut, where less than nothing is wanted
    ],
)
def test_from_taut_to_nothing_at_once_is_a_break(changed: dict[str, float], broke: bool) -> None:
    assert seen(BREAKING, BUSY._replace(taut_at=above(0.75)), **changed).broke is broke
    assert seen(BREAKING, BUSY._replace(taut_at=0.75), **changed).broke is False


def test_a_break_is_remembered_until_the_cable_is_taut() -> None:
    broken = BUSY._replace(broke=True)
    assert seen(t=broken, force=5.0).broke
    assert seen(t=broken, force=150.0).broke
    assert not seen(t=broken, force=200.0).broke


# --- travel, time and dose ---


def test_the_pull_begins_where_the_tension_does() -> None:
    assert seen(t=BUSY._replace(elapsed=0.0)).start == 0.1
    assert seen(t=BUSY._replace(elapsed=DT)).start == 0.02
    assert seen(t=BUSY._replace(elapsed=0.0), force=100.0).idle_from == 0.1


@pytest.mark.parametrize(("reference", "edge"), [(300.0, 285.0), (100.0, 90.0)])
def test_the_force_lags_behind_by_10_newtons_or_a_twentieth(reference: float, edge: float) -> None:
    t = seen(reference=reference, force=edge)
    assert (t.idle_from, t.idle_force) == (0.1, edge)
    t = seen(reference=reference, force=below(edge))
    assert (t.idle_from, t.idle_force) == (0.03, 250.0)


def test_a_force_below_nothing_takes_nothing_from_the_dose() -> None:
    assert seen(force=-5.0).dose == 5000.0
    assert seen(force=0.5).dose == 5000.0 + 0.5 * DT


# --- the verdict ---


def test_a_good_pull_is_judged_good() -> None:
    assert judged() == v.NO_CAUSE


@pytest.mark.parametrize(
    ("timer", "limit", "cause"),
    [
        ("machine", 0.045, v.FORCE_TOO_HIGH),
        ("patient", 0.60, v.FORCE_TOO_HIGH),
        ("lasting", 4.0, v.NO_RELEASE),
        ("disagree", 0.30, v.SENSORS_DISAGREE),
        ("frozen", 0.25, v.SENSOR_FROZEN),
        ("slack", 0.10, v.PATIENT_MOVED),
        ("elapsed", 4200.0, v.TOO_LONG),
        ("dose", LIMITS.dose, v.TOO_LONG),
    ],
)
def test_a_timer_trips_beyond_its_limit(timer: str, limit: float, cause: int) -> None:
    assert judged(CALM._replace(**{timer: limit})) == v.NO_CAUSE
    assert judged(CALM._replace(**{timer: above(limit)})) == cause


@pytest.mark.parametrize(("count", "cause"), [("hard", v.FORCE_TOO_HIGH), ("invalid", v.SENSOR_INVALID)])
def test_one_look_is_none_and_two_are_enough(count: str, cause: int) -> None:
    assert [judged(CALM._replace(**{count: n})) for n in (0, 1, 2, 3)] == [v.NO_CAUSE, v.NO_CAUSE, cause, cause]


def test_below_100_newtons_slack_is_given_more_time() -> None:
    t = CALM._replace(slack=0.25)
    assert judged(t, reference=100.0) == v.NO_CAUSE
    assert judged(t, reference=above(100.0)) == v.PATIENT_MOVED
    assert judged(t._replace(slack=above(0.25)), reference=100.0) == v.PATIENT_MOVED
    assert judged(t._replace(slack=above(0.25), broke=True), reference=100.0) == v.CABLE_LOOSE


def test_cable_that_builds_no_force_is_loose_or_the_patient_moved() -> None:
    t = CALM._replace(idle_from=0.0, idle_force=100.0, last_force=100.0)
    assert judged(t, travel=0.06) == v.NO_CAUSE
    assert judged(t, travel=above(0.06)) == v.PATIENT_MOVED
    assert judged(t._replace(last_force=137.5), travel=0.125) == v.NO_CAUSE  # 300 N/m
    assert judged(t._replace(last_force=below(137.5)), travel=0.125) == v.PATIENT_MOVED
    slack = t._replace(idle_force=0.0)
    assert judged(slack._replace(last_force=20.0), travel=0.125) == v.PATIENT_MOVED
    assert judged(slack._replace(last_force=below(20.0)), travel=0.125) == v.CABLE_LOOSE


def test_travel_is_counted_from_where_the_pull_began() -> None:
    s = LIMITS._replace(most_travel=0.25)
    assert judged(CALM._replace(start=0.5, idle_from=0.75), s=s, travel=0.75) == v.NO_CAUSE
    assert judged(CALM._replace(start=0.5, idle_from=0.75), s=s, travel=above(0.75)) == v.TRAVEL_LIMIT


@pytest.mark.parametrize(("gap", "cause"), [(0.10, 0), (above(0.10), v.CLOCK_GAP), (math.nan, v.CLOCK_GAP)])
def test_a_clock_that_jumps_trips(gap: float, cause: int) -> None:
    assert judged(gap=gap) == cause


def test_the_worst_is_said_first() -> None:
    everything = {
        "machine": 1.0,
        "lasting": 9.0,
        "invalid": 2,
        "disagree": 1.0,
        "frozen": 1.0,
        "slack": 1.0,
        "idle_from": -1.0,
        "idle_force": 300.0,
        "start": -1.0,
        "elapsed": 9e9,
    }
    said = []
    for name in list(everything):
        said.append(judged(CALM._replace(**everything), 9.0))
        del everything[name]
    assert said == [
        v.FORCE_TOO_HIGH,
        v.NO_RELEASE,
        v.SENSOR_INVALID,
        v.SENSORS_DISAGREE,
        v.SENSOR_FROZEN,
        v.PATIENT_MOVED,
        v.PATIENT_MOVED,
        v.TRAVEL_LIMIT,
        v.TRAVEL_LIMIT,
        v.CLOCK_GAP,
    ]


# --- one look after the other ---


def test_what_tripped_stays_and_the_timers_go_on() -> None:
    g = guard_step(1.0, LIMITS, WELL, Guard(v.SENSOR_FROZEN, BUSY._replace(hard=1)))
    assert g == Guard(v.SENSOR_FROZEN, seen())
    assert guard_step(1.0, LIMITS, WELL._replace(force=700.0), g._replace(timers=BUSY)).cause == v.SENSOR_FROZEN


def test_without_tension_nothing_is_judged() -> None:
    bad = WELL._replace(force=700.0, tension=False)
    assert guard_step(1.0, LIMITS, bad, Guard(v.NO_CAUSE, BUSY)).cause == v.NO_CAUSE
    assert guard_step(1.0, LIMITS, bad._replace(tension=True), Guard(v.NO_CAUSE, BUSY)).cause == v.FORCE_TOO_HIGH


@pytest.mark.parametrize(("since", "cause"), [(0.0625, v.NO_CAUSE), (0.125, v.CLOCK_GAP)])
def test_the_time_between_two_looks_is_what_is_judged(since: float, cause: int) -> None:
    g = Guard(v.NO_CAUSE, BUSY._replace(last_time=1.0 - since, disagree=0.0))
    assert guard_step(1.0, LIMITS, WELL, g) == Guard(cause, seen(t=g.timers))
