"""What a run broke, by the true force of the plant: nothing here asks what the code believes of itself.

E1 the envelope of force, E2 its slope, E3 stops, E4 no pull after an end, E5 how soon somebody says so, E8 that what
can be borne does not end a session. E6 (the record) and E7 (nothing swallowed) are tested with real files and real
processes in tests/durability.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import RATE_HZ
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.twin.campaign.draw import CLINICIAN, Scene
from opentraction.twin.campaign.faults import ENDS, FAULTS, GOES_ON, PATIENT, Fault
from opentraction.twin.campaign.layers import (
    GUARD_CAUSE,
    GUARD_STOP,
    SPEED,
    TORQUE,
    latched,
    let_out,
    prompt,
    second_line,
    told_as,
)
from opentraction.twin.campaign.loop import Played

FloatArray = npt.NDArray[np.float64]
SLACK: Final = 20.0
"""[N]"""
STEEPEST: Final = 500.0
"""[N/s] over `WINDOW` ticks."""
WINDOW: Final = 4
TICK: Final = 1.0 / RATE_HZ


class Outcome(NamedTuple):
    """What came of one run; times in seconds, NaN where there is none."""

    hit: bool  # the fault came
    ended: bool
    detect: float  # from onset until somebody said so
    stop: float  # from a stop, or from an end, until the cable was slack
    stopped_from: float  # [N] then
    excess: float  # [N] of the true force above what was prescribed, at most
    steepest: float  # [N/s]
    broken: tuple[str, ...]
    completed: bool


def trip_margin(force: FloatArray) -> FloatArray:
    """30 N or a tenth of what is prescribed [N]."""
    return np.maximum(30.0, 0.10 * force)


def judge(scene: Scene, rows: FloatArray, told: FloatArray, played: Played) -> Outcome:
    """The oracles on one run."""
    faults = [FAULTS[n] for n in scene.run.faults]
    onset = played.onset
    true, phase = rows[:, r.TRUE_FORCE], rows[:, r.PHASE].astype(np.int64)
    hit = onset >= 0 or not faults
    ended_at = first_sign(rows, told, phase)
    pressed_at = press_of(scene, phase, onset)
    excess = above(scene, rows)
    after = excess[onset:] if onset >= 0 else excess
    worst = float(after.max()) if len(after) else 0.0
    slope = np.abs(true[WINDOW:] - true[:-WINDOW]) / (WINDOW * TICK)
    steep = float(slope[max(onset - WINDOW, 0) :].max()) if len(slope) > onset else 0.0
    detect = (ended_at - onset) * TICK if ended_at >= 0 and onset >= 0 else math.nan
    begin = pressed_at if pressed_at >= 0 else ended_at
    stop, height = slack_after(true, begin)
    bare = np.flatnonzero((told[:, TORQUE] < 0.5) & (true > SLACK))
    cut_at = int(bare[0]) if len(bare) else -1
    completed = bool(phase[-1] == v.COMPLETE)
    broken = tuple(
        said
        for said in (
            envelope(faults, excess, rows, onset),
            slope_of(faults, steep, cut_at),
            stop_of(scene, faults, true, begin, pressed_at >= 0, cut_at),
            second_line(faults, told),
            prompt(faults, told, true, pressed_at, deaf=deaf_stop(scene.run.pressed, faults)),
            latched(faults, told),
            let_out(scene, faults, told, true),
            told_as(faults, rows, onset, scene.run.pressed),
            claimed_slack(faults, rows, phase),
            pull_again(faults, told, ended_at, pressed_at),
            late_sign(faults, detect, phase, onset),
            false_end(scene, faults, rows, completed, ended_at),
        )
        if said
    )
    return Outcome(hit, ended_at >= 0, detect, stop, height, worst, steep, broken if hit else (), completed)


# --- what is looked at ---


def first_sign(rows: FloatArray, told: FloatArray, phase: npt.NDArray[np.int64]) -> int:
    """The first tick in which control releases for a reason, or the guard has tripped or holds a stop; -1 for none."""
    releases = ((phase >= v.PATIENT_RELEASE) & (phase <= v.SAFE)) | (phase == v.LOCKOUT)
    here = np.flatnonzero(releases | (told[:, GUARD_CAUSE] > 0.0) | (told[:, GUARD_STOP] > 0.0))
    return int(here[0]) if len(here) else -1


def press_of(scene: Scene, phase: npt.NDArray[np.int64], onset: int) -> int:
    """The tick in which somebody pressed a stop under a pull; -1 for none."""
    run = scene.run
    if not run.pressed:
        return -1
    if scene.script.pressed:
        held = np.flatnonzero(phase == v.HOLD)
        return int(held[0]) + 1 + scene.script.after if len(held) else -1
    at = onset + run.press_at
    pulled = onset >= 0 and at < len(phase) and v.PRETENSION <= phase[at - 1] <= v.TORQUE_OFF
    return at if pulled else -1


def above(scene: Scene, rows: FloatArray) -> FloatArray:
    """True force above the envelope of what was prescribed so far [N], by the plan's peak and not by control's."""
    prescribed = np.minimum(np.nan_to_num(rows[:, r.PRESCRIBED], nan=0.0), scene.plan.peak)
    so_far = np.maximum.accumulate(prescribed)
    return rows[:, r.TRUE_FORCE] - so_far - trip_margin(so_far)


def slack_after(true: FloatArray, begin: int) -> tuple[float, float]:
    """Seconds until the cable carries no more than `SLACK`, infinite for never, and the force then [N]."""
    if begin < 0:
        return math.nan, math.nan
    low = np.flatnonzero(true[begin:] <= SLACK)
    return (float(low[0]) * TICK if len(low) else math.inf), float(true[max(begin - 1, 0)])


# --- the oracles: each says what is broken, or nothing ---


MARGIN: Final = 30.0
"""[N] above the trip margin that a runaway may reach while it is caught."""
TORQUE_CAP: Final = 1300.0
"""[N] that clutch and torque cap let through, whatever else fails."""
BREATH: Final = 50.0
"""[N/s] that breathing and muscles may add to the slope of a release."""
PATIENT_TIME: Final = 4.5
CLINICIAN_TIME: Final = 2.5
"""[s] from a stop to a slack cable."""
HARD_TIMES: Final = (5.0, 3.0)
"""[s] after which the timer of a stop takes the torque: patient's, clinician's."""
PASSIVE: Final = 15.0
"""[s] in which a loaded cable runs out by itself once the torque is gone, down to the friction of its gear."""
RUN_OUT: Final = 10.0
"""[N] above that friction: near enough to what never comes."""
AFTER: Final = 100
"""Ticks after an end from which on nothing is taken in."""


def envelope(faults: list[Fault], excess: FloatArray, rows: FloatArray, onset: int) -> str:
    """E1. What a patient does to the force is not the machine's; with two faults the clutch is what is left."""
    if any(f.by == PATIENT for f in faults):
        return ""
    highest = float(rows[:, r.TRUE_FORCE].max())
    if highest > TORQUE_CAP:
        return f"E1 {highest:.0f} N, more than clutch and torque cap let through"
    worst = float(excess[max(onset, 0) :].max()) if len(excess) > max(onset, 0) else 0.0
    return f"E1 {worst:.0f} N above the envelope" if len(faults) <= 1 and worst > MARGIN else ""


def slope_of(faults: list[Fault], steep: float, cut_at: int) -> str:
    """E2. Software changes no force faster; what breaks with a jolt, or falls because the torque is gone, does."""
    if any(f.jolts for f in faults) or cut_at >= 0 or len(faults) > 1:
        return ""
    most = max([STEEPEST, *(f.slope for f in faults)]) + BREATH
    return f"E2 {steep:.0f} N/s" if steep > most else ""


def stop_of(scene: Scene, faults: list[Fault], true: FloatArray, begin: int, pressed: bool, cut_at: int) -> str:
    """E3. A stop is slack in its time; or its timer has taken the torque by then, and the cable runs out by itself."""
    if begin < 0 or not true[max(begin - 1, 0)] > SLACK:
        return ""
    if len(faults) > 1 and (not pressed or deaf_stop(scene.run.pressed, faults)):
        return ""
    clinician = pressed and scene.run.pressed == CLINICIAN
    hard = HARD_TIMES[1] if clinician else HARD_TIMES[0]
    slow = any(f.slow for f in faults) or len(faults) > 1
    most = hard if slow else CLINICIAN_TIME if clinician else PATIENT_TIME
    if not pressed:
        most += max((f.detect for f in faults if math.isfinite(f.detect)), default=0.0)
    level = SLACK
    if cut_at >= 0 and (cut_at - begin) * TICK <= hard + 0.2:
        most = hard + PASSIVE
        level = max(SLACK, scene.parameters.table.drive.backdrive_threshold + RUN_OUT)
    low = np.flatnonzero(true[begin:] <= level)
    if len(low) and low[0] * TICK <= most:
        return ""
    if (len(true) - begin) * TICK < most:
        return ""  # played to its end before: the world ends
    told = f"slack after {low[0] * TICK:.1f} s" if len(low) else "missed"
    return f"E3 {'stop' if pressed else 'release'} {told} from {true[max(begin - 1, 0)]:.0f} N"


def deaf_stop(pressed: int, faults: list[Fault]) -> bool:
    """Both channels of the stop that was pressed are welded shut: what a stop test before each session finds."""
    welded = 0
    for fault in faults:
        welded |= fault.welds
    return welded & pressed == pressed


CLAIMED: Final = 40.0
"""[N] that a cable may carry which is called slack."""


def claimed_slack(faults: list[Fault], rows: FloatArray, phase: npt.NDArray[np.int64]) -> str:
    """E10. Nobody is told that the cable is slack while it is not."""
    entered = np.flatnonzero(np.isin(phase, (v.SAFE, v.COMPLETE)) & ~np.isin(np.roll(phase, 1), (v.SAFE, v.COMPLETE)))
    taut = [float(rows[n, r.TRUE_FORCE]) for n in entered if rows[n, r.TRUE_FORCE] > CLAIMED]
    return f"E10 called slack at {max(taut):.0f} N" if taut and len(faults) <= 1 else ""


def pull_again(faults: list[Fault], told: FloatArray, ended_at: int, pressed_at: int) -> str:
    """E4. Half a second after an end the drum takes nothing in any more."""
    if ended_at < 0 or len(faults) > 1 or any(f.pulls for f in faults):
        return ""
    after = told[max(ended_at, pressed_at) + AFTER :]
    pulled = float(np.maximum(after[:, SPEED], 0.0)[after[:, TORQUE] > 0.5].sum()) * TICK
    return f"E4 took {1000.0 * pulled:.0f} mm in after the end" if pulled > 0.003 else ""


def late_sign(faults: list[Fault], detect: float, phase: npt.NDArray[np.int64], onset: int) -> str:
    """E5. What has to end the session is told in time, where something is pulled."""
    if onset < 0 or len(faults) != 1 or not v.PRETENSION <= phase[onset - 1] <= v.RESUME:
        return ""
    late = faults[0].owed == ENDS and not detect <= faults[0].detect + TICK
    return f"E5 told after {detect:.2f} s" if late else ""


def false_end(scene: Scene, faults: list[Fault], rows: FloatArray, completed: bool, ended_at: int) -> str:
    """E8. What can be borne ends nothing."""
    borne = all(f.owed == GOES_ON for f in faults) and not scene.run.pressed and len(faults) <= 1
    if not borne or (completed and ended_at < 0) or int(rows[-1, r.CAUSE]) == v.TRAVEL_LIMIT:
        return ""  # a force that this body does not carry on this table's length of cable is no false end
    return f"E8 ended without need: {v.CAUSE_TEXTS[int(rows[-1, r.CAUSE])]}"
