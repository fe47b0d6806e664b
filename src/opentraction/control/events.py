"""Which event holds at this tick, in order of precedence, and where the table sends it."""

from __future__ import annotations

from typing import NamedTuple

from opentraction.control.transitions import (
    EV_ARM,
    EV_BIND,
    EV_CLINICIAN_STOP,
    EV_CONSOLE_STOP,
    EV_FAULT,
    EV_FINISHED,
    EV_FOLLOW,
    EV_PATIENT_STOP,
    EV_PAUSE,
    EV_PREPARED,
    EV_REACHED,
    EV_RELEASED,
    EV_RESUME,
    EV_START,
    EV_TIMER,
    EV_UNBIND,
    EV_UNPREPARED,
    NEXT,
)
from opentraction.control.types import ControlInput, ControlSettings, Wanted
from opentraction.control.watch import SLACK_TIME, Watch, believable, clinician_pressed, own_fault, remote_pressed
from opentraction.quantities.vocabulary import (
    ASK_ARM,
    ASK_BIND,
    ASK_PAUSE,
    ASK_RESUME,
    ASK_START,
    ASK_STOP,
    ASK_UNBIND,
    BY_LOST_CONSOLE,
    BY_SHUT_DOWN,
    CLINICIAN_RELEASE,
    CLINICIAN_STOP,
    CONSOLE_LOST,
    CONSOLE_RELEASE,
    CONSOLE_STOP,
    DRIVE_FAULT,
    DRIVE_READY,
    END_RELEASE,
    FAULT_RELEASE,
    FINISHED,
    ILLEGAL_EVENT,
    NO_CAUSE,
    NO_SETPOINT,
    NOT_RELEASED,
    PATIENT_RELEASE,
    PATIENT_STOP,
    PAUSE_RELEASE,
    PAUSED,
    POWER_GOOD,
    POWER_LOST,
    PRETENSION,
    READY,
    REMOTE_PLUGGED,
    REMOTE_UNPLUGGED,
    REST,
    RESUME,
    SENSOR_INVALID,
    SETUP,
    SHUT_DOWN,
    STOP_TEST,
    TOO_LONG,
    TORQUE_OFF,
)


class Decision(NamedTuple):
    """Where to go and why; `heard` says the operator's wish was weighed, `refused` that it had no cell here."""

    phase: int
    cause: int
    heard: bool
    refused: bool


def decide(
    now: float,
    s: ControlSettings,
    i: ControlInput,
    want: Wanted,
    phase: int,
    since: float,
    cause: int,
    reference: float,
    limit: float,
    w: Watch,
) -> Decision:
    """The first event that holds and changes something; stops first, so that a stop held down never hides what follows
    it.
    """
    if clinician_pressed(i.switches):
        stop = _go(phase, EV_CLINICIAN_STOP, cause, CLINICIAN_STOP)
        if stop.phase != phase:
            return stop
    fault = fault_now(now, s, i, want, phase, w)
    if fault != NO_CAUSE:
        stop = _go(phase, EV_FAULT, cause, fault)
        if stop.phase != phase:
            return stop
    if remote_pressed(i.switches) and phase != SETUP and phase != STOP_TEST:
        stop = _go(phase, EV_PATIENT_STOP, cause, PATIENT_STOP)
        if stop.phase != phase:
            return stop
    if i.ask == ASK_STOP:
        return _heard(_go(phase, EV_CONSOLE_STOP, cause, stop_cause(i.ask_value)))
    event = machine_event(now, s, i, want, phase, since, reference, limit, w)
    if event >= 0:
        return _go(phase, event, cause, _cause_of(phase, event))
    wish = wish_event(i, w)
    if wish >= 0 and NEXT[phase, wish] >= 0:
        return _heard(_go(phase, wish, cause, NO_CAUSE))
    return Decision(phase, cause, True, wish != -1)


def stop_cause(value: float) -> int:
    """Who asked for the stop; what is not understood counts as the console."""
    if value == BY_LOST_CONSOLE:
        return CONSOLE_LOST
    return SHUT_DOWN if value == BY_SHUT_DOWN else CONSOLE_STOP


def _heard(d: Decision) -> Decision:
    return Decision(d.phase, d.cause, True, False)


def _go(phase: int, event: int, cause: int, why: int) -> Decision:
    """Through the table; a missing cell is a fault. The first cause stands, but a finished session can still be
    stopped.
    """
    after = int(NEXT[phase, event])
    if after < 0:
        after = int(NEXT[phase, EV_FAULT])
        why = ILLEGAL_EVENT
    if event == EV_UNBIND or event == EV_BIND:
        return Decision(after, NO_CAUSE, False, False)
    if after == phase or (cause != NO_CAUSE and cause != FINISHED):
        why = NO_CAUSE
    if after <= READY:
        why = NO_CAUSE
    return Decision(after, why if why != NO_CAUSE else cause, False, False)


def _cause_of(phase: int, event: int) -> int:
    if event == EV_FINISHED:
        return FINISHED
    if event == EV_TIMER:
        return TOO_LONG if phase == PAUSED else NOT_RELEASED
    return NO_CAUSE


def fault_now(now: float, s: ControlSettings, i: ControlInput, want: Wanted, phase: int, w: Watch) -> int:
    """The fault that holds now, or 0. Preparation has no faults but those of the guard."""
    if i.guard_cause != NO_CAUSE and phase != SETUP:
        return i.guard_cause
    if phase < PRETENSION or phase > FAULT_RELEASE:
        return NO_CAUSE
    if not believable(i):
        return SENSOR_INVALID
    if i.switches & POWER_GOOD == 0:
        return POWER_LOST
    if i.switches & REMOTE_PLUGGED == 0:
        return REMOTE_UNPLUGGED
    if i.switches & DRIVE_READY == 0:
        return DRIVE_FAULT
    treating = phase <= REST or phase == RESUME
    known = PRETENSION <= want.phase <= REST or want.phase == END_RELEASE
    if treating and not (want.present and known):
        return NO_SETPOINT
    return own_fault(w, now, treating, s)


def machine_event(
    now: float,
    s: ControlSettings,
    i: ControlInput,
    want: Wanted,
    phase: int,
    since: float,
    reference: float,
    limit: float,
    w: Watch,
) -> int:
    """What happened by itself, or -1."""
    if phase < PRETENSION:
        return preparation_event(i, phase)
    if PRETENSION <= phase <= REST:
        if want.phase == END_RELEASE:
            return EV_FINISHED
        return EV_FOLLOW + want.phase - PRETENSION if want.phase != phase else -1
    if phase == RESUME:
        near = abs(reference - min(want.force, limit)) < 2.0
        return EV_FOLLOW + want.phase - PRETENSION if near and PRETENSION <= want.phase <= REST else -1
    if phase == PAUSE_RELEASE and reference < s.pretension + 3.0 and i.force < s.pretension + 10.0:
        return EV_REACHED
    if phase == PAUSED:
        return EV_TIMER if now - since > s.pause_most else -1
    if END_RELEASE <= phase <= TORQUE_OFF and w.slack > SLACK_TIME and now - since > SLACK_TIME:
        return EV_RELEASED
    if PAUSE_RELEASE <= phase <= FAULT_RELEASE and now - since > timer(phase, s):
        return EV_TIMER
    return -1


def preparation_event(i: ControlInput, phase: int) -> int:
    """Checklist and plug come and go before the start."""
    ready = i.prepared and i.switches & REMOTE_PLUGGED != 0
    if phase == SETUP and ready:
        return EV_PREPARED
    if (phase == STOP_TEST or phase == READY) and not ready:
        return EV_UNPREPARED
    return -1


def timer(phase: int, s: ControlSettings) -> float:
    """Seconds a release may take before the torque is taken away."""
    if phase == PATIENT_RELEASE or phase == CONSOLE_RELEASE:
        return s.patient_timer
    if phase == CLINICIAN_RELEASE:
        return s.clinician_timer
    if phase == FAULT_RELEASE:
        return s.fault_timer
    return s.gentle_timer


def wish_event(i: ControlInput, w: Watch) -> int:
    """The event an operator's wish stands for; -1 for no wish, -2 for one that must be refused."""
    if i.ask == ASK_BIND:
        return EV_BIND
    if i.ask == ASK_UNBIND:
        return EV_UNBIND
    if i.ask == ASK_ARM:
        return EV_ARM if w.tested and not remote_pressed(i.switches) and not clinician_pressed(i.switches) else -2
    if i.ask == ASK_START:
        return EV_START if w.tested else -2
    if i.ask == ASK_PAUSE:
        return EV_PAUSE
    if i.ask == ASK_RESUME:
        return EV_RESUME
    return -1
