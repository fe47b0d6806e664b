"""A treatment changed at its seam: the running plan up to the next pull/rest boundary, another signed plan from there.

The clock of the session runs on. At the boundary the new plan is joined at its own rest (or pull) that stands nearest
to the same second, so a change between plans of equal cycles goes on with the same cycle number, and a staircase goes
on at the step it would have reached. Only whole pulls follow, as many as fit into the time that was bound at the start
of the session. Where the forces at the joint differ, a short straight ramp at a bounded rate joins them.

The result is a plan like any other: frozen, hashed, rehearsable. Up to the boundary its segments are those of the
running plan, bit for bit, so control and guard may have it at once: nothing moves before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from opentraction.prescription.check import headroom
from opentraction.prescription.plan import Plan
from opentraction.prescription.ramps import Piece
from opentraction.prescription.segments import Row, highest, impulse, steepest
from opentraction.prescription.trace import Segment, Trace
from opentraction.prescription.waveform import (
    CYCLE,
    DURATION,
    FROM,
    LINE,
    PHASE,
    PHASE_END,
    START,
    TO,
)
from opentraction.prescription.words import both_units, clock
from opentraction.quantities import BadInput, display
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST, RISE

MARGIN = 0.5
"""A boundary nearer than this is let pass: what is under way there is not overtaken [s]."""
JOINT_RATE = 20.0
"""Steepest ramp between the forces of two plans [N/s]; the rate of a ramp for which none is written."""
JOINT_TIME = 0.1
"""The joint of two forces that all but agree still takes this long [s]."""
_SLACK = 1e-6  # rounding allowed where times are compared [s]
_SAME = {"region": "region", "position": "position", "couch": "couch", "angle": "angle of pull"}


class Seam(NamedTuple):
    """A pull/rest boundary: number of the row that begins there, its time [s], and the cycle that has ended."""

    row: int
    at: float
    cycle: int
    resting: bool  # a pull has just ended; otherwise a pull is about to begin


class Change(NamedTuple):
    """What a change comes to: the whole plan from now on, and the treatment time at which it differs [s].

    `ceiling` [N] is the new prescription's own. It holds from `settled` [s] on: from the boundary, or from the end of
    the ramp that joins the two where that comes down from above it.
    """

    plan: Plan
    at: float
    resting: bool
    ceiling: float
    settled: float

    @property
    def words(self) -> str:
        """Where it begins, as the clock on the page shows it: "from the next rest, at 12:40"."""
        where = "from the next rest" if self.resting else "from the next pull"
        return f"{where}, at {minutes(self.at)}"


def minutes(seconds: float) -> str:
    """A treatment time as a clock shows it, `12:40`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def change_at_boundary(running: Plan, new: Plan, tau: float, bound: Plan | None = None) -> Change:
    """`running` up to the next boundary after treatment time `tau` [s], then `new`.

    `bound` is the plan the session began with (`running` if it was not changed before): its ceiling and its length are
    never exceeded. Raises BadInput, one sentence, for a change that is not possible.
    """
    first = bound or running
    check_same_session(running, new, first)
    seam = next_seam(running, tau)
    trace = _kept(running, seam)
    _follow(trace, new, seam, first.total_time)
    plan = _plan(running, new, trace)
    return Change(plan, seam.at, plan.rows[seam.row][PHASE] == REST, new.ceiling, _settled(plan, seam, new.ceiling))


def _settled(plan: Plan, seam: Seam, ceiling: float) -> float:
    """From when on everything, with its headroom, lies under the new ceiling [s]."""
    above = [row for row in plan.rows[seam.row :] if highest(row) + headroom(highest(row)) > ceiling]
    return max([seam.at, *(row[START] + row[DURATION] for row in above)])


def check_same_session(running: Plan, new: Plan, bound: Plan) -> None:
    """The new plan is for this patient, as they lie, under the ceiling of the session's start. Raises BadInput."""
    for name, words in _SAME.items():
        was, wanted = getattr(running, name), getattr(new, name)
        if was != wanted:
            shown = display(wanted, "angle", "deg", 0) if name == "angle" else wanted
            stays = display(was, "angle", "deg", 0) if name == "angle" else was
            raise BadInput("change", f"{words} {shown}", f"{stays}, as in this session; end it for another")
    if new.mass != running.mass:
        theirs, ours = (display(plan.mass, "mass", "kg", 1) for plan in (new, running))
        raise BadInput("change", f"a plan for {theirs}", f"a plan for this patient, {ours}")
    if new.ceiling > bound.ceiling:
        rule = f"at most {both_units(bound.ceiling)}, as at the start of this session; end it and bind anew for more"
        raise BadInput("change", f"a ceiling of {both_units(new.ceiling)}", rule)


def seams(plan: Plan) -> list[Seam]:
    """Every pull/rest boundary of a plan: where a rest begins or, with or without one, the next pull. Not its end."""
    found = []
    for number, (before, after) in enumerate(pairwise(plan.rows), start=1):
        pull_over = before[PHASE] == FALL and after[PHASE] != FALL
        rest_over = before[PHASE] in {REST, PRETENSION} and after[PHASE] in {RISE, FALL}
        if pull_over or rest_over:
            found.append(Seam(number, after[START], int(before[CYCLE]), pull_over))
    return found


def next_seam(plan: Plan, tau: float) -> Seam:
    """The first boundary after treatment time `tau` [s]. Raises BadInput when none is left."""
    if not math.isfinite(tau):
        raise BadInput("change", tau, "a treatment under way")
    for seam in seams(plan):
        if seam.at > tau + MARGIN:
            return seam
    raise BadInput("change", f"at {minutes(tau)}", "a change before the last pull has ended; no pull follows any more")


def _kept(running: Plan, seam: Seam) -> Trace:
    trace = Trace()
    trace.rows = list(running.rows[: seam.row])
    trace.time, trace.force = seam.at, running.rows[seam.row - 1][TO]
    return trace


def _follow(trace: Trace, new: Plan, seam: Seam, longest: float) -> None:
    """Join `new` where it stands nearest, then its whole pulls while they fit. Raises BadInput when none does."""
    first = _place(new, seam)
    rest = first.resting and new.rows[first.row][PHASE] == REST
    _join(trace, new.rows[first.row][FROM], seam, rest, min(JOINT_RATE, new.rise_limit))
    shift = seam.cycle - first.cycle
    spent = trace.time - seam.at
    following = [_shortened(new.rows[first.row], spent) if rest else new.rows[first.row], *new.rows[first.row + 1 :]]
    for cycle, rows in _cycles(following):
        ends = trace.time + math.fsum(row[DURATION] for row in rows)
        pull = rows[0][PHASE] != REST
        if pull and ends > longest + _SLACK:
            break
        for row in rows:
            _lay(trace, row, cycle + shift)
    if all(row[PHASE] != HOLD for row in trace.rows[seam.row :]):
        rule = f"a prescription with a whole pull between {minutes(seam.at)} and the end, {minutes(longest)}"
        raise BadInput("change", f"{new.name}, {clock(new.total_time)}", rule)


def _shortened(row: Row, spent: float) -> Row:
    """A level rest without the time its joint took, so that equal cycles stay equal; too short a one stays whole."""
    if row[FROM] != row[TO] or row[DURATION] <= spent + JOINT_TIME:
        return row
    return (row[START], row[DURATION] - spent, *row[DURATION + 1 :])


def _place(new: Plan, seam: Seam) -> Seam:
    """The new plan's own boundary of the same kind that is nearest in time; a plan without rests joins at a pull."""
    found = [one for one in seams(new) if one.cycle > 0 or seam.cycle == 0]
    alike = [one for one in found if one.resting == seam.resting] or found
    if not alike:
        raise BadInput("change", f"{new.name}, a single pull", "a prescription of several pulls")
    return min(alike, key=lambda one: abs(one.at - seam.at))


def _cycles(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    """Rows in groups of one cycle, in order."""
    groups: list[tuple[int, list[Row]]] = []
    for row in rows:
        if not groups or groups[-1][0] != int(row[CYCLE]):
            groups.append((int(row[CYCLE]), []))
        groups[-1][1].append(row)
    return groups


def _join(trace: Trace, force: float, seam: Seam, rest: bool, rate: float) -> None:
    """A straight ramp to where the new plan begins; part of its rest, or of its rise, or a small fall of its own."""
    span = force - trace.force
    if span == 0.0:
        return
    last = trace.rows[-1][PHASE]
    phase, cycle = (REST, seam.cycle) if rest or last != REST else (FALL, seam.cycle)
    if span > 0.0 and not rest:
        phase, cycle = RISE, seam.cycle + 1
    trace.add(phase, cycle, [Piece(max(abs(span) / rate, JOINT_TIME), LINE, force)])


def _lay(trace: Trace, row: Row, cycle: int) -> None:
    """One row of the new plan, at the clock of this session."""
    start, end = trace.time, trace.time + row[DURATION]
    moved: Segment = (start, *row[DURATION:CYCLE], float(cycle), *row[CYCLE + 1 : PHASE_END], end)
    trace.rows.append(moved)
    trace.time, trace.force = end, row[TO]


def _plan(running: Plan, new: Plan, trace: Trace) -> Plan:
    """The whole, with its own sums; what is prepared or already pulled stays as it was."""
    rows = trace.finished()
    peak = max(highest(row) for row in rows)
    steep = max(steepest(row) for row in rows if row[PHASE] not in {FALL, PRETENSION})
    return replace(
        running,
        name=new.name,
        mode=new.mode,
        ceiling=min(running.ceiling, max(new.ceiling, peak + headroom(peak))),
        base=trace.force,
        peak=peak,
        rise_limit=max(min(running.rise_limit, new.rise_limit), steep),
        release_rate=new.release_rate,
        release_shape=new.release_shape,
        cycles=int(rows[-1][CYCLE]),
        total_time=trace.time,
        impulse=math.fsum(impulse(row) for row in rows),
        rows=rows,
    )
