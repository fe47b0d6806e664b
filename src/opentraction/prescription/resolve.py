"""From a prescription and a patient to a plan in newtons: count the cycles, lay the trace, check every bound."""

from __future__ import annotations

import math

from opentraction.patient import Patient
from opentraction.prescription.check import check_headroom, check_release
from opentraction.prescription.course import high_for_session
from opentraction.prescription.cycles import Levels
from opentraction.prescription.fitting import Fitting
from opentraction.prescription.limits import ceiling_for, check_first_step, check_high, check_rates, check_time
from opentraction.prescription.plan import Plan
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.segments import highest, impulse
from opentraction.prescription.trace import Trace
from opentraction.quantities import BadInput


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
    check_high(recipe, recipe.high, high, ceiling)
    check_first_step(recipe, Levels(mass, high, 1.0))
    fitting = Fitting(recipe, Levels(mass, high, 1.0), ceiling)
    cycles = fitting.session()
    trace = fitting.trace(cycles)
    check_time(trace.time)
    check_rates(recipe, trace)
    peak = max(highest(row) for row in trace.rows)
    check_headroom(peak, ceiling, recipe.high.where, " with its oscillation")
    check_release(recipe.release_shape, trace.force, recipe.release_rate, "release.rate")
    return _plan(recipe, patient, ceiling, trace, len(cycles))


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
        release_shape=recipe.release_shape,
        cycles=cycles,
        total_time=trace.time,
        impulse=math.fsum(impulse(row) for row in rows),
        rows=rows,
    )
