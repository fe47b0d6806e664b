"""Cycles become segments: a trace lays pieces end to end, so that nothing in it can jump."""

from __future__ import annotations

from collections.abc import Iterable

from opentraction.prescription.cycles import Cycle
from opentraction.prescription.ramps import Piece, ramp
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.waveform import CYCLE, LINE, PHASE, PHASE_END
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST, RISE

Segment = tuple[float, ...]
Swing = tuple[float, float, float]
STILL: Swing = (0.0, 0.0, 0.0)


class Trace:
    """Segments laid end to end; each starts in time and force where the one before it ended."""

    def __init__(self) -> None:
        self.rows: list[Segment] = []
        self.time = 0.0
        self.force = 0.0

    def add(self, phase: int, cycle: int, pieces: Iterable[Piece], swing: Swing = STILL) -> None:
        """Lay pieces of one phase; `swing` is amplitude [N], frequency [Hz] and fade [s] of an oscillation."""
        for piece in pieces:
            start, end = self.time, self.time + piece.duration
            shape = (float(piece.shape), self.force, piece.to, piece.curve)
            self.rows.append((start, piece.duration, float(phase), *shape, float(cycle), *swing, end))
            self.time, self.force = end, piece.to

    def finished(self) -> tuple[Segment, ...]:
        """The rows, each with the time at which its phase ends."""
        rows: list[Segment] = []
        for row in reversed(self.rows):
            after = rows[-1] if rows else None
            same = after is not None and (after[PHASE], after[CYCLE]) == (row[PHASE], row[CYCLE])
            rows.append((*row[:PHASE_END], after[PHASE_END]) if after is not None and same else row)
        return tuple(reversed(rows))


def lay(recipe: Prescription, cycles: list[Cycle], mass: float) -> Trace:
    """The whole session as a trace. Raises BadInput."""
    trace = Trace()
    slack = recipe.pretension
    pieces = [Piece(slack.force / slack.rate, LINE, slack.force)]
    if slack.hold > 0.0:
        pieces.append(Piece(slack.hold, LINE, slack.force))
    trace.add(PRETENSION, 0, pieces)
    for number, cycle in enumerate(cycles, start=1):
        _pull(trace, recipe, cycle, number, mass)
    return trace


def _pull(trace: Trace, recipe: Prescription, cycle: Cycle, number: int, mass: float) -> None:
    trace.add(RISE, number, ramp(recipe.rise, trace.force, cycle.high))
    _plateau(trace, recipe, cycle.hold, number, mass)
    second = recipe.second_hold
    if second is not None:
        level = second.force.newtons(mass, cycle.high)
        if level != trace.force:
            trace.add(HOLD, number, [Piece(second.move, LINE, level)])
        _plateau(trace, recipe, second.time, number, mass)
    trace.add(FALL, number, ramp(recipe.fall, trace.force, cycle.low))
    if cycle.rest > 0.0:
        trace.add(REST, number, [Piece(cycle.rest, LINE, cycle.low)])


def _plateau(trace: Trace, recipe: Prescription, time: float, number: int, mass: float) -> None:
    swing = STILL
    wave = recipe.oscillation
    if wave is not None:
        amplitude = wave.amplitude.newtons(mass, trace.force)
        if not 0.0 <= amplitude <= 0.10 * trace.force + 1e-6:
            raise wave.amplitude.refuse(
                amplitude, f"at most 10 % of the hold it rides on, {0.10 * trace.force:.0f} N here"
            )
        if amplitude > 0.0:
            swing = (amplitude, wave.frequency, min(wave.fade, 0.5 * time))
    trace.add(HOLD, number, [Piece(time, LINE, trace.force)], swing)
