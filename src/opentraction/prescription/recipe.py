"""A prescription as a clinician writes it, read and checked, still free of any patient. All SI: [s], [N/s], [rad]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentraction.prescription.amount import Amount

if TYPE_CHECKING:
    from opentraction.patient import Patient
    from opentraction.prescription.plan import Plan

RAMP_SHAPES = ("linear", "logarithmic", "s-curve", "stepped")
FALL_SHAPES = ("linear", "s-curve")
_UNIT = re.compile(r"[0-9.]\s*(N|kN|daN|lbf|lb|kgf)\b")
CHANGES = ("staircase", "pyramid", "shrinking rest")


@dataclass(frozen=True, slots=True)
class Ramp:
    """How force moves from one level to another: its shape, and either its time or its steepest rate."""

    where: str
    shape: str
    time: float | None
    rate: float | None
    curvature: float = 9.0
    steps: int = 1
    step_hold: float = 0.0


@dataclass(frozen=True, slots=True)
class Pretension:
    """Taking up the slack: from 0 to a small force at a gentle rate, held a few seconds."""

    force: float
    rate: float
    hold: float


@dataclass(frozen=True, slots=True)
class SecondHold:
    """A second plateau in each hold: its force, its time, and the time to move to it."""

    force: Amount
    time: float
    move: float


@dataclass(frozen=True, slots=True)
class Oscillation:
    """A small swing on the hold, faded in and out."""

    amplitude: Amount
    frequency: float
    fade: float


@dataclass(frozen=True, slots=True)
class Steps:
    """Progressive and regressive: levels from `first` to high in `count` steps, each falling to a share of itself."""

    count: int
    first: Amount
    fall_to: float


@dataclass(frozen=True, slots=True)
class Change:
    """What changes from cycle to cycle: the values a session starts from, on its way to the plain ones."""

    kind: str
    high: Amount | None
    low: Amount | None
    hold: float | None
    rest: float | None


@dataclass(frozen=True, slots=True)
class WrittenCycle:
    """One cycle written out by hand; what is None is as in the rest of the prescription."""

    times: int
    high: Amount | None
    low: Amount | None
    hold: float | None
    rest: float | None


@dataclass(frozen=True, slots=True)
class Course:
    """How high force grows over the sessions of a course: linearly to `high_last`, in whole `step`s when given."""

    sessions: int
    high_last: Amount
    step: float | None


@dataclass(frozen=True, slots=True)
class Prescription:
    """What to pull. `resolve` turns it into newtons for one patient; nothing here knows a body yet.

    `length` is the longest treatment [s], from the first pretension to the last rest, without the final release.
    `cycles` None fills it with whole cycles; `hold` None (static only) fills it with one hold.
    """

    name: str
    source: str
    notes: str
    file: str
    region: str
    position: str
    posture: str
    couch: str
    mode: str
    angle: float
    length: float | None
    cycles: int | None
    pretension: Pretension
    high: Amount
    low: Amount | None
    rise: Ramp
    rise_limit: float
    fall: Ramp
    hold: float | None
    rest: float
    release_rate: float
    release_shape: str = "linear"
    second_hold: SecondHold | None = None
    oscillation: Oscillation | None = None
    steps: Steps | None = None
    change: Change | None = None
    written: tuple[WrittenCycle, ...] = ()
    course: Course | None = None

    @property
    def unit(self) -> str:
        """The force unit it is written in: the first one of the high force; empty where that is body weight alone."""
        named = _UNIT.search(self.high.text)
        return named[1].replace("lbf", "lb") if named else ""

    def resolve(self, patient: Patient, session: int = 1) -> Plan:
        """The plan for one patient and one session of the course. Raises BadInput for what breaks an absolute bound."""
        from opentraction.prescription.resolve import resolve

        return resolve(self, patient, session)
