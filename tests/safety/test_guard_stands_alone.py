"""The guard by itself: what it says at each look, when it lets out, when its relay goes, what it remembers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from opentraction.guard import let_out
from opentraction.guard.let_out import AT_REST, begin, by_force, by_travel
from opentraction.guard.step import guard_settings
from opentraction.guard.supervise import (
    PULL_SPEED,
    Heard,
    Sensed,
    Supervisor,
    fresh_supervisor,
    supervise,
)
from opentraction.quantities import vocabulary as v

TICK = 0.005
PLAN = 77
LIMITS = guard_settings(TICK, 400.0, 3000.0, 1e6, 350.0, PLAN)
WELL = Sensed(300.0, 0.1, 0.0, v.ALL_WELL)
HOLDS = Heard(0.0, v.HOLD, 300.0, 300.0, 300.0, PLAN)
RESTS = Heard(0.0, v.SAFE, 0.0, 0.0, math.nan, PLAN)
PATIENT = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B
CLINICIAN = v.CLINICIAN_LOOP | v.CLINICIAN_LOOP_B


def looks(seconds: float, o: Sensed, h: Heard, g: Supervisor, at: float = 0.0) -> Iterator[Supervisor]:
    """The guard after each of its looks at the same thing, a living cell's noise on top."""
    for n in range(round(seconds / TICK)):
        noise = 0.1 * (-1.0) ** n
        g = supervise(at + (n + 1) * TICK, LIMITS, o._replace(force=o.force + noise), h, g)
        yield g


def after(
    seconds: float, o: Sensed = WELL, h: Heard = HOLDS, g: Supervisor | None = None, at: float = 0.0
) -> Supervisor:
    """The guard after so long."""
    *_, last = looks(seconds, o, h, g or fresh_supervisor(at), at)
    return last


HOLDING = after(1.0)


def test_without_a_session_it_permits_nothing_and_holds_no_relay() -> None:
    for phase in (v.IDLE, v.SETUP, v.READY, v.SAFE, v.COMPLETE, v.LOCKOUT):
        g = after(0.5, WELL._replace(force=0.0), HOLDS._replace(phase=phase))
        assert not g.session
        assert g.word == (0.0, False, v.NO_CAUSE, False)


def test_in_a_session_it_permits_a_bounded_pull() -> None:
    assert HOLDING.session
    assert HOLDING.word == (PULL_SPEED, True, v.NO_CAUSE, True)


@pytest.mark.parametrize(
    ("open_bits", "cause"),
    [
        (v.REMOTE_LOOP_A, v.PATIENT_STOP),
        (v.REMOTE_LOOP_B, v.PATIENT_STOP),
        (v.CLINICIAN_LOOP, v.CLINICIAN_STOP),
        (v.CLINICIAN_LOOP_B, v.CLINICIAN_STOP),
        (PATIENT | v.REMOTE_PLUGGED, v.REMOTE_UNPLUGGED),
        (v.POWER_GOOD, v.POWER_LOST),
        (v.DRIVE_READY, v.DRIVE_FAULT),
        (v.ALL_WELL, v.POWER_LOST),
    ],
)
def test_it_sees_each_stop_by_itself_and_keeps_it(open_bits: int, cause: int) -> None:
    pressed = after(TICK, WELL._replace(switches=v.ALL_WELL & ~open_bits), HOLDS, HOLDING, 1.0)
    assert pressed.stop == cause
    assert pressed.word.fastest <= 0.0
    assert not pressed.word.pull
    assert pressed.word.cause == v.NO_CAUSE  # control sees stops itself
    let_go = after(0.1, WELL, HOLDS, pressed, 1.1)
    assert (let_go.stop, let_go.word.pull) == (cause, False)


def test_a_stop_that_control_heeds_is_left_to_control() -> None:
    g, force = HOLDING, 300.0
    for n in range(400):
        force = max(force - 1.2, 0.0)
        o = Sensed(force + 0.1 * (-1) ** n, 0.1 - n * 1e-4, -0.02, v.ALL_WELL & ~PATIENT)
        g = supervise(1.0 + n * TICK, LIMITS, o, HOLDS._replace(phase=v.PATIENT_RELEASE, force=force), g)
        assert g.out == AT_REST
        assert g.guard.cause == v.NO_CAUSE
        assert g.word.relay
    done = after(1.1, WELL._replace(force=0.0, switches=v.ALL_WELL), RESTS, g, 3.0)
    assert not done.session
    assert done.word == (0.0, False, v.NO_CAUSE, False)


def test_a_stop_that_control_does_not_heed_is_let_out_and_told() -> None:
    seen = list(looks(0.5, WELL._replace(switches=v.ALL_WELL & ~PATIENT), HOLDS, HOLDING, 1.0))
    begun = next(n for n, g in enumerate(seen) if g.word.fastest < 0.0)
    assert 0.19 <= (begun + 1) * TICK <= 0.22
    assert seen[begun].word.cause == v.NO_RELEASE


def test_a_release_that_stands_still_is_not_believed() -> None:
    """Control says that it lets out; the force says that it does not."""
    h = HOLDS._replace(phase=v.FAULT_RELEASE)
    seen = list(looks(1.0, WELL, h, HOLDING, 1.0))
    begun = next(n for n, g in enumerate(seen) if g.word.fastest < 0.0)
    assert 0.5 < (begun + 1) * TICK < 0.7
    assert seen[begun].word.cause == v.NO_RELEASE


def test_a_release_that_stops_halfway_is_noticed_as_soon() -> None:
    g, force = HOLDING, 300.0
    for n in range(100):
        force -= 1.25
        h = HOLDS._replace(phase=v.PATIENT_RELEASE, force=force)
        g = supervise(1.0 + n * TICK, LIMITS, WELL._replace(force=force + 0.1 * (-1) ** n), h, g)
    assert g.out == AT_REST
    seen = list(looks(0.6, WELL._replace(force=force), HOLDS._replace(phase=v.PATIENT_RELEASE), g, 1.5))
    begun = next(n for n, one in enumerate(seen) if one.word.fastest < 0.0)
    assert (begun + 1) * TICK < 0.45


def test_a_control_that_falls_silent_is_dead_after_50_ms_and_let_out_for_at_once() -> None:
    g = HOLDING
    for n in range(20):
        g = supervise(
            1.0 + (n + 1) * TICK,
            LIMITS,
            WELL._replace(force=300.0 + 0.1 * (-1) ** n),
            HOLDS._replace(silent=n * TICK),
            g,
        )
        dead = n * TICK > 0.050
        assert (g.guard.cause == v.CONTROL_SILENT) is dead
        assert (g.word.fastest < 0.0) is dead


def test_control_on_another_plan_is_tripped_on() -> None:
    assert after(TICK, WELL, HOLDS._replace(plan=PLAN + 1), HOLDING, 1.0).guard.cause == v.ANOTHER_PLAN


def test_control_that_calls_a_taut_cable_safe_is_not_believed() -> None:
    g = after(0.3, WELL, RESTS, HOLDING, 1.0)
    assert g.session
    assert g.guard.cause == v.NO_RELEASE
    assert g.word.fastest < 0.0


@pytest.mark.parametrize("phase", range(v.PATIENT_RELEASE, v.TORQUE_OFF + 1))
def test_after_a_release_that_control_began_nothing_is_pulled_again(phase: int) -> None:
    g = after(TICK, WELL, HOLDS._replace(phase=phase), HOLDING, 1.0)
    for n, again in enumerate((v.RISE, v.HOLD, v.RESUME, v.PRETENSION)):
        g = after(0.1, WELL, HOLDS._replace(phase=again), g, 1.1 + n)
        assert not g.word.pull
        assert g.word.fastest <= 0.0


def test_what_it_tripped_on_stays_until_it_is_made_fresh() -> None:
    tripped = after(TICK, WELL, HOLDS._replace(plan=1), HOLDING, 1.0)
    rests = after(2.0, WELL._replace(force=0.0), RESTS, tripped, 2.0)
    assert not rests.session
    assert rests.word.cause == v.ANOTHER_PLAN
    again = after(0.5, WELL, HOLDS, rests, 5.0)
    assert again.guard.cause == v.ANOTHER_PLAN
    assert not again.word.pull
    assert after(0.5, WELL, HOLDS, fresh_supervisor(5.0), 5.0).word.pull


@pytest.mark.parametrize(("stop", "timer"), [(PATIENT, 5.0), (CLINICIAN, 3.0)])
def test_a_release_that_is_not_done_in_time_loses_the_torque(stop: int, timer: float) -> None:
    o = WELL._replace(switches=v.ALL_WELL & ~stop)
    seen = list(looks(timer + 0.5, o, HOLDS, HOLDING, 1.0))
    cut = next(n for n, g in enumerate(seen) if not g.word.relay)
    assert (cut + 1) * TICK == pytest.approx(timer, abs=0.02)


def test_a_slack_cable_loses_no_torque_for_time_but_when_control_is_dead() -> None:
    slack = WELL._replace(force=0.0, switches=v.ALL_WELL & ~PATIENT)
    g = after(6.0, slack, HOLDS._replace(phase=v.PATIENT_RELEASE, force=0.0, reference=0.0), HOLDING, 1.0)
    assert g.word.relay
    assert after(1.5, slack, HOLDS._replace(silent=9.0, reference=0.0), g, 7.0).word.relay is False


def test_cable_taken_in_after_a_stop_takes_the_torque() -> None:
    g = after(TICK, WELL._replace(switches=v.ALL_WELL & ~PATIENT), HOLDS, HOLDING, 1.0)
    for n in range(60):
        o = Sensed(300.0 + 0.1 * (-1) ** n, 0.1 + n * 1e-4, 0.02, v.ALL_WELL)
        g = supervise(1.1 + n * TICK, LIMITS, o, HOLDS, g)
    assert not g.word.relay


@pytest.mark.parametrize("broken", ["speed", "travel"])
def test_one_broken_sensor_of_the_drum_does_not_drop_a_loaded_cable(broken: str) -> None:
    g = after(TICK, WELL._replace(switches=v.ALL_WELL & ~PATIENT), HOLDS, HOLDING, 1.0)
    for n in range(60):
        wild = (0.5 if n % 2 else -0.5) if broken == "travel" else 0.1
        o = Sensed(max(300.0 - 1.3 * n, 0.0), wild, 0.5 if broken == "speed" else -0.02, v.ALL_WELL)
        g = supervise(1.1 + n * TICK, LIMITS, o, HOLDS._replace(phase=v.PATIENT_RELEASE), g)
    assert g.word.relay


def test_a_cell_of_its_own_that_gives_nothing_lets_pull_nothing() -> None:
    g = after(TICK, WELL._replace(force=math.nan), HOLDS, HOLDING, 1.0)
    assert not g.word.pull
    g = after(0.1, WELL._replace(force=math.nan), HOLDS, g, 1.1)
    assert g.guard.cause == v.SENSOR_INVALID


# --- letting out ---


def test_a_line_falls_in_its_time_within_its_rates() -> None:
    assert begin(60.0, False).rate == let_out.GENTLEST
    assert begin(400.0, False).rate == 200.0
    assert begin(1000.0, False).rate == let_out.STEEPEST
    assert begin(1000.0, True).rate == let_out.STEEPEST_AT_ONCE


def test_payout_grows_above_the_line_and_never_takes_in() -> None:
    out = begin(300.0, False)
    behind = ahead = out
    for _ in range(100):
        behind, ahead = by_force(behind, 300.0, TICK), by_force(ahead, 0.0, TICK)
    assert behind.speed < out.speed - let_out.FIRST
    assert behind.speed >= -let_out.FASTEST
    assert ahead.speed == 0.0


@pytest.mark.parametrize("travel", [0.05, -0.049, math.nan])
def test_without_a_force_cable_goes_out_slowly(travel: float) -> None:
    assert by_travel(begin(300.0, False), travel, 0.0).speed == -let_out.BLIND


def test_without_a_force_it_ends_beyond_where_the_pull_began() -> None:
    assert by_travel(begin(300.0, False), -0.051, 0.0).speed == 0.0


@pytest.mark.parametrize("cause", [v.SENSORS_DISAGREE, v.SENSOR_FROZEN])
def test_a_doubted_cell_is_not_let_out_by(cause: int) -> None:
    g = HOLDING._replace(guard=HOLDING.guard._replace(cause=cause))
    assert after(0.3, WELL, HOLDS, g, 1.0).out.speed == -let_out.BLIND


def test_a_cell_that_jumps_is_not_let_out_by() -> None:
    g = after(0.5, WELL, HOLDS._replace(plan=1), HOLDING, 1.0)
    assert g.out.speed != -let_out.BLIND
    jumped = supervise(1.6, LIMITS, WELL._replace(force=900.0), HOLDS._replace(plan=1), g)
    assert jumped.out.speed == -let_out.BLIND


def test_it_lets_out_no_further_than_slack() -> None:
    g = after(0.5, WELL, HOLDS._replace(silent=9.0), HOLDING, 1.0)
    assert g.out.speed < 0.0
    slack = after(1.1, WELL._replace(force=0.0), HOLDS._replace(silent=9.0), g, 1.6)
    assert slack.out.speed == 0.0
