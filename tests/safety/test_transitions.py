"""The table of phases walked cell by cell: nothing pulls by accident, nothing is a trap, stops beat everything."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.control import events, transitions
from opentraction.control.settings import control_settings
from opentraction.control.transitions import EVENT_NAMES, LATCHED, N_EVENTS, NEXT, RELEASING, TRANSITIONS
from opentraction.control.types import ControlInput, Wanted
from opentraction.control.watch import FRESH_WATCH, Watch
from opentraction.quantities import vocabulary as v

PHASES = range(len(v.PHASE_NAMES))
PULLING = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.PAUSED, v.PAUSE_RELEASE, v.RESUME)
RAISING = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.RESUME)
STOPS = (
    transitions.EV_CLINICIAN_STOP,
    transitions.EV_FAULT,
    transitions.EV_PATIENT_STOP,
    transitions.EV_CONSOLE_STOP,
)
WISHES = (
    transitions.EV_BIND,
    transitions.EV_UNBIND,
    transitions.EV_ARM,
    transitions.EV_START,
    transitions.EV_PAUSE,
    transitions.EV_RESUME,
)
LET_GO = {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE, v.CONSOLE_RELEASE, v.FAULT_RELEASE}
SETTINGS = control_settings(400.0, 25.0, 30.0, 50.0)


def reached(starts: Iterable[int], without: Iterable[int] = ()) -> set[int]:
    """Every phase a path leads to, some events left out."""
    left_out = set(without)
    seen, todo = set(starts), deque(starts)
    while todo:
        phase = todo.popleft()
        for event in set(range(N_EVENTS)) - left_out:
            after = int(NEXT[phase, event])
            if after >= 0 and after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def test_every_row_is_in_the_table_once_and_the_table_holds_nothing_else() -> None:
    assert len({(row.phase, row.event) for row in TRANSITIONS}) == len(TRANSITIONS) == int((NEXT >= 0).sum())
    assert all(NEXT[row.phase, row.event] == row.next for row in TRANSITIONS)
    assert len(EVENT_NAMES) == N_EVENTS
    with pytest.raises(ValueError, match="read-only"):
        NEXT[0, 0] = 1


@pytest.mark.parametrize("phase", PHASES, ids=v.PHASE_NAMES)
def test_every_phase_answers_every_stop(phase: int) -> None:
    assert all(NEXT[phase, stop] >= 0 for stop in STOPS)


@pytest.mark.parametrize("phase", PHASES, ids=v.PHASE_NAMES)
def test_a_missing_cell_is_a_refusal_or_a_fault(phase: int) -> None:
    """A wish without a cell is refused; anything else without one goes where a fault goes."""
    for event in range(N_EVENTS):
        if NEXT[phase, event] >= 0:
            continue
        if event in WISHES:
            decision = decide(phase, ask=ask_of(event), tested=True)
            assert decision.phase == phase
            assert decision.heard
            assert decision.refused
        else:
            after = events._go(phase, event, v.NO_CAUSE, v.NO_CAUSE)
            assert after.phase == NEXT[phase, transitions.EV_FAULT]
            assert after.phase not in RAISING
            if phase >= v.PRETENSION and after.phase != phase:
                assert after.cause == v.ILLEGAL_EVENT


@pytest.mark.parametrize("phase", [*PULLING, v.END_RELEASE])
def test_a_stop_lets_go(phase: int) -> None:
    assert [int(NEXT[phase, stop]) for stop in STOPS] == [
        v.CLINICIAN_RELEASE,
        v.FAULT_RELEASE,
        v.PATIENT_RELEASE,
        v.CONSOLE_RELEASE,
    ]


@pytest.mark.parametrize("phase", RELEASING)
@pytest.mark.parametrize("stop", STOPS, ids=[EVENT_NAMES[stop] for stop in STOPS])
def test_a_stop_in_a_release_never_pulls_nor_turns_torque_back_on(phase: int, stop: int) -> None:
    after = int(NEXT[phase, stop])
    assert after in RELEASING
    if phase == v.TORQUE_OFF:
        assert after == v.TORQUE_OFF


@pytest.mark.parametrize("needed", ["unbind", "bind", "arm", "start", "prepared"])
@pytest.mark.parametrize("phase", LATCHED, ids=[v.PHASE_NAMES[phase] for phase in LATCHED])
def test_from_a_latched_phase_only_the_whole_preparation_leads_back(phase: int, needed: str) -> None:
    """Property P3: leave out one step and no path leads to a pull."""
    assert not reached([phase], without=[EVENT_NAMES.index(needed)]) & set(RAISING)
    assert set(RAISING) <= reached([phase])


def test_only_start_follow_and_resume_lead_into_a_pull() -> None:
    raising = {row.event for row in TRANSITIONS if row.next in RAISING and row.phase not in RAISING}
    assert raising == {transitions.EV_START, transitions.EV_RESUME}
    assert {row.phase for row in TRANSITIONS if row.event == transitions.EV_START} == {v.READY}
    assert {row.phase for row in TRANSITIONS if row.event == transitions.EV_RESUME} == {v.PAUSED}


@pytest.mark.parametrize("phase", [p for p in PHASES if p != v.LOCKOUT])
def test_nothing_is_a_trap_but_lockout(phase: int) -> None:
    """Property P6: from everywhere else a way leads back to idle, even without another stop or fault."""
    assert v.IDLE in reached([phase], without=STOPS)


def test_lockout_stays_locked() -> None:
    assert reached([v.LOCKOUT]) == {v.LOCKOUT}


@pytest.mark.parametrize("phase", RELEASING)
def test_a_release_ends_by_itself(phase: int) -> None:
    by_itself = (transitions.EV_RELEASED, transitions.EV_TIMER, transitions.EV_REACHED)
    others = set(range(N_EVENTS)) - set(by_itself)
    assert reached([phase], without=others) & {v.SAFE, v.COMPLETE, v.TORQUE_OFF, v.PAUSED}


# --- property P4: a stop beats whatever else holds ---


def ask_of(event: int) -> int:
    """The wish an event stands for."""
    return {
        transitions.EV_BIND: v.ASK_BIND,
        transitions.EV_UNBIND: v.ASK_UNBIND,
        transitions.EV_ARM: v.ASK_ARM,
        transitions.EV_START: v.ASK_START,
        transitions.EV_PAUSE: v.ASK_PAUSE,
        transitions.EV_RESUME: v.ASK_RESUME,
    }[event]


def decide(
    phase: int,
    *,
    switches: int = v.ALL_WELL,
    ask: int = v.ASK_NOTHING,
    guard: int = v.NO_CAUSE,
    tested: bool = True,
    force: float = 200.0,
    want: Wanted | None = None,
    cause: int = v.NO_CAUSE,
    since: float = 0.0,
) -> events.Decision:
    watch = Watch(*FRESH_WATCH[:-2], tested, 0.0)
    prepared = phase != v.SETUP
    i = ControlInput(force, force, 0.1, 0.0, switches, prepared, guard, ask, 0.0)
    wanted = want or Wanted(True, 200.0, 0.0, phase if v.PRETENSION <= phase <= v.REST else v.HOLD)
    reference = 100.0 if phase in {v.RESUME, v.PAUSE_RELEASE} else force
    return events.decide(10.0, SETTINGS, i, wanted, phase, 10.0 - since, cause, reference, 400.0, watch)


any_number = st.floats(allow_nan=True, allow_infinity=True)
anything = st.fixed_dictionaries(
    {
        "phase": st.sampled_from((*PULLING, v.END_RELEASE)),
        "switches": st.integers(0, 127),
        "ask": st.integers(0, v.ASK_UNBIND),
        "guard": st.sampled_from((v.NO_CAUSE, v.FORCE_TOO_HIGH, v.SENSOR_FROZEN, v.CABLE_LOOSE, v.CLOCK_GAP)),
        "tested": st.booleans(),
        "force": any_number,
        "want": st.builds(Wanted, st.booleans(), any_number, any_number, st.integers(v.PRETENSION, v.END_RELEASE)),
        "cause": st.sampled_from((v.NO_CAUSE, v.FINISHED)),
        "since": st.floats(0.0, 1000.0),
    }
)


@given(anything)
def test_the_clinicians_stop_beats_everything(now: dict[str, object]) -> None:
    now["switches"] = int(str(now["switches"])) & ~v.CLINICIAN_LOOP
    decision = decide(**now)  # type: ignore[arg-type]
    assert decision.phase == v.CLINICIAN_RELEASE
    assert decision.cause == v.CLINICIAN_STOP


STOP_INPUTS = {
    "patient presses": lambda now: now | {"switches": now["switches"] & ~(v.REMOTE_LOOP_A | v.REMOTE_LOOP_B)},
    "one channel opens": lambda now: now | {"switches": now["switches"] & ~v.REMOTE_LOOP_B},
    "remote unplugged": lambda now: now | {"switches": now["switches"] & ~v.REMOTE_PLUGGED},
    "power lost": lambda now: now | {"switches": now["switches"] & ~v.POWER_GOOD},
    "drive not ready": lambda now: now | {"switches": now["switches"] & ~v.DRIVE_READY},
    "console stops": lambda now: now | {"ask": v.ASK_STOP},
    "guard trips": lambda now: now | {"guard": now["guard"] or v.FORCE_TOO_HIGH},
    "force is no number": lambda now: now | {"force": math.nan},
}


@pytest.mark.parametrize("stop", STOP_INPUTS)
@given(now=anything)
def test_a_stop_beats_everything_that_would_go_on(stop: str, now: dict[str, object]) -> None:
    decision = decide(**STOP_INPUTS[stop](now))  # type: ignore[no-untyped-call]
    assert decision.phase in LET_GO
    assert decision.cause not in {v.NO_CAUSE, v.FINISHED}


@given(anything, st.sampled_from(sorted(set(LATCHED))))
def test_nothing_an_input_says_leads_from_a_latched_phase_to_a_pull(now: dict[str, object], phase: int) -> None:
    assert decide(**{**now, "phase": phase}).phase not in PULLING  # type: ignore[arg-type]


@pytest.mark.parametrize("phase", [v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.RESUME])
def test_no_setpoint_means_release(phase: int) -> None:
    decision = decide(phase, want=Wanted(False, math.nan, math.nan, v.HOLD))
    assert (decision.phase, decision.cause) == (v.FAULT_RELEASE, v.NO_SETPOINT)


def test_zero_newtons_is_not_no_setpoint() -> None:
    assert decide(v.HOLD, force=1.0, want=Wanted(True, 0.0, 0.0, v.HOLD)).phase == v.HOLD
