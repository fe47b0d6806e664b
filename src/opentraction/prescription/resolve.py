"""From a prescription and a patient to a plan in newtons: count the cycles, lay the trace, check every bound."""

from __future__ import annotations

import math

from opentraction.patient import Patient
from opentraction.prescription.amount import Amount
from opentraction.prescription.check import both_units, check_headroom
from opentraction.prescription.course import high_for_session
from opentraction.prescription.cycles import Cycle, Levels, cycles_of
from opentraction.prescription.parts import MOST_CYCLES
from opentraction.prescription.plan import Plan
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.segments import highest, impulse, steepest
from opentraction.prescription.trace import Trace, lay
from opentraction.prescription.waveform import PHASE
from opentraction.quantities import BadInput, quantity
from opentraction.quantities.vocabulary import FALL, HOLD, RISE

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
    _check_first_step(recipe, Levels(mass, high, 1.0))
    frame = _Frame(recipe, Levels(mass, high, 1.0), ceiling)
    cycles = frame.session()
    trace = frame.trace(cycles)
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


def _check_first_step(recipe: Prescription, levels: Levels) -> None:
    """Steps climb to the high force, so the first is not above it."""
    if recipe.steps is not None and not recipe.steps.first.newtons(levels.mass, levels.high) <= levels.high:
        first = recipe.steps.first
        raise first.refuse(
            first.newtons(levels.mass, levels.high), f"at most the high force, {both_units(levels.high)}"
        )


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


class _Frame:
    """How long a session gets: cycles are checked against the bounds before anything is laid out in time."""

    def __init__(self, recipe: Prescription, levels: Levels, ceiling: float) -> None:
        self.recipe = recipe
        self.ceiling = ceiling
        self.levels = levels
        if recipe.hold is not None:
            self.levels = levels._replace(hold=recipe.hold)
        elif recipe.length is not None:
            self.levels = levels._replace(hold=self._filling_hold(recipe.length))

    def trace(self, cycles: list[Cycle]) -> Trace:
        """The cycles laid out, each checked first."""
        known: set[Cycle] = set()
        for number, cycle in enumerate(cycles, start=1):
            if cycle not in known:
                _check_cycle(self.recipe, cycle, number, self.levels.mass, self.ceiling)
                known.add(cycle)
        return lay(self.recipe, cycles, self.levels.mass)

    def session(self) -> list[Cycle]:
        """The cycles of the session: as many as written, or as many whole ones as fit."""
        recipe = self.recipe
        if recipe.cycles is not None or recipe.written or recipe.mode == "static":
            return self._fitting(cycles_of(recipe, self.levels, recipe.cycles or 1))
        least = recipe.steps.count if recipe.steps is not None else 1
        self._fitting(cycles_of(recipe, self.levels, least))
        return cycles_of(recipe, self.levels, self._most(least))

    def _filling_hold(self, length: float) -> float:
        """What is left of the session for one hold [s], in whole milliseconds."""
        rest = self.trace(cycles_of(self.recipe, self.levels, 1)).time - self.levels.hold
        left = math.floor((length - rest) * 1000.0) / 1000.0
        if left < 1.0:
            need = f"at least {clock(rest + 1.0)} for pretension, rise, hold and fall"
            raise BadInput("session.length", clock(length), need)
        return left

    def _longest(self) -> float:
        return self.recipe.length if self.recipe.length is not None else quantity("session_time").bounds.high

    def _fitting(self, cycles: list[Cycle]) -> list[Cycle]:
        need = self.trace(cycles).time
        if need > self._longest() + _SLACK:
            many = f"{len(cycles)} whole cycles" if len(cycles) > 1 else "1 whole cycle"
            raise BadInput(
                "session.length", clock(self._longest()), f"at least {clock(need)} for pretension and {many}"
            )
        return cycles

    def _most(self, least: int) -> int:
        """The most whole cycles that fit, by halving: a session with more cycles is longer."""
        low, high = least, MOST_CYCLES
        while low < high:
            middle = (low + high + 1) // 2
            need = self.trace(cycles_of(self.recipe, self.levels, middle)).time
            low, high = (middle, high) if need <= self._longest() + _SLACK else (low, middle - 1)
        return low


def clock(seconds: float) -> str:
    """Seconds as people say them: "25 min 30 s"."""
    whole = math.ceil(seconds - 1e-6)
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
