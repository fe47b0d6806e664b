"""Readings that are wrong, a control that runs away: no bad number becomes a command, the force keeps its envelope."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.control.settings import TICK
from opentraction.control.step import Control, control_step, has_torque, releasing
from opentraction.control.types import ControlInput, Wanted
from opentraction.guard.step import Guard, GuardInput, fresh_guard, guard_settings, guard_step
from opentraction.prescription.waveform import FROM, TO
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.tick import TickState, fresh_tick, tick, tick_settings
from opentraction.table.port import Reading
from tests import laws
from tests.lab import Event, Played, Setup, body, fall_of, play, short_plan

SETUP = Setup(short_plan(300.0))
SETTINGS = tick_settings(SETUP.plan)
TREATING = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST)


@functools.cache
def quiet() -> Played:
    """A session in which nothing goes wrong."""
    return play(SETUP, 60.0)


@functools.cache
def state_in(phase: int) -> TickState:
    """What session code remembers in the middle of a phase."""
    if phase in TREATING or phase == v.END_RELEASE:
        return play(SETUP, quiet().middle(phase) / 200.0).state
    hold = quiet().middle(v.HOLD)
    if phase in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE, v.CONSOLE_RELEASE, v.FAULT_RELEASE}:
        kind = {
            v.PATIENT_RELEASE: "remote-press",
            v.CLINICIAN_RELEASE: "clinician-stop",
            v.CONSOLE_RELEASE: "ask:stop",
            v.FAULT_RELEASE: "a-nan",
        }[phase]
        return play(SETUP, hold / 200.0 + 0.4, [Event(hold, kind)]).state
    pause = Event(hold, "ask:pause")
    if phase == v.PAUSE_RELEASE:
        return play(SETUP, hold / 200.0 + 0.4, [pause]).state
    paused = play(SETUP, 60.0, [pause]).first(v.PAUSED)
    resume = Event(paused + 100, "ask:resume")
    return play(SETUP, paused / 200.0 + (0.3 if phase == v.PAUSED else 2.0), [pause, resume]).state


UNDER_TENSION = (
    *TREATING,
    v.PAUSE_RELEASE,
    v.PAUSED,
    v.RESUME,
    v.END_RELEASE,
    v.PATIENT_RELEASE,
    v.CLINICIAN_RELEASE,
    v.CONSOLE_RELEASE,
    v.FAULT_RELEASE,
)


@pytest.mark.parametrize("phase", UNDER_TENSION, ids=[v.PHASE_NAMES[p] for p in UNDER_TENSION])
def test_the_captured_states_are_in_their_phase(phase: int) -> None:
    assert state_in(phase).control.mode.phase == phase


any_number = st.floats(allow_nan=True, allow_infinity=True)
force = st.one_of(any_number, st.floats(-50.0, 1200.0), st.sampled_from([math.nan, math.inf, -math.inf, 1e308, -1e308]))
inputs = st.builds(
    ControlInput,
    force=force,
    other_force=force,
    travel=st.one_of(any_number, st.floats(-0.5, 0.5)),
    speed=any_number,
    switches=st.one_of(st.just(v.ALL_WELL), st.integers(0, 127)),
    prepared=st.booleans(),
    guard_cause=st.one_of(st.just(0), st.integers(0, len(v.CAUSE_TEXTS) - 1)),
    ask=st.integers(0, v.ASK_UNBIND),
    ask_value=any_number,
)
wants = st.builds(
    lambda value, rate, phase: Wanted(math.isfinite(value) and math.isfinite(rate), value, rate, phase),
    st.one_of(any_number, st.floats(0.0, 400.0)),
    st.one_of(any_number, st.floats(-100.0, 100.0)),
    st.integers(v.PRETENSION, v.END_RELEASE),
)


def assert_sound(c: Control, now_given: float) -> None:
    """The command is a number inside the caps; a release never pulls; what control remembers stays numbers."""
    s = SETTINGS.now.control
    assert math.isfinite(c.loop.speed)
    assert -s.payout_speed <= c.loop.speed <= s.pull_speed
    if releasing(c.mode.phase) or not has_torque(c.mode.phase):
        assert c.loop.speed <= 0.0
    remembered = (*c.reference, *c.loop, *c.stiffness.slow, *c.stiffness.fast, c.watch.slow, c.mode.release_from)
    if abs(now_given) < 1e6:
        assert all(math.isfinite(value) for value in remembered)


@pytest.mark.parametrize("phase", UNDER_TENSION, ids=[v.PHASE_NAMES[p] for p in UNDER_TENSION])
@settings(max_examples=60)
@given(steps=st.lists(st.tuples(inputs, wants), min_size=1, max_size=6))
def test_no_bad_reading_reaches_the_command(phase: int, steps: list[tuple[ControlInput, Wanted]]) -> None:
    c, now = state_in(phase).control, 100.0
    for given_input, want in steps:
        sane = want if abs(want.force) < 1e4 and abs(want.rate) < 1e4 else Wanted(False, math.nan, math.nan, want.phase)
        now += TICK
        c = control_step(now, SETTINGS.now.control, given_input, sane, c)
        assert_sound(c, given_input.force if math.isfinite(given_input.force) else 0.0)


def test_a_resume_without_a_setpoint_stays_a_number_and_releases() -> None:
    c = state_in(v.PAUSED).control
    i = ControlInput(25.0, 25.0, 0.019, 0.0, v.ALL_WELL, True, 0, v.ASK_RESUME, 0.0)
    nothing = Wanted(False, math.nan, math.nan, v.HOLD)
    for n in range(3):
        c = control_step(100.0 + n * TICK, SETTINGS.now.control, i._replace(ask=i.ask if n == 0 else 0), nothing, c)
        assert_sound(c, 25.0)
    assert releasing(c.mode.phase)


def step_with(phase: int, **changed: float) -> Control:
    """One step from the middle of a phase, everything well but what is `changed`."""
    c = state_in(phase).control
    i = ControlInput(c.reference.force, c.reference.force, 0.05, 0.0, v.ALL_WELL, True, 0, 0, 0.0)
    return control_step(
        100.0, SETTINGS.now.control, i._replace(**changed), Wanted(True, c.reference.force, 0.0, phase), c
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e9, -500.0, 2000.0])
@pytest.mark.parametrize("phase", [v.RISE, v.HOLD, v.REST])
def test_one_unbelievable_force_or_travel_releases(phase: int, bad: float) -> None:
    assert step_with(phase).mode.phase == phase
    for name in ("force", "travel"):
        c = step_with(phase, **{name: bad})
        assert (c.mode.phase, c.mode.cause) == (v.FAULT_RELEASE, v.SENSOR_INVALID)
        assert c.loop.speed <= 0.0


# --- no set-point means release ---


@pytest.mark.parametrize("phase", TREATING, ids=[v.PHASE_NAMES[p] for p in TREATING])
def test_a_plan_with_a_hole_releases(phase: int) -> None:
    segments = np.array(SETUP.plan.segments)
    codes = segments[:, 2].astype(int)
    segments[codes == phase, FROM : TO + 1] = math.nan
    p = play(SETUP, 60.0, segments=segments)
    assert p.cause == v.NO_SETPOINT
    assert p.final == v.SAFE
    at = p.first(v.FAULT_RELEASE)
    assert p.phases[at - 1] in {v.READY, phase, phase - 1}
    if p.true[at] > 20.0:
        assert not list(laws.broken_by_stop(p, at, laws.StopLaw(100.0, 4.5, (v.NO_SETPOINT,))))


@pytest.mark.parametrize("phase", TREATING, ids=[v.PHASE_NAMES[p] for p in TREATING])
def test_a_treatment_time_that_is_none_releases(phase: int) -> None:
    state = state_in(phase)
    mode = state.control.mode._replace(treatment_time=math.nan)
    state = state._replace(control=state.control._replace(mode=mode))
    now = state.guard.guard.timers.last_time + TICK
    reading = Reading(now, 100.0, 100.0, 0.05, 0.0, v.ALL_WELL)
    after = tick(reading, 0, 0.0, True, SETTINGS, np.array(SETUP.plan.segments), state)
    assert after.control.mode.phase == v.FAULT_RELEASE
    assert after.control.mode.cause == v.NO_SETPOINT
    assert after.control.loop.speed <= 0.0


# --- the guard ---


looks = st.builds(
    GuardInput,
    force=force,
    control_force=force,
    reference=st.one_of(any_number, st.floats(0.0, 400.0)),
    speed=st.one_of(any_number, st.floats(-0.3, 0.02)),
    tension=st.booleans(),
    treating=st.booleans(),
)
GUARD = guard_settings(TICK, 400.0, 60.0, 20000.0, 300.0)


@given(st.lists(looks, min_size=1, max_size=80), st.lists(st.floats(-1.0, 5.0), min_size=80, max_size=80))
def test_the_guards_first_cause_stays(seen: list[GuardInput], gaps: list[float]) -> None:
    g, now = fresh_guard(0.0), 0.0
    for look, gap in zip(seen, gaps, strict=False):
        now += gap
        before = g.cause
        g = guard_step(now, GUARD, look, g)
        assert 0 <= g.cause < len(v.CAUSE_TEXTS)
        assert before in {v.NO_CAUSE, g.cause}
        assert math.isfinite(g.timers.last_force)


def remembering(**timers: float) -> Guard:
    """A fresh guard with some of its memory set."""
    fresh = fresh_guard(0.0)
    return Guard(fresh.cause, fresh.timers._replace(**timers))


def guarded(look: GuardInput, seconds: float, wobble: float = 0.1) -> Guard:
    """The guard after the same look for some time, the noise of a living cell on top."""
    g = fresh_guard(0.0)
    for n in range(round(seconds / TICK)):
        noise = wobble * (-1.0) ** n
        g = guard_step((n + 1) * TICK, GUARD, look._replace(force=look.force + noise), g)
    return g


WELL = GuardInput(300.0, 300.0, 300.0, 300.0, 0.0, 0.1, True, True)


@pytest.mark.parametrize(
    ("look", "cause", "within"),
    [
        (WELL._replace(force=340.0, control_force=340.0, speed=0.01), v.FORCE_TOO_HIGH, 0.06),
        (WELL._replace(force=440.0, control_force=440.0), v.FORCE_TOO_HIGH, 0.65),
        (WELL._replace(force=700.0, control_force=700.0), v.FORCE_TOO_HIGH, 0.015),
        (WELL._replace(force=math.nan), v.SENSOR_INVALID, 0.015),
        (WELL._replace(force=5000.0), v.SENSOR_INVALID, 0.015),
        (WELL._replace(control_force=265.0), v.SENSORS_DISAGREE, 0.35),
        (WELL._replace(control_force=math.nan), v.SENSORS_DISAGREE, 0.35),
        (WELL._replace(force=5.0, control_force=5.0), v.PATIENT_MOVED, 0.15),
        (WELL._replace(force=340.0, control_force=340.0, speed=0.0), v.NO_RELEASE, 4.1),
    ],
)
def test_what_trips_the_guard_and_how_soon(look: GuardInput, cause: int, within: float) -> None:
    assert guarded(look, within).cause == cause


@pytest.mark.parametrize(
    ("look", "seconds"),
    [
        (WELL, 5.0),
        (WELL._replace(force=340.0, control_force=340.0, speed=0.0), 3.9),
        (WELL._replace(force=430.0, control_force=430.0, speed=-0.01), 0.5),
        (WELL._replace(control_force=280.0), 5.0),
        (WELL._replace(force=5.0, control_force=5.0, reference=20.0, prescribed=20.0), 5.0),
    ],
)
def test_what_does_not_trip_the_guard(look: GuardInput, seconds: float) -> None:
    assert guarded(look, seconds).cause == v.NO_CAUSE


def test_from_taut_to_slack_at_once_is_a_break() -> None:
    g = remembering(taut_at=0.0)
    for n in range(30):
        g = guard_step((n + 1) * TICK, GUARD, WELL._replace(force=0.1 * (-1) ** n, control_force=0.0), g)
    assert g.cause == v.CABLE_LOOSE


def test_a_frozen_cell_trips_and_a_quiet_one_does_not() -> None:
    assert guarded(WELL, 0.3, wobble=0.0).cause == v.SENSOR_FROZEN
    assert guarded(WELL, 5.0, wobble=0.02).cause == v.NO_CAUSE


def test_the_guard_ends_what_lasts_too_long() -> None:
    g = remembering(elapsed=GUARD.longest, last_force=299.0)
    assert guard_step(TICK, GUARD, WELL, g).cause == v.TOO_LONG
    g = remembering(dose=GUARD.dose, last_force=299.0)
    assert guard_step(TICK, GUARD, WELL, g).cause == v.TOO_LONG


@pytest.mark.parametrize(("force", "reference", "cause"), [(100.0, 300.0, v.PATIENT_MOVED), (5.0, 45.0, v.CABLE_LOOSE)])
def test_cable_taken_in_without_force_building_trips(force: float, reference: float, cause: int) -> None:
    g, o = fresh_guard(0.0), WELL._replace(control_force=force, reference=reference, prescribed=reference)
    for n in range(140):
        g = guard_step((n + 1) * TICK, GUARD, o._replace(force=force + 0.1 * (-1) ** n, travel=0.1 + 5e-4 * n), g)
        assert (g.cause == v.NO_CAUSE) is (5e-4 * n <= 0.0601)
    assert g.cause == cause


def test_more_cable_than_any_belt_takes_trips() -> None:
    g = remembering(elapsed=1.0, last_force=300.0, idle_from=0.1, start=0.1 - GUARD.most_travel)
    assert guard_step(TICK, GUARD, WELL._replace(travel=0.11), g).cause == v.TRAVEL_LIMIT


def test_a_late_loop_trips() -> None:
    hold = quiet().middle(v.HOLD)
    p = play(SETUP, hold / 200.0 + 8.0, [Event(hold, "late")])
    assert p.cause == v.CLOCK_GAP
    assert p.final == v.SAFE


# --- a control that runs away ---


@pytest.mark.parametrize("stiffness", [3000.0, 9000.0, 40000.0])
@pytest.mark.parametrize("phase", [v.RISE, v.HOLD, v.REST, v.PAUSED])
def test_a_runaway_at_full_speed_stays_in_the_envelope(stiffness: float, phase: int) -> None:
    """From one tick on the drive is told to pull at 1 m/s, its own cap of 20 mm/s the only other limit."""
    setup = Setup(short_plan(300.0), body(stiffness))
    hold = play(setup, 60.0).middle(v.HOLD)
    before = [Event(hold, "ask:pause")] if phase == v.PAUSED else []
    at = play(setup, 60.0, before).middle(phase)
    p = play(setup, at / 200.0 + 12.0, [*before, Event(at, "runaway")])
    reference = float(p.rows[at - 1, r.PRESCRIBED])
    trip = reference + max(30.0, 0.10 * reference)
    assert p.cause == v.FORCE_TOO_HIGH
    assert p.phases[-1] in {v.FAULT_RELEASE, v.TORQUE_OFF, v.SAFE}
    assert p.true.max() <= max(trip, 300.0 + 5.0) + 30.0
    assert (np.diff(p.true[p.first(v.FAULT_RELEASE) + 20 :]) < 1.5).all()


def test_the_guard_trips_on_a_runaway_within_50_ms_of_the_limit() -> None:
    hold = quiet().middle(v.HOLD)
    p = play(SETUP, hold / 200.0 + 3.0, [Event(hold, "runaway")])
    over = int(np.flatnonzero(p.rows[:, r.GUARD_MEASURED] > 330.5)[0])
    assert p.first(v.FAULT_RELEASE) - over <= 11


@pytest.mark.parametrize("phase", [v.RISE, v.HOLD, v.FALL, v.REST])
@pytest.mark.parametrize("kind", ["a-nan", "a-frozen", "a-gain", "b-nan", "b-frozen", "b-set"])
def test_a_lying_sensor_never_raises_the_true_force_by_50_newtons(phase: int, kind: str) -> None:
    at = quiet().middle(phase)
    p = play(SETUP, at / 200.0 + 12.0, [Event(at, kind)])
    before = quiet().true[: len(p.true)]
    assert (p.true - before).max() <= 50.0
    if kind != "a-frozen":  # in a hold a frozen cell happens to be right
        assert p.cause in {v.SENSOR_INVALID, v.SENSORS_DISAGREE, v.SENSOR_FROZEN, v.FORCE_TOO_HIGH}
        assert fall_of(p.true, at).slack_s <= 5.0


def test_a_fresh_session_starts_with_a_fresh_guard() -> None:
    tripped = fresh_tick(SETTINGS, 0.0)
    g = tripped.guard._replace(guard=fresh_guard(0.0)._replace(cause=v.SENSOR_FROZEN))
    tripped = tripped._replace(guard=g)
    reading = Reading(1.0, 0.0, 0.0, 0.0, 0.0, v.ALL_WELL)
    after = tick(reading, v.ASK_BIND, 0.0, False, SETTINGS, np.array(SETUP.plan.segments), tripped)
    assert after.guard.guard.cause == v.NO_CAUSE
    assert after.control.mode.phase == v.SETUP
