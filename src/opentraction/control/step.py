"""One control tick as one sentence: notice, decide the phase, move the reference, ask for a speed."""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.control.events import decide
from opentraction.control.force_law import BODY_LAG, FRESH_LOOP, Loop, force_law
from opentraction.control.reference import CORNER, Reference, falling, follow, release_corner, restart
from opentraction.control.stiffness import Stiffness, fast_tangent, fresh_stiffness, learn, slow_tangent
from opentraction.control.types import ControlInput, ControlSettings, Wanted
from opentraction.control.watch import FRESH_WATCH, SLACK, Watch, believable, notice, stop_test
from opentraction.quantities.vocabulary import (
    ASK_REDUCE,
    CLINICIAN_RELEASE,
    COMPLETE,
    CONSOLE_RELEASE,
    END_RELEASE,
    FAULT_RELEASE,
    IDLE,
    NO_CAUSE,
    PATIENT_RELEASE,
    PAUSE_RELEASE,
    PAUSED,
    PRETENSION,
    REST,
    RESUME,
    RISE,
    SAFE,
    SENSOR_FROZEN,
    SENSOR_INVALID,
    SENSORS_DISAGREE,
    SETUP,
)

BLIND_SPEED = 0.060
"""Fastest payout once a release without a believable force has run its course [m/s]."""
BLIND_RATE = 250.0
"""Fall of force it may make then, by what is known of the stiffness [N/s]."""
BLIND_EXTRA = 0.05
"""Paid out beyond where the pull began [m]."""
FASTEST_RISE = 100.0
"""No prescription rises faster [N/s]."""
GENTLEST_STOP = 150.0
"""A stop never falls more slowly [N/s]."""
PATIENT_TIME = 2.0
CLINICIAN_TIME = 1.6
"""A stop from a lower force takes this long instead of its full rate [s]."""
TAUT = 12.0
"""Above this the cable is taut and its force tells of the patient [N]."""
EASE_SPEED = 0.012
"""Payout to correct a force that is a little high [m/s]."""
EASE_RATE = 40.0
"""Fall of force that payout may make while slack is taken up, as a breath moves a soft belt fast [N/s]; project."""
LAST_SPEED = 0.015
"""Payout of a release once the cable is almost slack [m/s]."""
SLACK_ENOUGH = 5.0
"""Below this a released cable is let out slowly, just enough to unclip [N]."""
RELEASE_TARGET = -40.0
"""Releases aim below zero so that the last newtons do not linger [N]."""


class Mode(NamedTuple):
    """Phase, why it ends, when the phase began [s], treatment time [s], ceiling in force [N], force a release began
    from [N].
    """

    phase: int
    cause: int
    since: float
    treatment_time: float
    limit: float
    catching: bool
    blind: bool
    zero_travel: float
    release_from: float


class Control(NamedTuple):
    """All that control remembers, and what it asks for."""

    mode: Mode
    reference: Reference
    loop: Loop
    stiffness: Stiffness
    watch: Watch
    torque: bool
    heard: bool
    refused: bool


def fresh_control(s: ControlSettings) -> Control:
    """Nothing bound, nothing pulled."""
    mode = Mode(IDLE, NO_CAUSE, 0.0, 0.0, s.ceiling, False, False, 0.0, 0.0)
    return Control(mode, restart(0.0), FRESH_LOOP, fresh_stiffness(s.stiffness), FRESH_WATCH, False, True, False)


def is_treating(phase: int) -> bool:
    """Whether the prescription runs or is being rejoined."""
    return PRETENSION <= phase <= REST or phase == RESUME


def releasing(phase: int) -> bool:
    """Whether the cable is being let out for good."""
    return END_RELEASE <= phase <= FAULT_RELEASE


def has_torque(phase: int) -> bool:
    """Whether the drive may hold torque in this phase."""
    return PRETENSION <= phase <= FAULT_RELEASE


def control_step(now: float, s: ControlSettings, i: ControlInput, want: Wanted, c: Control) -> Control:
    """The next command and state, from time [s], settings, readings, prescription and the last state."""
    watch = notice(c.watch, i, c.loop, c.reference.seen, now, c.mode.phase, s)
    fresh = c.mode.phase == IDLE or c.mode.phase == SAFE or c.mode.phase == COMPLETE
    watch = stop_test(watch, i.switches, fresh)
    decision = decide(now, s, i, want, c.mode.phase, c.mode.since, c.mode.cause, c.reference.force, c.mode.limit, watch)
    mode = _enter(c.mode, decision.phase, decision.cause, now, i, s, watch, c.reference.force)
    if not has_torque(mode.phase):
        stiff = fresh_stiffness(s.stiffness) if mode.phase == IDLE else c.stiffness
        return Control(mode, restart(0.0), FRESH_LOOP, stiff, watch, False, decision.heard, decision.refused)
    return _pull(now, s, i, want, c, mode, watch, decision.heard, decision.refused)


def _enter(
    m: Mode, phase: int, cause: int, now: float, i: ControlInput, s: ControlSettings, watch: Watch, reference: float
) -> Mode:
    """The mode after the decision: clocks, the ceiling in force, what entering a phase sets.

    A release begins from the force, but never from what a cough adds to the `reference` [N].
    """
    changed = phase != m.phase
    since = now if changed else m.since
    time = m.treatment_time
    if PRETENSION <= phase <= REST and PRETENSION <= m.phase <= REST:
        time += s.dt * pace(m.phase, watch)
    limit = min(lowered(m.limit, i, s), s.ceiling)
    zero = m.zero_travel
    if changed and phase == SETUP:
        time, limit = 0.0, s.ceiling
    if changed and phase == PRETENSION and m.phase != RESUME:
        zero = i.travel
    # A cell of the guard's that gives no number leaves control its own to go by.
    unseen = cause == SENSOR_INVALID and not believable(i)
    blind = m.blind or unseen or cause == SENSORS_DISAGREE or cause == SENSOR_FROZEN
    catching = m.catching
    if phase == RESUME or watch.last_slip == now:
        catching = True
    if phase == IDLE:
        blind, catching, limit = False, False, s.ceiling
    start = m.release_from
    if changed and releasing(phase):
        start = min(i.force if believable(i) else watch.slow, reference)
    return Mode(phase, cause, since, time, limit, catching, blind, zero, start)


def pace(phase: int, watch: Watch) -> float:
    """Of the treatment clock: it slows and stands while the force comes up, for a hold begins when that is reached.

    Slowing, not only standing, so that a force that just trails enough does not make it stutter.
    """
    return watch.pace if phase <= RISE else 1.0


def lowered(limit: float, i: ControlInput, s: ControlSettings) -> float:
    """The ceiling in force after a Reduce; it can only fall."""
    if i.ask == ASK_REDUCE and math.isfinite(i.ask_value):
        return min(limit, max(i.ask_value, s.pretension))
    return limit


def _pull(
    now: float,
    s: ControlSettings,
    i: ControlInput,
    want: Wanted,
    c: Control,
    m: Mode,
    w: Watch,
    heard: bool,
    refused: bool,
) -> Control:
    """Reference, force law and speed for a phase with torque."""
    force = i.force if believable(i) else w.slow
    start = c.reference
    if _starts_from_force(m, c.mode, w, now):
        # A fall that is under way goes on falling, or the release would begin with a jerk.
        lower = min(force, c.reference.force) if has_torque(c.mode.phase) else force
        start = falling(lower, c.reference.rate) if m.phase != c.mode.phase else restart(lower)
    want = Wanted(want.present, want.force, want.rate * pace(m.phase, w), want.phase, want.eases)
    target, target_rate, up, down = aim(m, want, s)
    corner = release_corner(m.release_from) if releasing(m.phase) else CORNER
    reference = follow(start, target, target_rate, up, down, corner, s.sensor_lag, s.dt)
    if m.blind:
        return Control(m, reference, blind_law(c, reference, i.travel, s), c.stiffness, w, True, heard, refused)
    catching = m.catching and not (abs(target - reference.force) < 1.0 and m.phase != RESUME)
    moving = abs(reference.rate) > 2.0 and w.yielding == 0.0 and c.loop.excess == 0.0
    stiffness = c.stiffness
    if not releasing(m.phase):
        # A stop keeps to what was known before it: learning from a fall this steep would chase the pelvis swinging.
        stiffness = learn(c.stiffness, s.stiffness, i.travel, force, moving, force > TAUT, s.sensor_lag, s.dt)
    k = slow_tangent(stiffness, force)
    gain = fast_tangent(stiffness, force)
    pull, payout = pull_cap(m, reference, force, s), payout_cap(m, reference, force, k, s)
    loop = force_law(c.loop, reference, force, k, gain, pull, payout, releasing(m.phase), s)
    mode = Mode(m.phase, m.cause, m.since, m.treatment_time, m.limit, catching, m.blind, m.zero_travel, m.release_from)
    return Control(mode, reference, loop, stiffness, w, True, heard, refused)


def _starts_from_force(m: Mode, before: Mode, w: Watch, now: float) -> bool:
    """Begin from the force as it is: at the first pull, after a slip, and when a release takes over."""
    if m.phase == PRETENSION and not has_torque(before.phase):
        return True
    if w.last_slip == now:
        return True
    entered = m.phase != before.phase
    return entered and PAUSE_RELEASE <= m.phase <= FAULT_RELEASE and m.phase != PAUSED and m.phase != RESUME


def aim(m: Mode, want: Wanted, s: ControlSettings) -> tuple[float, float, float, float]:
    """Target [N], its rate, and the rates allowed up and down [N/s] in this phase."""
    phase = m.phase
    if is_treating(phase) and not want.present:
        # Only in the tick of a resume; the next one releases, as without a setpoint nothing is held.
        return s.pretension, 0.0, s.rise_limit, s.reduce_rate
    if is_treating(phase):
        up = s.rise_limit if m.catching else FASTEST_RISE
        down = s.reduce_rate if want.force > m.limit else max(s.reduce_rate, -1.2 * want.rate)
        if want.force > m.limit or phase == RESUME:
            return min(want.force, m.limit), 0.0, up, down
        return want.force, want.rate, up, down
    if phase == PAUSE_RELEASE or phase == PAUSED:
        return s.pretension, 0.0, s.rise_limit, s.pause_rate
    if phase == END_RELEASE and want.eases:
        return min(want.force, m.release_from), min(want.rate, 0.0), s.rise_limit, s.release_rate
    return RELEASE_TARGET, 0.0, s.rise_limit, release_rate(phase, m.release_from, s)


def release_rate(phase: int, start: float, s: ControlSettings) -> float:
    """How fast a release from `start` [N] falls [N/s]: full rate from a high force, no snap from a low one."""
    if phase == PATIENT_RELEASE:
        return _share(start, PATIENT_TIME, s.patient_rate)
    if phase == CLINICIAN_RELEASE:
        return _share(start, CLINICIAN_TIME, s.clinician_rate)
    if phase == CONSOLE_RELEASE:
        return _share(start, PATIENT_TIME, s.console_rate)
    if phase == FAULT_RELEASE:
        return _share(start, PATIENT_TIME, s.fault_rate)
    return s.release_rate


def _share(start: float, time: float, most: float) -> float:
    return min(max(start / time, GENTLEST_STOP), most)


def pull_cap(m: Mode, r: Reference, force: float, s: ControlSettings) -> float:
    """Fastest pull in this phase [m/s]; none in a release, and none on a cable that should be taut and is slack."""
    if m.phase == PRETENSION:
        return s.pretension_speed
    if force < SLACK and r.seen > 2.5 * SLACK:
        return 0.0
    if is_treating(m.phase) or m.phase == PAUSED:
        return s.pull_speed
    return 0.0


def payout_cap(m: Mode, r: Reference, force: float, k: float, s: ControlSettings) -> float:
    """Fastest payout in this phase [m/s]: what the falling reference needs and a little more, free in a release."""
    if releasing(m.phase) and r.force <= 0.0 and force < SLACK_ENOUGH:
        return LAST_SPEED
    if is_treating(m.phase) or m.phase == PAUSED:
        ease = max(EASE_SPEED, EASE_RATE / k) if m.phase == PRETENSION else EASE_SPEED
        return min(s.payout_speed, ease + 1.5 * max(-r.rate, 0.0) / k)
    return s.payout_speed


def blind_law(c: Control, r: Reference, travel: float, s: ControlSettings) -> Loop:
    """Release when no force can be believed: as the stiffness known so far foretells, then by position.

    In the end the cable is let out well past where the pull began.
    """
    loop = c.loop
    gain = fast_tangent(c.stiffness, r.force)
    if r.force > 0.0:
        lagged = loop.lagged + (r.rate - loop.lagged) * (s.dt / (BODY_LAG + s.dt))
        wanted = r.rate / gain + lagged * (1.0 / slow_tangent(c.stiffness, r.force) - 1.0 / gain)
        return Loop(0.0, lagged, min(max(wanted, -s.payout_speed), 0.0), 0.0, loop.since_excess, r.force)
    # Written so that an unknown travel pays out too, until both cells are slack or the timer ends it.
    out = travel <= c.mode.zero_travel - BLIND_EXTRA
    return Loop(0.0, 0.0, 0.0 if out else -min(BLIND_SPEED, BLIND_RATE / gain), 0.0, loop.since_excess, 0.0)
