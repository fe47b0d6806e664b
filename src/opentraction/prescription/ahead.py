"""What a plan still asks for from a second of its treatment on."""

from __future__ import annotations

from opentraction.prescription.plan import Plan
from opentraction.prescription.segments import Row, highest
from opentraction.prescription.waveform import AMPLITUDE, CYCLE, DURATION, PHASE, START, TO
from opentraction.quantities.vocabulary import HOLD, RISE


def pull_ahead(plan: Plan, tau: float) -> float:
    """Highest force [N] of the pull under way at treatment time `tau` [s], or, between two, of the one that comes.

    A pull that already falls has had its highest force. After the last one, the force the plan ends at.
    """
    rising = [row for row in plan.rows if row[PHASE] in {RISE, HOLD} and row[START] + row[DURATION] > tau]
    if not rising:
        return plan.base
    cycle = rising[0][CYCLE]
    return max(_ahead(row, tau) for row in rising if row[CYCLE] == cycle)


def _ahead(row: Row, tau: float) -> float:
    """Of a row under way, where it goes: a move down to a second level has left the first."""
    return row[TO] + row[AMPLITUDE] if row[START] <= tau else highest(row)
