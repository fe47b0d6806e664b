"""One look of the guard: over-force told apart by cause, sensors, slack, time and dose. To be read over coffee.

Too much force while the cable travels in is the machine's: trip within 50 ms. Too much force while it stands or pays
out is the patient's (a cough): control yields, and the guard trips only if it lasts or passes the hard limit.

After the project's hazard analysis: 30 N or 10 % above what is prescribed trips within 50 ms, 30 N or 5 % above the
ceiling is never allowed to last, cells 25 N or 5 % apart for 0.3 s disagree, at most 20 N is slack. The other figures
are the project's own; where one was tuned, it was over the bodies of docs/researcher/population.md.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.quantities.vocabulary import (
    CABLE_LOOSE,
    CLOCK_GAP,
    FORCE_TOO_HIGH,
    NO_CAUSE,
    NO_RELEASE,
    PATIENT_MOVED,
    SENSOR_FROZEN,
    SENSOR_INVALID,
    SENSORS_DISAGREE,
    TOO_LONG,
    TRAVEL_LIMIT,
)


class GuardSettings(NamedTuple):
    """Limits frozen at the start of a session."""

    dt: float  # [s] one look
    ceiling: float  # [N] the patient's
    longest: float  # [s] under tension
    dose: float  # [N s]
    most_travel: float  # [m] pulled in since the cable was clipped on
    plan: int  # mark of the signed plan
    slack: float = 20.0  # [N]
    moving: float = 0.002  # [m/s] the cable counts as travelling in
    machine_time: float = 0.045  # [s]
    patient_time: float = 0.60  # [s]
    lasting_time: float = 4.0  # [s] control gives way to a patient and ends the pull before
    hard_margin: float = 250.0  # [N] above the ceiling, whoever causes it
    disagree_time: float = 0.30  # [s]
    frozen_time: float = 0.25  # [s]
    slack_time: float = 0.10  # [s]
    slack_time_low: float = 0.25  # [s] below `low`, where a cough on a stiff belt ends with a swing to nothing
    low: float = 100.0  # [N]
    break_time: float = 0.10  # [s] from taut to nothing: a break, not a movement
    idle_travel: float = 0.06  # [m] pulled in without force building
    least_stiffness: float = 300.0  # [N/m] softer than any belt on any body
    gap: float = 0.10  # [s]


class GuardInput(NamedTuple):
    """What the guard sees at one look."""

    force: float  # [N] its own cell
    control_force: float  # [N] what control says it reads
    reference: float  # [N] what control says it wants
    prescribed: float  # [N] what the signed plan says, whatever control makes of it; NaN is none
    speed: float  # [m/s] drum
    travel: float  # [m] drum
    tension: bool  # the phase has torque
    treating: bool  # the prescription runs or waits in a pause, pretension over


class Timers(NamedTuple):
    """What the guard remembers from look to look: seconds a condition has held, counts, and where things began."""

    last_time: float
    last_force: float
    machine: float
    patient: float
    lasting: float
    hard: int
    invalid: int
    disagree: float
    frozen: float
    slack: float
    taut_at: float
    broke: bool  # the force went from taut to nothing at once
    elapsed: float
    dose: float
    start: float  # [m] travel when the tension began
    idle_from: float  # [m] travel and
    idle_force: float  # [N] force where the force began to lag behind


class Guard(NamedTuple):
    """Latched cause, and the timers that lead to one."""

    cause: int
    timers: Timers


SLACK_ROOM = 0.12  # [m] slack, slip and creep
SOFTEST = 0.0135
"""Travel over the root of the force on the softest belt and body, which stiffen as they stretch [m/N^0.5]; project."""


def guard_settings(
    dt: float, ceiling: float, total_time: float, impulse: float, peak: float, plan: int = 0
) -> GuardSettings:
    """Limits from the signed plan: a tenth more time and dose, pauses beside, travel for its peak [N]."""
    return GuardSettings(
        dt=dt,
        ceiling=ceiling,
        longest=1.1 * total_time + 900.0,
        dose=1.1 * impulse + 30000.0,
        most_travel=SLACK_ROOM + SOFTEST * math.sqrt(max(peak, 0.0)),
        plan=plan,
    )


def fresh_guard(now: float) -> Guard:
    """Nothing tripped, all timers at rest."""
    return Guard(NO_CAUSE, Timers(now, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0, -1.0e9, False, 0.0, 0.0, 0.0, 0.0, 0.0))


def rested(now: float, t: Timers) -> Timers:
    """The timers between sessions: only the clock goes on."""
    first = fresh_guard(now).timers
    return Timers(
        now,
        t.last_force,
        first.machine,
        first.patient,
        first.lasting,
        first.hard,
        first.invalid,
        first.disagree,
        first.frozen,
        first.slack,
        t.taut_at,
        first.broke,
        first.elapsed,
        first.dose,
        t.start,
        t.idle_from,
        t.idle_force,
    )


def guard_step(now: float, s: GuardSettings, i: GuardInput, g: Guard) -> Guard:
    """The guard after one look; the first cause stays."""
    timers = look(now, s, i, g.timers)
    if g.cause == NO_CAUSE and i.tension:
        return Guard(judge(s, timers, i, now - g.timers.last_time), timers)
    return Guard(g.cause, timers)


def look(now: float, s: GuardSettings, i: GuardInput, t: Timers) -> Timers:
    """The timers after one look."""
    ok = math.isfinite(i.force) and -100.0 < i.force < 2000.0
    force = i.force if ok else t.last_force
    allowed = min(i.reference, s.ceiling)
    if i.treating and math.isfinite(i.prescribed):
        allowed = min(allowed, i.prescribed)
    over = force - allowed > max(30.0, 0.10 * allowed)
    above = force > s.ceiling + max(30.0, 0.05 * s.ceiling)
    apart = abs(force - i.control_force) > max(25.0, 0.05 * force) or not math.isfinite(i.control_force)
    taut = force > 0.6 * i.reference
    gone = i.tension and force < min(s.slack, 0.3 * i.reference)
    broke = not taut and (t.broke or (gone and now - t.taut_at < s.break_time))
    loose = i.treating and force < s.slack and i.reference > 2.5 * s.slack
    begun = i.tension and t.elapsed > 0.0
    behind = begun and i.reference - force > max(10.0, 0.05 * i.reference)
    return Timers(
        now,
        force,
        held(t.machine, i.tension and over and i.speed > s.moving, s.dt),
        held(t.patient, i.tension and over and above, s.dt),
        held(t.lasting, i.tension and over, s.dt),
        hard=t.hard + 1 if force > s.ceiling + s.hard_margin else 0,
        invalid=0 if ok else t.invalid + 1,
        disagree=held(t.disagree, i.tension and apart, s.dt),
        frozen=held(t.frozen, i.tension and force == t.last_force, s.dt),
        slack=held(t.slack, loose, s.dt),
        taut_at=now if taut else t.taut_at,
        broke=broke,
        elapsed=held(t.elapsed, i.tension, s.dt),
        dose=t.dose + max(force, 0.0) * s.dt if i.tension else 0.0,
        start=t.start if begun else i.travel,
        idle_from=t.idle_from if behind else i.travel,
        idle_force=t.idle_force if behind else force,
    )


def held(timer: float, holds: bool, dt: float) -> float:
    """Seconds a condition has held without a break [s]."""
    return timer + dt if holds else 0.0


def judge(s: GuardSettings, t: Timers, i: GuardInput, gap: float) -> int:
    """The cause for a trip, or 0; the worst first."""
    if t.hard >= 2 or t.machine > s.machine_time or t.patient > s.patient_time:
        return FORCE_TOO_HIGH
    if t.lasting > s.lasting_time:
        return NO_RELEASE
    if t.invalid >= 2:
        return SENSOR_INVALID
    if t.disagree > s.disagree_time:
        return SENSORS_DISAGREE
    if t.frozen > s.frozen_time:
        return SENSOR_FROZEN
    patience = s.slack_time if i.reference > s.low else s.slack_time_low
    if t.slack > patience:
        # From taut to slack at once is a break; a patient moving takes longer.
        return CABLE_LOOSE if t.broke else PATIENT_MOVED
    pulled = i.travel - t.idle_from
    if pulled > s.idle_travel and t.last_force - t.idle_force < s.least_stiffness * pulled:
        return CABLE_LOOSE if t.last_force < s.slack else PATIENT_MOVED
    if i.travel - t.start > s.most_travel:
        return TRAVEL_LIMIT
    if not gap <= s.gap:
        return CLOCK_GAP
    if t.elapsed > s.longest or t.dose > s.dose:
        return TOO_LONG
    return NO_CAUSE
