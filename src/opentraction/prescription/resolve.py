"""From a prescription and a patient to a plan in newtons: count the cycles, lay the trace, check every bound."""

from __future__ import annotations

import math

from opentraction.patient import Patient
from opentraction.prescription.amount import Amount
from opentraction.prescription.check import both_units, check_headroom
from opentraction.prescription.course import high_for_session
from opentraction.prescription.cycles import Cycle, Levels, cycles_of
from opentraction.prescription.plan import Plan
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.segments import highest, impulse, steepest
from opentraction.prescription.trace import Trace, lay
from opentraction.prescription.waveform import PHASE
from opentraction.quantities import BadInput, quantity
from opentraction.quantities.vocabulary import FALL, HOLD, RISE

_MOST_CYCLES = 1200
_SLACK = 1e-6  # rounding allowed where times are compared [s]


def resolve(recipe: Prescription, patient: Patient, session: int = 1) -> Plan:
    """The plan of one session for one patient. Raises BadInput, naming the prescription's file and field."""
    try:
        return _resolve(recipe, patient, session)
    except BadInput as refusal:
        raise refusal.within(recipe.file) from None


def _resolve(recipe: Prescription, patient: Patient, session: int) -> Plan:
    mass = patient.body.mass
    ceiling = ceiling_for(recipe.region, patient)
    high = high_for_session(recipe, mass, session)
    _check_high(recipe, recipe.high, high, ceiling)
    cycles = _session(recipe, Levels(mass, high, _hold(recipe, mass, high)))
    for number, cycle in enumerate(cycles, start=1):
        _check_cycle(recipe, cycle, number, mass, ceiling)
    trace = lay(recipe, cycles, mass)
    _check_rates(recipe, trace)
    return _plan(recipe, patient, ceiling, trace, len(cycles))


def ceiling_for(region: str, patient: Patient) -> float:
    """The ceiling of one pull [N]: the patient's, and for the neck never above the cervical bound."""
    neck = quantity("cervical_force").bounds.high
    return min(patient.ceiling, neck) if region == "cervical" else patient.ceiling


def _plan(recipe: Prescription, patient: Patient, ceiling: float, trace: Trace, cycles: int) -> Plan:
    rows = trace.finished()
    return Plan(
        name=recipe.name,
        region=recipe.region,
        position=recipe.position,
        posture=recipe.posture,
        couch=recipe.couch,
        mode=recipe.mode,
        angle=recipe.angle,
        mass=patient.body.mass,
        ceiling=ceiling,
        pretension=recipe.pretension.force,
        base=trace.force,
        peak=max(highest(row) for row in rows),
        rise_limit=recipe.rise_limit,
        release_rate=recipe.release_rate,
        cycles=cycles,
        total_time=trace.time,
        impulse=math.fsum(impulse(row) for row in rows),
        rows=rows,
    )


def _check_high(recipe: Prescription, amount: Amount, high: float, ceiling: float) -> None:
    quantity("cervical_force" if recipe.region == "cervical" else "force").check(high, amount.where, amount.text)
    if high <= recipe.pretension.force:
        raise amount.refuse(high, f"a force above the pretension of {both_units(recipe.pretension.force)}")
    check_headroom(high, ceiling, amount.where)


def _check_cycle(recipe: Prescription, cycle: Cycle, number: int, mass: float, ceiling: float) -> None:
    base = recipe.pretension.force
    if not base - 1e-9 <= cycle.low < cycle.high:
        span = f"from the pretension, {both_units(base)}, to below the high force, {both_units(cycle.high)}"
        raise BadInput("forces.low", f"{both_units(cycle.low)} in cycle {number}", f"a low force {span}")
    _check_high(recipe, recipe.high, cycle.high, ceiling)
    if recipe.second_hold is not None:
        amount = recipe.second_hold.force
        level = amount.newtons(mass, cycle.high)
        if level <= cycle.low:
            raise amount.refuse(level, f"a force above the low force, {both_units(cycle.low)}")
        _check_high(recipe, amount, level, ceiling)


def _check_rates(recipe: Prescription, trace: Trace) -> None:
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


def _hold(recipe: Prescription, mass: float, high: float) -> float:
    """Hold time [s]: as written, else (static) what is left of the session, in whole milliseconds."""
    if recipe.hold is not None:
        return recipe.hold
    length = recipe.length or 0.0
    rest = lay(recipe, cycles_of(recipe, Levels(mass, high, 1.0), 1), mass).time - 1.0
    left = math.floor((length - rest) * 1000.0) / 1000.0
    if left < 1.0:
        need = f"at least {clock(rest + 1.0)} for pretension, rise, hold and fall"
        raise BadInput("session.length", clock(length), need)
    return left


def _session(recipe: Prescription, levels: Levels) -> list[Cycle]:
    """The cycles of the session, counted as written or as many whole ones as fit."""
    if recipe.written:
        return _fits(recipe, levels, cycles_of(recipe, levels, 1))
    if recipe.cycles is not None:
        return _fits(recipe, levels, cycles_of(recipe, levels, recipe.cycles))
    least = recipe.steps.count if recipe.steps is not None else 1
    first = _fits(recipe, levels, cycles_of(recipe, levels, least))
    return first if recipe.mode == "static" else cycles_of(recipe, levels, _most(recipe, levels, least))


def _fits(recipe: Prescription, levels: Levels, cycles: list[Cycle]) -> list[Cycle]:
    longest = recipe.length if recipe.length is not None else quantity("session_time").bounds.high
    need = lay(recipe, cycles, levels.mass).time
    if need > longest + _SLACK:
        said = f"at least {clock(need)} for pretension and {len(cycles)} whole cycle{'s' if len(cycles) > 1 else ''}"
        raise BadInput("session.length", clock(longest), said)
    return cycles


def _most(recipe: Prescription, levels: Levels, least: int) -> int:
    """The most whole cycles that fit, by halving: a session with more cycles is longer."""
    low, high = least, _MOST_CYCLES
    while low < high:
        middle = (low + high + 1) // 2
        need = lay(recipe, cycles_of(recipe, levels, middle), levels.mass).time
        low, high = (middle, high) if need <= (recipe.length or 0.0) + _SLACK else (low, middle - 1)
    return low


def clock(seconds: float) -> str:
    """Seconds as people say them: "25 min 30 s"."""
    whole = math.ceil(seconds - 1e-6)
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
