"""Every cell of the table of phases, written down a second time by phase: whoever changes one has to say so here."""

from __future__ import annotations

import pytest

from opentraction.control import transitions as t
from opentraction.quantities import vocabulary as v

STOPS = {
    "clinician stop": "clinician release",
    "fault": "fault release",
    "patient stop": "patient release",
    "console stop": "console release",
}
FOLLOWS = {f"to {phase}": phase for phase in ("pretension", "rise", "hold", "fall", "rest")}
PULLS = STOPS | FOLLOWS | {"pause": "pause release", "finished": "end release"}
CELLS: dict[str, dict[str, str]] = {
    "idle": {
        "clinician stop": "idle",
        "patient stop": "idle",
        "console stop": "idle",
        "fault": "lockout",
        "bind": "setup",
    },
    "setup": {
        "clinician stop": "setup",
        "patient stop": "setup",
        "console stop": "setup",
        "fault": "safe",
        "prepared": "stop test",
        "unbind": "idle",
    },
    "stop test": {
        "clinician stop": "stop test",
        "patient stop": "stop test",
        "console stop": "stop test",
        "fault": "safe",
        "preparation lost": "setup",
        "unbind": "idle",
        "arm": "ready",
    },
    "ready": {
        "clinician stop": "setup",
        "patient stop": "stop test",
        "console stop": "stop test",
        "fault": "safe",
        "preparation lost": "setup",
        "unbind": "idle",
        "start": "pretension",
    },
    "pretension": PULLS,
    "rise": PULLS,
    "hold": PULLS,
    "fall": PULLS,
    "rest": PULLS,
    "pause release": STOPS | {"release timer": "fault release", "reached": "paused"},
    "paused": STOPS | {"release timer": "end release", "resume": "resume"},
    "resume": STOPS | FOLLOWS | {"pause": "pause release"},
    "end release": STOPS | {"release timer": "fault release", "released": "complete"},
    "patient release": {
        "clinician stop": "clinician release",
        "fault": "fault release",
        "patient stop": "patient release",
        "console stop": "patient release",
        "release timer": "torque off",
        "released": "safe",
    },
    "clinician release": {
        "clinician stop": "clinician release",
        "fault": "clinician release",
        "patient stop": "clinician release",
        "console stop": "clinician release",
        "release timer": "torque off",
        "released": "safe",
    },
    "console release": {
        "clinician stop": "clinician release",
        "fault": "fault release",
        "patient stop": "patient release",
        "console stop": "console release",
        "release timer": "torque off",
        "released": "safe",
    },
    "fault release": {
        "clinician stop": "clinician release",
        "fault": "fault release",
        "patient stop": "fault release",
        "console stop": "fault release",
        "release timer": "torque off",
        "released": "safe",
    },
    "torque off": {
        "clinician stop": "torque off",
        "fault": "torque off",
        "patient stop": "torque off",
        "console stop": "torque off",
        "released": "safe",
        "unbind": "idle",
    },
    "safe": dict.fromkeys(STOPS, "safe") | {"unbind": "idle"},
    "complete": dict.fromkeys(STOPS, "complete") | {"unbind": "idle"},
    "lockout": dict.fromkeys(STOPS, "lockout"),
}


def named(phases: tuple[int, ...]) -> list[str]:
    return [v.PHASE_NAMES[phase] for phase in phases]


@pytest.mark.parametrize("phase", v.PHASE_NAMES)
def test_each_cell_is_as_written_here_and_no_other_is_there(phase: str) -> None:
    row = t.NEXT[v.PHASE_NAMES.index(phase)]
    there = {event: v.PHASE_NAMES[after] for event, after in zip(t.EVENT_NAMES, row, strict=True) if after != -1}
    assert there == CELLS[phase]


def test_events_stand_in_their_order_of_precedence() -> None:
    own = {name.removeprefix("EV_"): code for name, code in vars(t).items() if name.startswith("EV_")}
    assert own == {
        "CLINICIAN_STOP": 0,
        "FAULT": 1,
        "PATIENT_STOP": 2,
        "CONSOLE_STOP": 3,
        "TIMER": 4,
        "RELEASED": 5,
        "UNPREPARED": 6,
        "PREPARED": 7,
        "BIND": 8,
        "UNBIND": 9,
        "ARM": 10,
        "START": 11,
        "PAUSE": 12,
        "RESUME": 13,
        "REACHED": 14,
        "FINISHED": 15,
        "FOLLOW": 16,
    }
    assert t.N_EVENTS == len(t.EVENT_NAMES) == 21


def test_kinds_of_phases() -> None:
    stopped = ["patient release", "clinician release", "console release", "fault release", "torque off"]
    treating = ["pretension", "rise", "hold", "fall", "rest"]
    assert named(t.TREATING) == treating
    assert named(t.LATCHED) == [*stopped, "safe"]
    assert named(t.RELEASING) == ["pause release", "end release", *stopped]
    assert named(t.UNDER_TENSION) == [*treating, "resume", "paused", "pause release", "end release"]
