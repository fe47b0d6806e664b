"""The bounds of a prescription, field by field, so that a refusal names what was written. All raise BadInput."""

from __future__ import annotations

import math

from opentraction.patient import Patient
from opentraction.prescription.amount import Amount
from opentraction.prescription.check import check_headroom
from opentraction.prescription.cycles import Cycle, Levels
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.segments import steepest
from opentraction.prescription.trace import Trace
from opentraction.prescription.waveform import PHASE
from opentraction.prescription.words import both_units, clock
from opentraction.quantities import BadInput, Quantity, Verdict, quantity
from opentraction.quantities.vocabulary import FALL, HOLD, RISE


def ceiling_for(region: str, patient: Patient) -> float:
    """The ceiling of one pull [N]: the patient's, and for the neck never above the cervical bound."""
    neck = quantity("cervical_force").bounds.high
    return min(patient.ceiling, neck) if region == "cervical" else patient.ceiling


def check_high(recipe: Prescription, amount: Amount, high: float, ceiling: float, cycle: str = "") -> None:
    """One plateau is inside the bounds, above the pretension and below the ceiling with its headroom."""
    what = quantity("cervical_force" if recipe.region == "cervical" else "force")
    if what.bounds.judge(high) is Verdict.REFUSED:
        raise amount.refuse(high, _allowed_high(what, ceiling))
    if high <= recipe.pretension.force:
        raise amount.refuse(high, f"a force above the pretension of {both_units(recipe.pretension.force)}")
    check_headroom(high, ceiling, amount.where, cycle)


def _allowed_high(what: Quantity, ceiling: float) -> str:
    """The range of a high force for this patient: the quantity's own only where the ceiling leaves it that wide."""
    if ceiling >= what.bounds.high:
        return what.allowed()
    return f"{what.name} from {what.bounds.low:.0f} N to below the patient's ceiling of {both_units(ceiling)}"


def check_first_step(recipe: Prescription, levels: Levels) -> None:
    """Steps climb to the high force, so the first is not above it."""
    if recipe.steps is not None and not recipe.steps.first.newtons(levels.mass, levels.high) <= levels.high:
        first = recipe.steps.first
        raise first.refuse(
            first.newtons(levels.mass, levels.high), f"at most the high force, {both_units(levels.high)}"
        )


def check_cycle(recipe: Prescription, cycle: Cycle, number: int, mass: float, ceiling: float) -> None:
    """Low, high and second plateau of one cycle stand in their order and inside the bounds."""
    base = recipe.pretension.force
    if not base - 1e-9 <= cycle.low < cycle.high:
        span = f"from the pretension, {both_units(base)}, to below the high force, {both_units(cycle.high)}"
        raise BadInput("forces.low", f"{both_units(cycle.low)} in cycle {number}", f"a low force {span}")
    check_high(recipe, recipe.high, cycle.high, ceiling, f" in cycle {number}")
    if recipe.second_hold is not None:
        amount = recipe.second_hold.force
        level = amount.newtons(mass, cycle.high)
        if level <= cycle.low:
            raise amount.refuse(level, f"a force above the low force, {both_units(cycle.low)}")
        check_high(recipe, amount, level, ceiling, f" in cycle {number}")


def check_climb(before: Cycle, cycle: Cycle) -> None:
    """A pull never starts from above its own high force."""
    if before.low > cycle.high:
        allowed = f"a low force of at most the next pull's high force, {both_units(cycle.high)}"
        raise BadInput("forces.low", both_units(before.low), allowed)


def check_time(seconds: float) -> None:
    """The whole session is neither a moment nor an afternoon; `seconds` is its length as laid out."""
    what = quantity("session_time")
    what.check(seconds, "session", f"{clock(seconds)} in all")


def check_rates(recipe: Prescription, trace: Trace) -> None:
    """Name the ramp that is too steep, before the plan's own check would name a segment."""
    fall = quantity("force_rate").bounds.high
    limits = {RISE: ("rise", recipe.rise_limit), HOLD: ("hold", recipe.rise_limit), FALL: ("fall", fall)}
    for row in trace.rows:
        where, limit = limits.get(int(row[PHASE]), ("pretension", math.inf))
        rate = steepest(row)
        if rate > limit * (1.0 + 1e-6):
            raise BadInput(
                where, f"{rate:.0f} N/s", f"a force that changes by at most {limit:.0f} N/s; give it more time"
            )
