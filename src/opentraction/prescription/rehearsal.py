"""A plan rehearsed before the strap is on: what will happen in short sentences, every bound, and the curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opentraction.drawing import Axis, Band, Series, chart
from opentraction.drawing.palette import Theme
from opentraction.patient import Patient
from opentraction.prescription.findings import Finding, findings, longest
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import LINEAR, NAMES, release_at, release_time
from opentraction.prescription.waveform import (
    AMPLITUDE,
    CYCLE,
    DURATION,
    FREQUENCY,
    FROM,
    PHASE,
    START,
    TO,
    Array,
    sample,
)
from opentraction.prescription.words import clock, spoken, spoken_dose, spoken_rate
from opentraction.quantities import BadInput, display
from opentraction.quantities.units import FACTORS
from opentraction.quantities.vocabulary import FALL, HOLD, PHASE_NAMES, PRETENSION, REST, RISE

_DRAWN_HZ = 4.0


@dataclass(frozen=True)
class Rehearsal:
    """What a plan will do. `unit` is the clinician's force unit; all numbers are SI.

    `ceiling` [N] is what may be pulled at most: the plan's, or today's patient's where that is lower.
    """

    plan: Plan
    unit: str
    summary: tuple[str, ...]
    findings: tuple[Finding, ...]
    total_time: float
    impulse: float
    peak: float
    mean: float
    cycles: int
    ceiling: float

    @property
    def unusual(self) -> tuple[Finding, ...]:
        """What deserves a second look."""
        return tuple(one for one in self.findings if one.verdict == "unusual")

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What must not be treated as it stands."""
        return tuple(one for one in self.findings if one.verdict == "refused")

    @property
    def text(self) -> str:
        """The rehearsal as plain text for a terminal."""
        marks = {"ok": "ok      ", "unusual": "unusual ", "refused": "REFUSED "}
        lines = [f"{marks[one.verdict]} {one.sentence}" for one in self.findings]
        return "\n".join([*self.summary, "", *lines])

    def svg(self, size: tuple[int, int] = (960, 360), theme: Theme = "page") -> str:
        """The whole prescribed curve and its release, force axis in the clinician's unit, phases along the top."""
        factor = FACTORS["force"][self.unit]
        times, forces = sample(self.plan.segments, _DRAWN_HZ)
        after, falling = release_curve(self.plan)
        times, forces = np.append(times, after), np.append(forces, falling)
        ceiling = self.ceiling / factor
        lines = [
            Series(times, forces / factor, "prescribed", "prescribed"),
            Series(times[[0, -1]], [ceiling, ceiling], "ceiling", "limit"),
        ]
        axis = Axis("force", self.unit, 0.0, 1.05 * max(ceiling, self.peak / factor))
        words = " ".join(self.summary)
        title = f"Prescribed force, {self.plan.name}"
        return chart(
            lines, bands(self.plan), Axis("time", clock=True), axis, size, title=title, description=words, theme=theme
        )


def rehearse(plan: Plan, patient: Patient, unit: str = "lb") -> Rehearsal:
    """Rehearse a plan for a patient, speaking the clinician's force unit. Raises BadInput for an unknown unit."""
    if unit not in FACTORS["force"]:
        raise BadInput("unit", unit, "one of " + ", ".join(FACTORS["force"]))
    return Rehearsal(
        plan=plan,
        unit=unit,
        summary=tuple(_summary(plan, unit)),
        findings=tuple(_site(plan, patient, findings(plan, patient, unit))),
        total_time=plan.total_time,
        impulse=plan.impulse,
        peak=plan.peak,
        mean=plan.impulse / plan.total_time,
        cycles=plan.cycles,
        ceiling=min(plan.ceiling, patient.ceiling),
    )


def _site(plan: Plan, patient: Patient, found: list[Finding]) -> list[Finding]:
    """Warn of a complaint at a level that is not pulled; it says more than the region alone, and goes first."""
    elsewhere = [level for level in patient.complaint.levels if level.startswith("C") != (plan.region == "cervical")]
    if not elsewhere:
        return found
    levels, pulled = ", ".join(elsewhere), {"cervical": "neck", "lumbar": "low back"}[plan.region]
    text = f"Complaint is at {levels}; this pulls the {pulled}. Check the site."
    rest = [one for one in found if one.quantity != "region"]
    return [Finding("site", levels, "unusual", text), *rest]


def bands(plan: Plan) -> list[Band]:
    """Each phase of the plan as a named stretch of time, its release last."""
    found: list[Band] = []
    for row in plan.rows:
        end = row[START] + row[DURATION]
        name = PHASE_NAMES[int(row[PHASE])]
        if found and found[-1].label == name:
            found[-1] = Band(found[-1].x0, end, name, found[-1].strong)
        else:
            found.append(Band(row[START], end, name, row[PHASE] == HOLD))
    return [*found, Band(plan.total_time, released(plan), "release")]


def released(plan: Plan) -> float:
    """When the final release has reached zero [s of treatment time]."""
    return plan.total_time + release_time(NAMES.index(plan.release_shape), plan.rows[-1][TO], plan.release_rate)


def release_curve(plan: Plan) -> tuple[Array, Array]:
    """Times [s of treatment time] and forces [N] of the final release, to be drawn after the waveform."""
    shape, start = NAMES.index(plan.release_shape), plan.rows[-1][TO]
    points = 2 if shape == LINEAR else 40
    times = np.linspace(0.0, release_time(shape, start, plan.release_rate), points)[1:]
    forces = [release_at(shape, start, plan.release_rate, float(t)).force for t in times]
    return plan.total_time + times, np.array(forces)


def _summary(plan: Plan, unit: str) -> list[str]:
    def say(force: float) -> str:
        return spoken(force, unit)

    angle = display(plan.angle, "angle", "deg", 0)
    lines = [
        f"Pull the {plan.region} spine at {angle}, patient {plan.position}, couch {plan.couch}.",
        f"Take up the slack to {say(plan.pretension)} in {clock(_length(plan, PRETENSION))}, hold included.",
        _pulls(plan, unit),
        _times(plan),
    ]
    swing = max(plan.rows, key=lambda row: row[AMPLITUDE])
    if swing[AMPLITUDE] > 0.0:
        lines.append(f"Swing by {say(swing[AMPLITUDE])} at {swing[FREQUENCY]:.2f} Hz during the hold.")
    mean, dose = say(plan.impulse / plan.total_time), spoken_dose(plan.impulse)
    lines += [
        f"Treat for {clock(plan.total_time)}, then release {_release(plan, unit)}.",
        f"Highest force {say(plan.peak)}, mean {mean}, dose {dose}.",
    ]
    return lines


def _pulls(plan: Plan, unit: str) -> str:
    highs = [max(row[FROM] for row in plan.rows if row[CYCLE] == k and row[PHASE] == HOLD) for k in _numbers(plan)]
    lows = [[row[TO] for row in plan.rows if row[CYCLE] == k][-1] for k in _numbers(plan)]
    high, low = _range(highs, unit), _range(lows, unit)
    if plan.cycles == 1:
        return f"Pull once to {high}, then ease to {low}."
    return f"Pull {plan.cycles} times to {high}, easing to {low} between pulls."


def _release(plan: Plan, unit: str) -> str:
    rate = spoken_rate(plan.release_rate, unit)
    took = clock(released(plan) - plan.total_time)
    shaped = {"s-curve": "gently at both ends", "exponential": "with a soft end"}.get(plan.release_shape)
    return f"at {rate}" if shaped is None else f"{shaped}, at most {rate}, in {took}"


def _numbers(plan: Plan) -> range:
    return range(1, plan.cycles + 1)


def _range(forces: list[float], unit: str) -> str:
    low, high = min(forces), max(forces)
    if high - low < 0.5:
        return spoken(high, unit)
    first, last = forces[0], forces[-1]
    if {first, last} == {low, high}:
        return f"{spoken(first, unit)} at first and {spoken(last, unit)} at last"
    return f"{spoken(low, unit)} up to {spoken(high, unit)}"


def _times(plan: Plan) -> str:
    parts = []
    for phase in (RISE, HOLD, FALL, REST):
        lengths = longest(plan, phase)
        if max(lengths) > 0.0:
            parts.append(f"{PHASE_NAMES[phase]} {_span(min(lengths), max(lengths))}")
    return f"Each pull: {', '.join(parts)}."


def _span(low: float, high: float) -> str:
    return clock(high) if high - low < 1.0 else f"{clock(low)} to {clock(high)}"


def _length(plan: Plan, phase: int) -> float:
    return sum(row[DURATION] for row in plan.rows if row[PHASE] == phase)
