"""Whatever a clinician may write, an accepted plan is gentle: continuous, bounded, and true to its own numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, force_at, parse_prescription, sample
from opentraction.prescription.segments import steepest
from opentraction.prescription.waveform import DURATION, PHASE, START
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import FALL, PRETENSION

HEAD = 'name = "any"\nregion = "lumbar"\nposition = "{position}"\ncouch = "{couch}"\n'


@st.composite
def ramps(draw: st.DrawFn) -> str:
    shape = draw(st.sampled_from(["linear", "logarithmic", "s-curve", "stepped"]))
    way = draw(st.sampled_from([f'time = "{draw(st.integers(20, 90))} s"', f'rate = "{draw(st.integers(2, 60))} N/s"']))
    extra = {
        "logarithmic": f"curvature = {draw(st.floats(0.1, 100.0)):.3f}",
        "stepped": f'steps = {draw(st.integers(2, 6))}\nstep_hold = "{draw(st.integers(0, 2))} s"',
    }
    return f'[rise]\nshape = "{shape}"\n{way}\n{extra.get(shape, "")}\n'


@st.composite
def changes(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["none", "staircase", "pyramid", "shrinking rest", "list"]))
    high, rest = draw(st.integers(15, 45)), draw(st.integers(5, 60))
    if kind == "none":
        return ""
    if kind == "list":
        return f'[[cycle]]\nhigh = "{high} %BW"\ntimes = 2\n[[cycle]]\nrest = "{rest} s"\nhold = "20 s"\n'
    return f'[change]\nkind = "{kind}"\nhigh = "{high} %BW"\nrest = "{rest} s"\n'


@st.composite
def prescriptions(draw: st.DrawFn) -> str:
    mode = draw(st.sampled_from(["static", "intermittent", "cyclic", "progressive", "regressive"]))
    parts = [HEAD.format(position=draw(st.sampled_from(["prone", "supine"])), couch="split")]
    parts.append(f'[session]\nmode = "{mode}"\nlength = "{draw(st.integers(5, 30))} min"\n')
    forces = f'[forces]\nhigh = "{draw(st.integers(20, 54))} %BW"\n'
    if mode in {"intermittent", "cyclic"}:
        forces += f'low = "{draw(st.integers(30, 90))} % high"\n'
    parts += [forces, draw(ramps()), f'[hold]\ntime = "{draw(st.integers(2, 90))} s"\n']
    if mode == "intermittent":
        parts += [f'[rest]\ntime = "{draw(st.integers(1, 60))} s"\n', draw(changes())]
    if mode in {"progressive", "regressive"}:
        parts.append(f"[steps]\ncount = {draw(st.integers(2, 5))}\nfall_to = '{draw(st.integers(30, 90))} %'\n")
    if draw(st.booleans()):
        parts.append(f'[oscillation]\namplitude = "{draw(st.integers(1, 9))} % high"\nfrequency = "0.2 Hz"\n')
    if draw(st.booleans()):
        parts.append(f'[second_hold]\nforce = "{draw(st.integers(91, 100))} % high"\ntime = "20 s"\n')
    shape = draw(st.sampled_from(["linear", "s-curve"]))
    if mode == "progressive":
        parts.append('[course]\nsessions = 4\nhigh_last = "54 %BW"\n')
    parts.append(f'[fall]\nshape = "{shape}"\ntime = "{draw(st.integers(8, 40))} s"\n')
    return "".join(parts)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    mass = draw(st.floats(50.0, 110.0))
    patient = Patient("any", Body(mass, 1.75, 40.0))
    try:
        return parse_prescription(draw(prescriptions())).resolve(patient)
    except BadInput:
        assume(False)
        raise


@given(plans())
def test_an_accepted_plan_is_gentle(plan: Plan) -> None:
    times, forces = sample(plan.segments, 10.0)
    step = times[1] - times[0]
    limit = max(plan.rise_limit, *(steepest(row) for row in plan.rows if row[PHASE] == FALL))
    assert np.abs(np.diff(forces)).max() <= limit * step + 1e-9
    assert np.diff(forces).max() <= plan.rise_limit * step + 1e-9
    assert forces.min() >= 0.0
    assert forces.max() <= plan.peak + 1e-9
    assert plan.peak + max(0.02 * plan.peak, 5.0) <= plan.ceiling
    treating = times >= next(row[START] + row[DURATION] for row in plan.rows if row[PHASE] == PRETENSION)
    assert forces[treating].min() >= plan.pretension - 1e-9


@given(plans())
def test_an_accepted_plan_is_true_to_its_numbers(plan: Plan) -> None:
    times, forces = sample(plan.segments, 10.0)
    assert plan.impulse == pytest.approx(float(np.trapezoid(forces, times)), rel=1e-3)
    for row in plan.rows[:: max(1, len(plan.rows) // 20)]:
        tau = row[START] + 0.31 * row[DURATION]
        ahead, behind = (force_at(plan.segments, tau + d, 0).force for d in (1e-4, -1e-4))
        assert force_at(plan.segments, tau, 0).rate == pytest.approx((ahead - behind) / 2e-4, abs=1e-3)
    assert Plan.from_canonical(plan.canonical()) == plan
    assert math.isfinite(plan.total_time)
