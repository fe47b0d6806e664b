"""One control tick of a session: prescription, guard, control and estimate, from one reading to one command and one
row.

The real-time loop calls it as it stands; the twin compiles the same functions. Pure but for `fill_row`, which writes
the caller's row.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.estimate import (
    NOT_COVERED,
    EstimateSettings,
    EstimateState,
    estimate,
    estimate_settings,
    estimate_step,
)
from opentraction.control.settings import TICK, control_settings
from opentraction.control.step import Control, control_step, fresh_control, has_torque, is_treating
from opentraction.control.types import ControlInput, ControlSettings, Wanted
from opentraction.guard.step import GuardSettings, guard_settings
from opentraction.guard.supervise import Heard, Sensed, Supervisor, fresh_supervisor, supervise
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import LINEAR, release_at
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.waveform import force_at
from opentraction.quantities.vocabulary import (
    ASK_BIND,
    ASK_NOTHING,
    END_RELEASE,
    GUARD_SILENT,
    IDLE,
    NO_CAUSE,
    NO_PERMISSION,
    PAUSED,
    PRETENSION,
    RESUME,
)
from opentraction.session.alarms import alarm_bits
from opentraction.table.port import Reading, Told
from opentraction.table.two_words import Moving, lesser

FloatArray = npt.NDArray[np.float64]
GUARD_PATIENCE = 0.050
"""[s] without a new word of a guard elsewhere, after which it counts as dead."""
JUMP = 0.5
"""[s] between two readings: a clock that jumps by more must not run out a release's time at once."""
PERMISSION_PATIENCE = 0.10
"""[s] of treating without the guard's permission; a stop that it saw is seen by control well before."""
ASK_PATIENCE = 100
"""Ticks a wish waits to be heard while something more urgent is going on."""


class PlanSettings(NamedTuple):
    """What follows from the plan in force."""

    control: ControlSettings
    guard: GuardSettings
    release_shape: int  # of the planned release, code of `prescription/release.py`


class TickSettings(NamedTuple):
    """Everything frozen for the session; `then` takes the place of `now` when the treatment time reaches `at`."""

    now: PlanSettings
    estimate: EstimateSettings
    at: float  # [s] treatment time; infinite where no change is to come
    then: PlanSettings


class Operator(NamedTuple):
    """What people want in this tick."""

    ask: int
    value: float
    prepared: bool  # checklist complete
    denied: float  # [s] of treating without the guard's permission


class TickState(NamedTuple):
    """Everything remembered from tick to tick."""

    control: Control
    guard: Supervisor  # beside control, where the table brings none of its own
    estimate: EstimateState
    hint: int
    cycle: int
    wanted: float
    ask: int
    ask_value: float
    waited: int
    refused: int
    heard_at: float  # [s] of the last reading
    denied: float  # [s] of treating without the permission of a guard elsewhere
    behind: float  # [s] by which control's clock is behind the readings': what they jumped


def tick_settings(plan: Plan) -> TickSettings:
    """Settings for a signed plan."""
    now = PlanSettings(
        control_settings(plan.ceiling, plan.pretension, plan.rise_limit, plan.release_rate),
        guard_settings(TICK, plan.ceiling, plan.total_time, plan.impulse, plan.peak, plan_mark(plan)),
        RELEASES.index(plan.release_shape),
    )
    covered = plan.region == "lumbar"
    spine = estimate_settings(plan.mass, plan.angle, plan.couch == "split") if covered else NOT_COVERED
    return TickSettings(now, spine, math.inf, now)


def settings_at(s: TickSettings, tau: float) -> PlanSettings:
    """The settings in force at treatment time `tau` [s]."""
    return s.then if tau >= s.at else s.now


def fresh_tick(s: TickSettings, now: float) -> TickState:
    """Before anything is bound."""
    return TickState(
        fresh_control(s.now.control),
        fresh_supervisor(now),
        EstimateState(0.0, 0.0),
        0,
        0,
        math.nan,
        ASK_NOTHING,
        0.0,
        0,
        ASK_NOTHING,
        now,
        0.0,
        0.0,
    )


def plan_mark(plan: Plan) -> int:
    """The first 31 bits of a plan's hash: short enough to be said each tick."""
    return int(plan.sha256[:8], 16) >> 1


def tick(
    r: Reading, ask: int, ask_value: float, prepared: bool, s: TickSettings, segments: FloatArray, st: TickState
) -> TickState:
    """State after one tick in which a guard beside control looks first; the command is in `state.control`."""
    p = settings_at(s, st.control.mode.treatment_time)
    g = st.guard
    if st.control.mode.phase == IDLE and (ask if ask != ASK_NOTHING else st.ask) == ASK_BIND:
        g = fresh_supervisor(r.t)
    told = told_to_guard(r.force, s, segments, st)
    heard = Heard(0.0, told.phase, told.force, told.reference, told.prescribed, told.plan)
    g = supervise(r.t, p.guard, Sensed(r.guard_force, r.travel, r.speed, r.switches), heard, g)
    return control_tick(r, g, g.guard.cause, Operator(ask, ask_value, prepared, 0.0), s, segments, st)


def guarded_tick(
    r: Reading, ask: int, ask_value: float, prepared: bool, s: TickSettings, segments: FloatArray, st: TickState
) -> TickState:
    """State after one tick at a table with a guard of its own, which is heard with the reading."""
    mode = st.control.mode
    cause = GUARD_SILENT if r.guard_silent > GUARD_PATIENCE else r.guard_cause
    denied = st.denied + s.now.control.dt if is_treating(mode.phase) and not r.guard_permits else 0.0
    if cause == NO_CAUSE and denied > PERMISSION_PATIENCE:
        cause = NO_PERMISSION
    o = Operator(ask, ask_value, prepared, denied)
    return control_tick(r, st.guard, cause, o, s, segments, st)


def told_to_guard(force: float, s: TickSettings, segments: FloatArray, st: TickState) -> Told:
    """What control tells the guard after its last tick, reading `force` [N] now."""
    mode = st.control.mode
    setpoint = force_at(segments, mode.treatment_time, st.hint)
    plan = settings_at(s, mode.treatment_time).guard.plan
    return Told(mode.phase, force, st.control.reference.seen, setpoint.force, plan)


def control_tick(
    r: Reading,
    g: Supervisor,
    guard_cause: int,
    o: Operator,
    s: TickSettings,
    segments: FloatArray,
    st: TickState,
) -> TickState:
    """State after one tick of control, which hears of the guard only what it has tripped on."""
    mode = st.control.mode
    p = settings_at(s, mode.treatment_time)
    behind = st.behind if 0.0 <= r.t - st.heard_at <= JUMP else st.behind + r.t - st.heard_at - p.control.dt
    now = r.t - behind
    setpoint = force_at(segments, mode.treatment_time, st.hint)
    if o.ask == ASK_NOTHING:
        ask, ask_value, waited = st.ask, st.ask_value, st.waited + 1
    else:
        ask, ask_value, waited = o.ask, o.value, 0
    i = ControlInput(r.force, r.guard_force, r.travel, r.speed, r.switches, o.prepared, guard_cause, ask, ask_value)
    present = math.isfinite(setpoint.force) and math.isfinite(setpoint.rate)
    want = Wanted(present, setpoint.force, setpoint.rate, setpoint.phase, False)
    if mode.phase == END_RELEASE and p.release_shape != LINEAR:
        want = planned_release(now - mode.since, mode.release_from, p, want)
    c = control_step(now, p.control, i, want, st.control)
    refused = ask if c.refused or (not c.heard and waited >= ASK_PATIENCE and ask != ASK_NOTHING) else ASK_NOTHING
    keep = not c.heard and refused == ASK_NOTHING
    return TickState(
        c,
        g,
        estimate_step(r.force, r.travel, s.estimate, st.estimate),
        setpoint.index,
        setpoint.cycle,
        asked_force(c, setpoint.force),
        ask if keep else ASK_NOTHING,
        ask_value if keep else 0.0,
        waited if keep else 0,
        refused,
        r.t,
        o.denied,
        behind,
    )


def planned_release(elapsed: float, start: float, p: PlanSettings, want: Wanted) -> Wanted:
    """What the planned release asks for, `elapsed` [s] after it began from `start` [N]; once it is over, as without."""
    now = release_at(p.release_shape, start, p.control.release_rate, elapsed)
    return Wanted(want.present, now.force, now.rate, want.phase, now.force > 0.0)


def asked_speed(st: TickState) -> float:
    """The drum speed that control asks for [m/s]."""
    return st.control.loop.speed if st.control.torque else 0.0


def moving(st: TickState) -> Moving:
    """What reaches the drum where the guard stands beside control and both words arrive: the lesser of two speeds, and
    no torque without the guard's relay.
    """
    word = st.guard.word
    made = lesser(asked_speed(st), st.control.torque, 0.0, word.fastest, word.pull, 0.0)
    return Moving(made.speed, made.torque and word.relay)


def asked_force(c: Control, prescribed: float) -> float:
    """The force asked of the table now [N]; NaN when nothing is asked."""
    phase = c.mode.phase
    if not has_torque(phase):
        return math.nan
    if is_treating(phase) and phase != RESUME and not c.mode.catching:
        return min(prescribed, c.mode.limit)
    return max(c.reference.force, 0.0)


def fill_row(
    row: FloatArray, t: float, r: Reading, s: TickSettings, st: TickState, true_force: float, extra_alarms: int
) -> None:
    """Write one row (columns in `session/rows.py`)."""
    mode = st.control.mode
    spine = estimate(r.force, s.estimate, st.estimate)
    row[0] = t
    row[1] = st.wanted
    row[2] = r.force
    row[3] = r.guard_force
    row[4] = spine.force
    row[5] = spine.low
    row[6] = spine.high
    row[7] = r.travel
    row[8] = r.speed
    row[9] = asked_speed(st)
    row[10] = mode.treatment_time
    row[11] = mode.phase
    row[12] = st.cycle if PRETENSION <= mode.phase <= PAUSED or mode.phase == RESUME else 0
    row[13] = r.switches
    row[14] = alarm_bits(st.control, r.switches) | extra_alarms
    row[15] = mode.cause
    row[16] = true_force
    row[17] = mode.limit
