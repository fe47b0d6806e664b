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
from opentraction.guard.step import Guard, GuardInput, GuardSettings, fresh_guard, guard_settings, guard_step, permit
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import LINEAR, release_at
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.waveform import force_at
from opentraction.quantities.vocabulary import ASK_BIND, ASK_NOTHING, END_RELEASE, IDLE, PAUSED, PRETENSION, RESUME
from opentraction.session.alarms import alarm_bits
from opentraction.table.port import Reading

FloatArray = npt.NDArray[np.float64]
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


class TickState(NamedTuple):
    """Everything remembered from tick to tick."""

    control: Control
    guard: Guard
    estimate: EstimateState
    hint: int
    cycle: int
    wanted: float
    ask: int
    ask_value: float
    waited: int
    refused: int


def tick_settings(plan: Plan) -> TickSettings:
    """Settings for a signed plan."""
    now = PlanSettings(
        control_settings(plan.ceiling, plan.pretension, plan.rise_limit, plan.release_rate),
        guard_settings(TICK, plan.ceiling, plan.total_time, plan.impulse, plan.peak),
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
        fresh_guard(now),
        EstimateState(0.0, 0.0),
        0,
        0,
        math.nan,
        ASK_NOTHING,
        0.0,
        0,
        ASK_NOTHING,
    )


def tick(
    r: Reading, ask: int, ask_value: float, prepared: bool, s: TickSettings, segments: FloatArray, st: TickState
) -> TickState:
    """State after one tick; the command is in `state.control`."""
    mode = st.control.mode
    p = settings_at(s, mode.treatment_time)
    setpoint = force_at(segments, mode.treatment_time, st.hint)
    if ask == ASK_NOTHING:
        ask, ask_value, waited = st.ask, st.ask_value, st.waited + 1
    else:
        waited = 0
    g = st.guard
    if mode.phase == IDLE and ask == ASK_BIND:
        g = fresh_guard(r.t)
    treating = PRETENSION < mode.phase <= RESUME
    reference = st.control.reference.seen
    tension = has_torque(mode.phase)
    look = GuardInput(r.guard_force, r.force, reference, setpoint.force, r.speed, r.travel, tension, treating)
    g = guard_step(r.t, p.guard, look, g)
    i = ControlInput(r.force, r.guard_force, r.travel, r.speed, r.switches, prepared, g.cause, ask, ask_value)
    present = math.isfinite(setpoint.force) and math.isfinite(setpoint.rate)
    want = Wanted(present, setpoint.force, setpoint.rate, setpoint.phase, False)
    if mode.phase == END_RELEASE and p.release_shape != LINEAR:
        want = planned_release(r.t - mode.since, mode.release_from, p, want)
    c = control_step(r.t, p.control, i, want, st.control)
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
    )


def planned_release(elapsed: float, start: float, p: PlanSettings, want: Wanted) -> Wanted:
    """What the planned release asks for, `elapsed` [s] after it began from `start` [N]; once it is over, as without."""
    now = release_at(p.release_shape, start, p.control.release_rate, elapsed)
    return Wanted(want.present, now.force, now.rate, want.phase, now.force > 0.0)


def asked_speed(st: TickState) -> float:
    """The drum speed for the drive [m/s]: what control asks, as far as the guard permits it."""
    return permit(st.guard, st.control.loop.speed) if st.control.torque else 0.0


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
