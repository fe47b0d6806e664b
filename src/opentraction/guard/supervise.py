"""The guard as it stands beside control: lives with a session, sees the stops itself, lets out, holds a relay.

Each look ends in one word: the fastest speed the drive may have, whether it may pull at all, why not, and whether the
guard still holds the relay in the drive's torque. The word is the pulse, too: a drive that does not hear it pulls no
more. What stands here is decision 0014, and the walk of docs/engineer/explored.md shows what each line is for.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.guard.let_out import AT_REST, LetOut, begin, by_force, by_travel
from opentraction.guard.step import Guard, GuardInput, GuardSettings, fresh_guard, guard_step, rested
from opentraction.quantities.vocabulary import (
    ANOTHER_PLAN,
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    CLINICIAN_STOP,
    CONSOLE_STOP,
    CONTROL_SILENT,
    DRIVE_FAULT,
    DRIVE_READY,
    END_RELEASE,
    FAULT_RELEASE,
    NO_CAUSE,
    NO_RELEASE,
    PATIENT_RELEASE,
    PATIENT_STOP,
    POWER_GOOD,
    POWER_LOST,
    PRETENSION,
    READY,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REMOTE_PLUGGED,
    REMOTE_UNPLUGGED,
    RESUME,
    SAFE,
    SENSOR_FROZEN,
    SENSORS_DISAGREE,
    TORQUE_OFF,
)

SILENT = 0.050
"""[s] without a new word of control, after which it counts as dead."""
PATIENCE = 0.20
"""[s] that control is given to release by itself."""
PULL_SPEED = 0.020
"""[m/s] the fastest pull."""
SLACK_TIME = 1.0
"""[s] that its own cell has to read slack before the guard believes it."""
STOP_TIMER = 5.0
CLINICIAN_TIMER = 3.0
"""[s] after which the torque goes: after any stop or trip, after the clinician's."""
TAKEN_IN = 0.003
"""[m] of cable that the drum takes in after a stop or trip, after which the torque goes."""
JUMP = 60.0
"""[N] from look to look: a cell that jumps by more is not let out by."""
REAL = 0.002
"""[m] from look to look: more than a drum travels."""
SLOWEST = 120.0
"""[N/s] at least so fast the force has to fall once `PATIENCE` is over; each release of control is steeper."""
BEHIND = 15.0
"""[N] above that line nobody releases, whatever control says."""


class Heard(NamedTuple):
    """What control said last."""

    silent: float  # [s] since it said something new
    phase: int
    force: float  # [N] that it reads
    reference: float  # [N] that it wants
    prescribed: float  # [N] that the plan says; NaN is none
    plan: int  # mark of the plan it works on


class Sensed(NamedTuple):
    """What the guard sees by itself."""

    force: float  # [N] its own cell; NaN where nothing fresh came
    travel: float  # [m]
    speed: float  # [m/s]
    switches: int


class Word(NamedTuple):
    """What the guard says."""

    fastest: float  # [m/s]; below zero: let out at least so fast
    pull: bool
    cause: int  # of a trip; a stop is seen by control itself
    relay: bool  # held


class Supervisor(NamedTuple):
    """All that the guard remembers, and its word."""

    guard: Guard
    session: bool
    stop: int  # the first stop seen or told, latched
    since: float  # [s] after stop or trip
    unheeded: float  # [s] in which control does not release
    slack: float  # [s] its cell has read slack
    line: float  # [N] below which the force has to be by now, after stop or trip
    pulled: float  # [m] taken in since stop or trip
    travel: float  # [m] at the last look
    out: LetOut
    cut: bool  # the relay has been let go in this session
    word: Word


NO_PULL = Word(0.0, False, NO_CAUSE, False)


def fresh_supervisor(now: float) -> Supervisor:
    """Nobody bound: no pull, and the relay not held."""
    return Supervisor(fresh_guard(now), False, NO_CAUSE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, AT_REST, False, NO_PULL)


def supervise(now: float, s: GuardSettings, o: Sensed, h: Heard, g: Supervisor) -> Supervisor:
    """The guard after one look at `now` [s]. What it tripped on stays until it is made fresh for another session."""
    slack = g.slack + s.dt if -s.slack <= o.force <= s.slack else 0.0
    told_rest = h.phase <= READY or h.phase >= SAFE
    if told_rest and not (g.session and slack < SLACK_TIME and math.isfinite(o.force)):
        return at_rest(now, g, slack)
    guard = judged(now, s, o, h, g, told_rest)
    stop = g.stop if g.stop != NO_CAUSE else stop_seen(o.switches)
    if stop == NO_CAUSE and PATIENT_RELEASE <= h.phase <= TORQUE_OFF:
        stop = CONSOLE_STOP  # control lets go for a reason of its own: it pulls no more in this session
    ended = stop != NO_CAUSE or guard.cause != NO_CAUSE
    since = g.since + s.dt if ended else 0.0
    line = expected(guard.timers.last_force, g.line, since, s.dt) if g.since > 0.0 else guard.timers.last_force + BEHIND
    pulled = taken_in(o, g.pulled, g.travel, s.moving) if ended else 0.0
    dead = h.silent > SILENT
    falls = guard.timers.last_force < max(line, s.slack)
    releases = END_RELEASE <= h.phase <= TORQUE_OFF or (told_rest and o.force <= s.slack)
    heeded = not dead and releases and falls
    unheeded = g.unheeded + s.dt if ended and not heeded else 0.0
    if guard.cause == NO_CAUSE and unheeded > PATIENCE:
        guard = Guard(NO_RELEASE, guard.timers)
    jumps = not abs(o.force - g.guard.timers.last_force) < JUMP
    due = unheeded > PATIENCE or (ended and dead)
    out = letting_out(s, o, guard, g.out, due, stop, slack, jumps)
    done = slack >= SLACK_TIME
    cut = g.cut or (late(stop, since) and not done) or pulled > TAKEN_IN or (dead and done)
    word = said(guard, stop, out, cut, math.isfinite(o.force) and not dead and not told_rest)
    return Supervisor(guard, True, stop, since, unheeded, slack, line, pulled, o.travel, out, cut, word)


def at_rest(now: float, g: Supervisor, slack: float) -> Supervisor:
    """Between sessions: no pull, no relay."""
    guard = Guard(g.guard.cause, rested(now, g.guard.timers))
    word = Word(0.0, False, guard.cause, False)
    return Supervisor(guard, False, g.stop, 0.0, 0.0, slack, 0.0, 0.0, 0.0, AT_REST, g.cut, word)


def judged(now: float, s: GuardSettings, o: Sensed, h: Heard, g: Supervisor, told_rest: bool) -> Guard:
    """The judgement on force, sensors, time and travel, and on control itself."""
    tension = PRETENSION <= h.phase <= FAULT_RELEASE
    treating = PRETENSION < h.phase <= RESUME
    look = GuardInput(o.force, h.force, h.reference, h.prescribed, o.speed, o.travel, tension, treating)
    made = guard_step(now, s, look, g.guard)
    if made.cause != NO_CAUSE:
        return made
    if h.silent > SILENT:
        return Guard(CONTROL_SILENT, made.timers)
    if h.plan != s.plan:
        return Guard(ANOTHER_PLAN, made.timers)
    # Control says that all is over while the cable is taut.
    return Guard(NO_RELEASE, made.timers) if told_rest and o.force > s.slack else made


def stop_seen(switches: int) -> int:
    """The stop that is held, or 0; one open channel is enough."""
    if switches == 0:  # not heard of: everything is open, and nobody has pressed
        return POWER_LOST
    clinician, remote = CLINICIAN_LOOP | CLINICIAN_LOOP_B, REMOTE_LOOP_A | REMOTE_LOOP_B
    if switches & clinician != clinician:
        return CLINICIAN_STOP
    if switches & REMOTE_PLUGGED == 0:
        return REMOTE_UNPLUGGED
    if switches & remote != remote:
        return PATIENT_STOP
    if switches & POWER_GOOD == 0:
        return POWER_LOST
    return DRIVE_FAULT if switches & DRIVE_READY == 0 else NO_CAUSE


def letting_out(
    s: GuardSettings, o: Sensed, g: Guard, out: LetOut, due: bool, stop: int, slack: float, jumps: bool
) -> LetOut:
    """Let out where it is due; once begun it goes on until the cable is slack."""
    if out.rate == 0.0:
        if not due:
            return AT_REST
        out = begin(g.timers.last_force, stop == CLINICIAN_STOP)
    if slack >= SLACK_TIME:
        return LetOut(out.rate, out.line, 0.0, 0.0)
    doubted = g.cause == SENSORS_DISAGREE or g.cause == SENSOR_FROZEN
    if doubted or jumps or g.timers.invalid > 0:
        return by_travel(out, o.travel, g.timers.start)
    return by_force(out, o.force, s.dt)


def taken_in(o: Sensed, pulled: float, before: float, moving: float) -> float:
    """Cable taken in so far [m], where speed and travel both say so; a broken one of the two says nothing."""
    moved = o.travel - before
    return pulled + moved if o.speed > moving and 0.0 <= moved < REAL else 0.0


def expected(force: float, line: float, since: float, dt: float) -> float:
    """The line [N] one look later: it falls, and where the force is far below it begins anew from there."""
    return min(line - SLOWEST * dt if since > PATIENCE else line, force + BEHIND)


def late(stop: int, since: float) -> bool:
    """So long [s] after a stop or trip all has to be slack."""
    return since > (CLINICIAN_TIMER if stop == CLINICIAN_STOP else STOP_TIMER)


def said(g: Guard, stop: int, out: LetOut, cut: bool, sees: bool) -> Word:
    """The word for all this."""
    well = g.cause == NO_CAUSE and stop == NO_CAUSE
    if well:
        return Word(PULL_SPEED, sees, NO_CAUSE, not cut)
    return Word(min(out.speed, 0.0), False, g.cause, not cut)
