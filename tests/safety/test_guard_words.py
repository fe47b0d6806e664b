"""The guard's word after one look, each condition at its edge: what it hears, sees, counts, lets go and says."""

from __future__ import annotations

import math

import pytest

from opentraction.guard import supervise as s
from opentraction.guard.let_out import AT_REST, LetOut, begin, by_force, by_travel
from opentraction.guard.step import Guard, Timers, fresh_guard, guard_settings, rested
from opentraction.guard.supervise import Heard, Sensed, Supervisor, Word, fresh_supervisor, supervise
from opentraction.quantities import vocabulary as v

DT = 2.0**-7
"""[s] between two looks; a power of two, so that sums are exact."""
NOW = 2.0
LIMITS = guard_settings(DT, 400.0, 3000.0, 1e6, 350.0, 77)
CALM = Timers(NOW - DT, 299.5, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0, 1.0, False, 10.0, 5000.0, 0.05, 0.1, 300.0)
WELL = Sensed(300.0, 0.1, 0.0, v.ALL_WELL)
HOLDS = Heard(0.0, v.HOLD, 300.0, 300.0, 300.0, 77)
PERMITS = Word(0.020, True, v.NO_CAUSE, True)
BEGUN = LetOut(200.0, 280.0, 0.02, -0.01)
HOLDING = Supervisor(Guard(v.NO_CAUSE, CALM), True, v.NO_CAUSE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, AT_REST, False, PERMITS)
PRESSED = HOLDING._replace(stop=v.PATIENT_STOP, since=1.0, line=250.0)
"""The patient pressed a second ago; by now the force has to be below 250 N."""


def above(value: float) -> float:
    return math.nextafter(value, math.inf)


def looked(g: Supervisor = HOLDING, o: Sensed = WELL, h: Heard = HOLDS) -> Supervisor:
    return supervise(NOW, LIMITS, o, h, g)


def timed(g: Supervisor = HOLDING, **timers: float) -> Supervisor:
    """The same with other timers."""
    return g._replace(guard=Guard(g.guard.cause, g.guard.timers._replace(**timers)))


def tripped(cause: int, g: Supervisor = HOLDING) -> Supervisor:
    return g._replace(guard=Guard(cause, g.guard.timers))


def test_the_figures_are_the_documented_ones() -> None:
    assert (s.SILENT, s.PATIENCE, s.PULL_SPEED, s.SLACK_TIME) == (0.050, 0.20, 0.020, 1.0)
    assert (s.STOP_TIMER, s.CLINICIAN_TIMER, s.TAKEN_IN, s.JUMP) == (5.0, 3.0, 0.003, 60.0)
    assert (s.REAL, s.SLOWEST, s.BEHIND) == (0.002, 120.0, 15.0)
    assert Word(0.0, False, v.NO_CAUSE, False) == s.NO_PULL


def test_a_fresh_guard_knows_nobody() -> None:
    nothing = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert fresh_supervisor(3.0) == Supervisor(fresh_guard(3.0), False, v.NO_CAUSE, *nothing, AT_REST, False, s.NO_PULL)


def test_a_look_at_a_good_pull_permits_it_and_counts_nothing() -> None:
    g = looked()
    assert g._replace(guard=HOLDING.guard) == HOLDING._replace(line=315.0)
    assert g.guard.cause == v.NO_CAUSE
    assert g.guard.timers.last_force == 300.0
    assert looked(o=WELL._replace(travel=0.07)).travel == 0.07


# --- session and rest ---


@pytest.mark.parametrize(
    ("phase", "session"), [(v.READY, False), (v.PRETENSION, True), (v.TORQUE_OFF, True), (v.SAFE, False)]
)
def test_a_session_begins_with_the_first_pull_and_only_then(phase: int, session: bool) -> None:
    g = looked(fresh_supervisor(NOW - DT), h=HOLDS._replace(phase=phase))
    assert g.session is session


RESTS = HOLDS._replace(phase=v.SAFE)


@pytest.mark.parametrize("force", [20.0, -20.0])
def test_it_ends_once_the_own_cell_has_read_slack_for_a_second(force: float) -> None:
    slack = WELL._replace(force=force)
    assert not looked(HOLDING._replace(slack=1.0 - DT), slack, RESTS).session
    assert looked(HOLDING._replace(slack=1.0 - 2.0 * DT), slack, RESTS).session
    taut = WELL._replace(force=math.copysign(above(20.0), force))
    assert looked(HOLDING._replace(slack=5.0), taut, RESTS).session
    assert looked(HOLDING._replace(slack=0.5), slack).slack == 0.5 + DT
    assert looked(HOLDING._replace(slack=0.5), taut).slack == 0.0


def test_or_where_control_rests_and_the_own_cell_gives_no_number() -> None:
    assert not looked(o=WELL._replace(force=math.nan), h=RESTS).session


def test_at_rest_nothing_is_kept_but_the_cause_the_stop_and_the_relay() -> None:
    busy = Supervisor(
        Guard(v.SENSOR_FROZEN, CALM), True, v.PATIENT_STOP, 1.0, 2.0, 1.0, 3.0, 4.0, 5.0, BEGUN, True, PERMITS
    )
    slack = WELL._replace(force=0.0)
    assert looked(busy, slack, RESTS) == Supervisor(
        Guard(v.SENSOR_FROZEN, rested(NOW, CALM)),
        False,
        v.PATIENT_STOP,
        0.0,
        0.0,
        1.0 + DT,
        0.0,
        0.0,
        0.0,
        AT_REST,
        True,
        Word(0.0, False, v.SENSOR_FROZEN, False),
    )
    assert looked(busy._replace(cut=False), slack, RESTS).cut is False


# --- what it judges ---


@pytest.mark.parametrize(
    ("phase", "tension", "treating"),
    [
        (v.READY, False, False),
        (v.PRETENSION, True, False),
        (v.RISE, True, True),
        (v.RESUME, True, True),
        (v.END_RELEASE, True, False),
        (v.FAULT_RELEASE, True, False),
        (v.TORQUE_OFF, False, False),
    ],
)
def test_tension_and_treating_follow_the_phase(phase: int, tension: bool, treating: bool) -> None:
    o = WELL._replace(force=5.0)
    t = s.judged(NOW, LIMITS, o, HOLDS._replace(phase=phase), HOLDING, False).timers
    assert (t.elapsed > 0.0) is tension
    assert (t.slack > 0.0) is treating


def test_each_reading_goes_where_it_belongs() -> None:
    def timers(o: Sensed = WELL, **heard: float) -> Timers:
        return s.judged(NOW, LIMITS, o, HOLDS._replace(**heard), HOLDING, False).timers

    assert timers(force=270.0).disagree == DT
    assert timers(reference=265.0).lasting == DT
    assert timers(prescribed=265.0).lasting == DT
    assert timers(phase=v.PRETENSION, reference=265.0).lasting == DT
    assert timers(phase=v.PRETENSION, prescribed=265.0).lasting == 0.0  # what the plan says counts while treating
    assert timers(WELL._replace(speed=0.01), reference=265.0).machine == DT
    assert timers(WELL._replace(travel=0.3)).idle_from == 0.3
    assert timers(WELL._replace(force=301.0)).last_force == 301.0


def test_its_own_trip_comes_before_what_it_holds_against_control() -> None:
    wrong = Heard(9.0, v.SAFE, 300.0, 300.0, 300.0, 1)
    hard = timed(hard=1)
    over = WELL._replace(force=700.0)
    assert s.judged(NOW, LIMITS, over, wrong._replace(phase=v.HOLD), hard, True).cause == v.FORCE_TOO_HIGH
    assert s.judged(NOW, LIMITS, WELL, wrong, HOLDING, True).cause == v.CONTROL_SILENT
    assert s.judged(NOW, LIMITS, WELL, wrong._replace(silent=0.0), HOLDING, True).cause == v.ANOTHER_PLAN
    assert s.judged(NOW, LIMITS, WELL, RESTS, HOLDING, True).cause == v.NO_RELEASE
    assert s.judged(NOW, LIMITS, WELL, RESTS, HOLDING, False).cause == v.NO_CAUSE


def test_the_timers_go_on_whatever_is_held_against_control() -> None:
    sound = s.judged(NOW, LIMITS, WELL, HOLDS, HOLDING, False).timers
    for h in (HOLDS._replace(silent=9.0), HOLDS._replace(plan=1)):
        assert s.judged(NOW, LIMITS, WELL, h, HOLDING, False).timers == sound


def test_a_cable_that_is_called_safe_may_carry_20_newtons() -> None:
    for force, cause in ((20.0, v.NO_CAUSE), (above(20.0), v.NO_RELEASE)):
        assert s.judged(NOW, LIMITS, WELL._replace(force=force), RESTS, HOLDING, True).cause == cause


@pytest.mark.parametrize(("silent", "cause"), [(0.050, v.NO_CAUSE), (above(0.050), v.CONTROL_SILENT)])
def test_control_may_be_silent_for_50_ms(silent: float, cause: int) -> None:
    g = looked(h=HOLDS._replace(silent=silent))
    assert g.guard.cause == cause
    assert g.word.pull is (cause == v.NO_CAUSE)


# --- stops ---


def test_of_many_open_loops_the_worst_is_said() -> None:
    bits = v.ALL_WELL
    order = (
        (v.CLINICIAN_LOOP, v.CLINICIAN_STOP),
        (v.REMOTE_PLUGGED, v.REMOTE_UNPLUGGED),
        (v.REMOTE_LOOP_A, v.PATIENT_STOP),
        (v.POWER_GOOD, v.POWER_LOST),
        (v.DRIVE_READY, v.DRIVE_FAULT),
    )
    assert s.stop_seen(v.ALL_WELL) == v.NO_CAUSE
    for bit, cause in reversed(order):
        bits &= ~bit
        assert s.stop_seen(bits) == cause
    assert s.stop_seen(0) == v.POWER_LOST


def test_the_first_stop_stays() -> None:
    assert looked(PRESSED, WELL._replace(switches=v.ALL_WELL & ~v.POWER_GOOD)).stop == v.PATIENT_STOP


@pytest.mark.parametrize(
    ("phase", "stop"),
    [
        (v.PAUSE_RELEASE, v.NO_CAUSE),
        (v.END_RELEASE, v.NO_CAUSE),
        (v.PATIENT_RELEASE, v.CONSOLE_STOP),
        (v.TORQUE_OFF, v.CONSOLE_STOP),
    ],
)
def test_a_release_that_control_begins_is_a_stop_unless_planned(phase: int, stop: int) -> None:
    assert looked(h=HOLDS._replace(phase=phase)).stop == stop


def test_a_release_after_a_stop_keeps_the_stop() -> None:
    assert looked(PRESSED, h=HOLDS._replace(phase=v.PATIENT_RELEASE)).stop == v.PATIENT_STOP


# --- the line, and whether control heeds ---


def test_time_runs_from_a_stop_or_a_trip() -> None:
    assert looked().since == 0.0
    assert looked(PRESSED).since == 1.0 + DT
    assert looked(tripped(v.SENSOR_FROZEN)).since == DT
    assert looked(HOLDING._replace(since=1.0)).since == 0.0


def test_the_line_begins_above_the_force_and_falls() -> None:
    assert looked(PRESSED._replace(since=0.0)).line == 315.0
    assert looked(PRESSED).line == 250.0 - 120.0 * DT
    assert looked(PRESSED._replace(since=DT)).line == 250.0
    assert looked(PRESSED, WELL._replace(force=200.0)).line == 215.0


@pytest.mark.parametrize(("since", "line"), [(0.20, 250.0), (above(0.20), 250.0 - 120.0 * DT)])
def test_it_stands_for_as_long_as_control_is_given(since: float, line: float) -> None:
    assert s.expected(300.0, 250.0, since, DT) == line


LETS_GO = HOLDS._replace(phase=v.PATIENT_RELEASE)
FALLING = PRESSED._replace(line=250.0 + 120.0 * DT, unheeded=0.1)
"""The line comes down to 250 N in this look; control has not heeded for 0.1 s."""


def test_a_release_is_heeded_while_the_force_is_below_the_line() -> None:
    assert looked(FALLING, WELL._replace(force=250.0), LETS_GO).unheeded == 0.1 + DT
    assert looked(FALLING, WELL._replace(force=249.9), LETS_GO).unheeded == 0.0
    low = FALLING._replace(line=5.0)
    assert looked(low, WELL._replace(force=19.9), LETS_GO).unheeded == 0.0
    assert looked(low, WELL._replace(force=20.0), LETS_GO).unheeded == 0.1 + DT


@pytest.mark.parametrize(
    ("phase", "heeded"),
    [(v.RESUME, False), (v.END_RELEASE, True), (v.TORQUE_OFF, True), (v.HOLD, False)],
)
def test_a_release_is_what_control_calls_one(phase: int, heeded: bool) -> None:
    g = looked(FALLING, WELL._replace(force=200.0), HOLDS._replace(phase=phase))
    assert (g.unheeded == 0.0) is heeded


@pytest.mark.parametrize(("force", "heeded"), [(20.0, True), (above(20.0), False)])
def test_or_rest_with_a_slack_cable(force: float, heeded: bool) -> None:
    g = looked(FALLING, WELL._replace(force=force), RESTS)
    assert g.session
    assert (g.unheeded == 0.0) is heeded


def test_a_slack_cable_is_no_release_while_control_would_pull() -> None:
    assert looked(FALLING, WELL._replace(force=10.0), HOLDS).unheeded == 0.1 + DT


def test_a_dead_control_heeds_nothing() -> None:
    g = looked(FALLING, WELL._replace(force=200.0), LETS_GO._replace(silent=9.0))
    assert g.unheeded == 0.1 + DT


def test_without_stop_or_trip_there_is_nothing_to_heed() -> None:
    assert looked(HOLDING._replace(unheeded=0.1)).unheeded == 0.0


@pytest.mark.parametrize(("unheeded", "cause"), [(0.20 - DT, v.NO_CAUSE), (above(0.20) - DT, v.NO_RELEASE)])
def test_control_is_given_a_fifth_of_a_second(unheeded: float, cause: int) -> None:
    g = looked(PRESSED._replace(unheeded=unheeded))
    assert (g.guard.cause, g.word.cause) == (cause, cause)
    assert (g.out == AT_REST) is (cause == v.NO_CAUSE)
    assert g.guard.timers.last_force == 300.0


def test_what_tripped_first_is_not_called_a_late_release() -> None:
    assert looked(tripped(v.SENSOR_FROZEN, PRESSED._replace(unheeded=1.0))).guard.cause == v.SENSOR_FROZEN


# --- letting out ---

LATE = PRESSED._replace(unheeded=1.0)


def test_a_dead_control_is_let_out_for_at_once() -> None:
    assert looked(h=HOLDS._replace(silent=9.0)).out == by_force(begin(300.0, False), 300.0, DT)
    assert looked(PRESSED).out == AT_REST
    assert looked(PRESSED, h=HOLDS._replace(silent=9.0)).out == by_force(begin(300.0, False), 300.0, DT)


def test_the_clinicians_stop_is_let_out_more_steeply() -> None:
    assert looked(LATE).out == by_force(begin(300.0, False), 300.0, DT)
    assert looked(LATE._replace(stop=v.CLINICIAN_STOP)).out == by_force(begin(300.0, True), 300.0, DT)


def test_once_begun_it_goes_on_from_where_it_was() -> None:
    assert looked(PRESSED._replace(out=BEGUN), h=LETS_GO).out == by_force(BEGUN, 300.0, DT)


def test_a_let_out_begins_from_the_last_force_that_could_be_believed() -> None:
    g = timed(LATE, invalid=0)
    assert looked(g, WELL._replace(force=math.nan)).out == by_travel(begin(299.5, False), 0.1, 0.05)


@pytest.mark.parametrize(("slack", "over"), [(1.0 - 2.0 * DT, False), (1.0 - DT, True)])
def test_it_goes_on_until_the_cable_has_been_slack_for_a_second(slack: float, over: bool) -> None:
    g = timed(PRESSED._replace(out=BEGUN, slack=slack), last_force=0.5)
    o = WELL._replace(force=0.0)
    assert looked(g, o).out == (LetOut(200.0, 280.0, 0.0, 0.0) if over else by_force(BEGUN, 0.0, DT))


BY_TRAVEL = by_travel(BEGUN, 0.1, 0.05)


@pytest.mark.parametrize(
    ("cause", "blind"),
    [(v.SENSORS_DISAGREE, True), (v.SENSOR_FROZEN, True), (v.SENSOR_INVALID, False), (v.FORCE_TOO_HIGH, False)],
)
def test_a_doubted_cell_is_not_let_out_by(cause: int, blind: bool) -> None:
    g = looked(tripped(cause, PRESSED._replace(out=BEGUN)))
    assert g.out == (BY_TRAVEL if blind else by_force(BEGUN, 300.0, DT))


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_cell_that_jumps_by_60_newtons_is_not_let_out_by(side: float) -> None:
    g = timed(PRESSED._replace(out=BEGUN), last_force=300.0)
    jump = WELL._replace(force=300.0 + side * 60.0)
    assert looked(g, jump).out == BY_TRAVEL
    small = WELL._replace(force=300.0 + side * 59.5)
    assert looked(g, small).out == by_force(BEGUN, small.force, DT)


def test_nor_one_that_gives_no_number() -> None:
    g = PRESSED._replace(out=BEGUN)
    assert looked(g, WELL._replace(force=math.nan)).out == BY_TRAVEL
    # 2000 N is no force of this table, though the step to it is small.
    assert looked(timed(g, last_force=1999.0), WELL._replace(force=2000.0)).out == BY_TRAVEL


# --- the relay ---


def test_cable_taken_in_counts_where_speed_and_travel_both_say_so() -> None:
    def after(travel: float, speed: float) -> float:
        return s.taken_in(WELL._replace(travel=travel, speed=speed), 0.5, 0.25, 0.002)

    step = 2.0**-10
    assert after(0.25 + step, 0.01) == 0.5 + step
    assert after(0.25, 0.01) == 0.5
    assert after(0.25 - step, 0.01) == 0.0
    assert after(0.25 + step, 0.002) == 0.0
    assert after(0.25 + step, above(0.002)) == 0.5 + step
    assert s.taken_in(WELL._replace(travel=0.002, speed=0.01), 0.5, 0.0, 0.002) == 0.0
    assert s.taken_in(WELL._replace(travel=math.nextafter(0.002, 0.0), speed=0.01), 0.5, 0.0, 0.002) > 0.5


def test_three_millimetres_taken_in_after_a_stop_take_the_torque() -> None:
    turning = WELL._replace(speed=0.02)
    for taken, held in ((0.003, True), (above(0.003), False)):
        g = looked(PRESSED._replace(pulled=taken), turning)
        assert g.pulled == taken
        assert g.word.relay is held
        assert g.cut is not held
    assert looked(HOLDING._replace(pulled=1.0), turning).pulled == 0.0


def test_what_let_go_of_the_relay_keeps_it_let_go() -> None:
    g = looked(HOLDING._replace(cut=True))
    assert g.cut
    assert not g.word.relay
    assert not looked(PRESSED._replace(cut=True)).word.relay


@pytest.mark.parametrize(("stop", "timer"), [(v.PATIENT_STOP, 5.0), (v.CLINICIAN_STOP, 3.0), (v.POWER_LOST, 5.0)])
def test_a_taut_cable_loses_the_torque_beyond_its_timer(stop: int, timer: float) -> None:
    assert not s.late(stop, timer)
    assert s.late(stop, above(timer))
    g = PRESSED._replace(stop=stop, line=400.0)
    assert looked(g._replace(since=timer - DT)).word.relay
    assert not looked(g._replace(since=timer)).word.relay


@pytest.mark.parametrize(("slack", "held"), [(1.0 - 2.0 * DT, False), (1.0 - DT, True)])
def test_a_slack_cable_does_not(slack: float, held: bool) -> None:
    g = timed(PRESSED._replace(since=9.0, slack=slack), last_force=0.5)
    assert looked(g, WELL._replace(force=0.0), LETS_GO).word.relay is held


@pytest.mark.parametrize(("slack", "held"), [(1.0 - 2.0 * DT, True), (1.0 - DT, False)])
def test_a_slack_cable_of_a_dead_control_does(slack: float, held: bool) -> None:
    g = timed(PRESSED._replace(slack=slack), last_force=0.5)
    o, dead = WELL._replace(force=0.0), LETS_GO._replace(silent=9.0)
    assert looked(g, o, dead).word.relay is held
    assert looked(g, o, LETS_GO).word.relay


# --- the word ---


def test_the_word_after_a_trip_or_stop_lets_out_and_pulls_nothing() -> None:
    out, still = LetOut(200.0, 280.0, 0.02, -0.03), AT_REST
    sound, tired = Guard(v.NO_CAUSE, CALM), Guard(v.SENSOR_FROZEN, CALM)
    assert s.said(sound, v.NO_CAUSE, still, False, True) == (0.020, True, v.NO_CAUSE, True)
    assert s.said(sound, v.NO_CAUSE, still, True, False) == (0.020, False, v.NO_CAUSE, False)
    assert s.said(sound, v.PATIENT_STOP, out, False, True) == (-0.03, False, v.NO_CAUSE, True)
    assert s.said(tired, v.NO_CAUSE, still, True, True) == (0.0, False, v.SENSOR_FROZEN, False)
    assert s.said(tired, v.NO_CAUSE, still._replace(speed=0.1), False, True).fastest == 0.0


def test_nothing_is_permitted_blind_or_while_control_says_that_it_rests() -> None:
    assert not looked(o=WELL._replace(force=math.nan)).word.pull
    resting = looked(o=WELL._replace(force=10.0), h=RESTS)
    assert resting.session
    assert (resting.guard.cause, resting.stop) == (v.NO_CAUSE, v.NO_CAUSE)
    assert not resting.word.pull
