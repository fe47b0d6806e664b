"""What control notices by itself: slips, a resisting patient, a slack cable, the stop test.

Figures after the project's hazard analysis: slack is at most 20 N on both cells for 1 s; two slips within 60 s end the
session. The others are the project's own, tuned over the bodies of docs/researcher/population.md; none was measured on
people.
"""

from __future__ import annotations

from typing import NamedTuple

from opentraction.control.force_law import Loop
from opentraction.control.types import ControlInput, ControlSettings
from opentraction.quantities.vocabulary import (
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    NO_CAUSE,
    PATIENT_RESISTING,
    PRETENSION,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REMOTE_PLUGGED,
    REPEATED_SLIP,
    REST,
    RESUME,
    TRAVEL_LIMIT,
)

SLACK = 20.0  # [N]
SLACK_TIME = 1.0  # [s]
SLIP_DROP = 25.0  # [N] within about a tenth of a second
SLIP_SHARE = 0.10
SLIP_LASTS = 0.12  # [s] a fall shorter than this is the dip before a cough
SLIP_DEEP = 0.5  # of the reference: a fall below it is a slip at once
SLIP_MEMORY = 60.0  # [s]
QUIET = 1.0  # [s] after a cough in which a falling force is no slip
BEHIND = 10.0  # [N] the force trails the reference
BEHIND_SHARE = 0.05
SLOWING = 0.2  # of that, on both sides of it, over which the treatment clock slows down until it stands
WAIT_MOST = 30.0  # [s] before a force that does not come is a fault
TAKING_IN = 0.004  # [m/s] drum speed after a spasm
GAVE_WAY = 0.003  # [m] payout that counts as giving way


LEAST_FORCE, MOST_FORCE = -100.0, 2000.0  # [N] beyond is no reading
MOST_TRAVEL = 2.0  # [m]


class Watch(NamedTuple):
    """Short memories of control."""

    slow: float  # [N] force through a 0.1 s lag
    slack: float  # [s] both cells have read slack
    slips: int
    last_slip: float  # [s]
    fallen: float  # [s] since the force fell away, 0 when it has not
    yielding: float  # [s] since we began to give way, 0 when not
    yield_travel: float  # [m] where the drum was then
    plugged: bool
    pressed: bool
    tested: bool
    waiting: float  # [s] the force has not come up to the reference, counted down while it has
    pace: float  # of the treatment clock while the force comes up: 1 runs, 0 stands


FRESH_WATCH = Watch(0.0, 0.0, 0, -1.0e9, 0.0, 0.0, 0.0, False, False, False, 0.0, 1.0)


def remote_loops_whole(switches: int) -> bool:
    """Both channels of the patient's remote are closed."""
    both = REMOTE_LOOP_A | REMOTE_LOOP_B
    return switches & both == both


def remote_pressed(switches: int) -> bool:
    """At least one channel of the patient's remote is open."""
    return not remote_loops_whole(switches)


def clinician_pressed(switches: int) -> bool:
    """At least one channel of the clinician's stop is open."""
    both = CLINICIAN_LOOP | CLINICIAN_LOOP_B
    return switches & both != both


def believable(i: ControlInput) -> bool:
    """Whether cell A and the encoder say anything a machine like this could; NaN fails."""
    return LEAST_FORCE < i.force < MOST_FORCE and -MOST_TRAVEL < i.travel < MOST_TRAVEL


def notice(
    w: Watch, i: ControlInput, loop: Loop, reference: float, now: float, phase: int, s: ControlSettings
) -> Watch:
    """Memories after one tick."""
    slow = w.slow
    if believable(i):
        slow += (i.force - slow) * (s.dt / (0.1 + s.dt))
    # Written so that no invalid value of either cell counts as slack.
    slack = w.slack + s.dt if -SLACK <= i.force <= SLACK and -SLACK <= i.other_force <= SLACK else 0.0
    slips, last = w.slips, w.last_slip
    pulling = PRETENSION <= phase <= REST or phase == RESUME
    fallen = _fallen(w, i.force, loop, reference, s.dt)
    slipped = fallen > SLIP_LASTS or (fallen > 0.0 and i.force < SLIP_DEEP * reference)
    if pulling and phase != PRETENSION and slipped and now - last > QUIET:
        slips = slips + 1 if now - last < SLIP_MEMORY else 1
        last = now
    yielding, start = _yield(w, i, loop, s)
    known = pulling and believable(i)
    trails = (reference - i.force) / max(BEHIND, BEHIND_SHARE * reference) if known else 0.0
    # Counted down, not forgotten, so that the sensor's noise does not begin it anew.
    waiting = w.waiting + s.dt if trails > 1.0 else max(w.waiting - s.dt, 0.0)
    pace = min(max((1.0 + SLOWING - trails) / (2.0 * SLOWING), 0.0), 1.0)
    return Watch(slow, slack, slips, last, fallen, yielding, start, w.plugged, w.pressed, w.tested, waiting, pace)


def _fallen(w: Watch, force: float, loop: Loop, reference: float, dt: float) -> float:
    """Seconds since the force fell suddenly below the reference though the drum hardly moved and nobody just coughed.

    A cough may begin with a dip; only a fall that lasts, or a deep one, is a slip.
    """
    drop = max(SLIP_DROP, SLIP_SHARE * reference)
    if not reference - force > drop:
        return 0.0
    if w.fallen > 0.0:
        return w.fallen + dt
    sudden = w.slow - force > drop and loop.since_excess > QUIET and loop.speed > -0.03
    return dt if sudden else 0.0


def _yield(w: Watch, i: ControlInput, loop: Loop, s: ControlSettings) -> tuple[float, float]:
    """Seconds of giving way and where it began; over once the cable is back where it was."""
    if w.yielding == 0.0:
        return (s.dt, i.travel) if loop.excess > s.yield_delay else (0.0, i.travel)
    if loop.excess == 0.0 and i.travel > w.yield_travel - GAVE_WAY:
        return 0.0, i.travel
    # Taking in again what was given is not resisting any more.
    back = loop.excess == 0.0 and loop.speed > TAKING_IN
    return w.yielding + (0.0 if back else s.dt), w.yield_travel


def own_fault(w: Watch, now: float, treating: bool, s: ControlSettings) -> int:
    """The cause control itself sees for ending, or 0."""
    if not treating:
        return NO_CAUSE
    if w.yielding > s.resist_time:
        return PATIENT_RESISTING
    if w.slips >= 2 and now - w.last_slip < SLIP_MEMORY:
        return REPEATED_SLIP
    if w.waiting > WAIT_MOST:
        return TRAVEL_LIMIT
    return NO_CAUSE


def stop_test(w: Watch, switches: int, fresh: bool) -> Watch:
    """The remote must be seen plugged and whole, then pressed on both channels, then whole again, in this session."""
    whole = remote_loops_whole(switches)
    both_open = switches & (REMOTE_LOOP_A | REMOTE_LOOP_B) == 0
    in_socket = switches & REMOTE_PLUGGED != 0
    plugged = (not fresh) and in_socket and (w.plugged or whole)
    pressed = plugged and (w.pressed or both_open)
    tested = pressed and (w.tested or whole) and in_socket
    return Watch(
        w.slow,
        w.slack,
        w.slips,
        w.last_slip,
        w.fallen,
        w.yielding,
        w.yield_travel,
        plugged,
        pressed,
        tested,
        w.waiting,
        w.pace,
    )
