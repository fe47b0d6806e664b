"""The waveform kernel: continuous, inside its bounds, true to its own derivative and integral, equal when compiled."""

from __future__ import annotations

import itertools
import math
import random

import numba
import numpy as np
import pytest
from numba.extending import register_jitable
from scipy.integrate import quad

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, force_at, parse_prescription, protocols, read_prescription, sample
from opentraction.prescription.segments import highest, impulse, steepest
from opentraction.prescription.waveform import CYCLE, DURATION, FROM, LOG, PHASE, PHASE_END, SCURVE, SHAPE, START, TO
from opentraction.quantities.vocabulary import END_RELEASE, FALL, HOLD, PHASE_NAMES, PRETENSION, REST, RISE

PATIENT = Patient("017", Body(70.0, 1.76, 54.0))
PLANS = {name: read_prescription(path).resolve(PATIENT) for name, path in protocols().items()}
register_jitable(force_at)


@numba.njit
def compiled(segments, tau, hint):
    """The kernel as the twin calls it: from inside other compiled code."""
    return force_at(segments, tau, hint)


TREATING = {PRETENSION, RISE, HOLD, FALL, REST}


@pytest.fixture(params=sorted(PLANS))
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]


def test_compiled_and_plain_agree_to_the_last_bit(plan: Plan) -> None:
    chance = random.Random(7)
    taus = [chance.uniform(-5.0, plan.total_time + 5.0) for _ in range(3000)]
    taus += [float(edge) for edge in plan.segments[:, START]] + [0.0, -0.0, plan.total_time]
    for tau in taus:
        hint = chance.randrange(-2, len(plan.rows) + 2)
        assert tuple(force_at(plan.segments, tau, hint)) == tuple(compiled(plan.segments, tau, hint))


def test_types_never_change(plan: Plan) -> None:
    for tau in (-1.0, 0.0, 7.0, 100.0, plan.total_time, plan.total_time + 100.0):
        kinds = [type(value) for value in force_at(plan.segments, tau, 0)]
        assert kinds == [float, float, int, int, float, int]


def test_the_hint_never_changes_the_answer(plan: Plan) -> None:
    last = len(plan.rows) - 1
    for tau in np.linspace(-1.0, plan.total_time + 1.0, 400):
        answers = {force_at(plan.segments, float(tau), hint) for hint in (-3, 0, last // 2, last, last + 9)}
        assert len(answers) == 1


def test_force_is_continuous_and_bounded(plan: Plan) -> None:
    """At 200 Hz no tick changes the force by more than the steepest rate allows, nor leaves [0, peak]."""
    times, forces = sample(plan.segments, 200.0)
    allowed = max(steepest(row) for row in plan.rows) * (times[1] - times[0])
    assert np.abs(np.diff(forces)).max() <= allowed + 1e-9
    assert forces.min() >= 0.0
    assert forces.max() <= plan.peak + 1e-9
    assert plan.peak + max(0.02 * plan.peak, 5.0) <= plan.ceiling


def test_force_meets_itself_at_every_joint(plan: Plan) -> None:
    for row in plan.rows[1:]:
        before = force_at(plan.segments, math.nextafter(row[START], 0.0), 0).force
        assert before == pytest.approx(force_at(plan.segments, row[START], 0).force, abs=1e-7)


def test_rate_is_the_derivative(plan: Plan) -> None:
    """Central difference inside each segment, second order in the step."""
    step = 1e-4
    for row in plan.rows:
        for share in (0.13, 0.37, 0.5, 0.71, 0.94):
            tau = row[START] + share * row[DURATION]
            ahead, behind = (force_at(plan.segments, tau + d, 0).force for d in (step, -step))
            assert force_at(plan.segments, tau, 0).rate == pytest.approx((ahead - behind) / (2 * step), abs=2e-5)


def test_impulse_is_the_integral(plan: Plan) -> None:
    total = 0.0
    for row in plan.rows:
        end = row[START] + row[DURATION]
        part, _ = quad(lambda t: force_at(plan.segments, t, 0).force, row[START], math.nextafter(end, 0.0), limit=400)
        assert impulse(row) == pytest.approx(part, rel=1e-7)
        total += part
    assert plan.impulse == pytest.approx(total, rel=1e-7)


def test_steepest_and_highest_bound_every_segment(plan: Plan) -> None:
    for row in plan.rows:
        now = [force_at(plan.segments, row[START] + s * row[DURATION], 0) for s in np.linspace(0.0, 0.9999, 60)]
        assert max(abs(point.rate) for point in now) <= steepest(row) + 1e-9
        assert max(point.force for point in now) <= highest(row) + 1e-9


def test_time_left_runs_to_the_next_phase(plan: Plan) -> None:
    for row in plan.rows:
        point = force_at(plan.segments, row[START], 0)
        assert point.phase in TREATING
        assert point.phase_left == row[PHASE_END] - row[START]
        after = force_at(plan.segments, row[PHASE_END], 0)
        assert (after.phase, after.cycle) != (point.phase, point.cycle)


def test_phases_follow_their_order(plan: Plan) -> None:
    order = [(int(row[CYCLE]), PHASE_NAMES[int(row[PHASE])]) for row in plan.rows]
    seen = [key for key, _ in itertools.groupby(order)]
    assert seen[0] == (0, "pretension")
    for number in range(1, plan.cycles + 1):
        phases = [name for cycle, name in seen if cycle == number]
        assert [name for name in ("rise", "hold", "fall", "rest") if name in phases] == phases
        assert {"hold", "fall"} <= set(phases)  # a step that starts at its own force needs no rise


def test_before_and_after() -> None:
    plan = PLANS["vax-d-1997"]
    before = force_at(plan.segments, -1e-9, 5)
    assert (before.force, before.rate, before.phase, before.cycle) == (0.0, 0.0, PRETENSION, 0)
    after = force_at(plan.segments, plan.total_time, 0)
    assert (after.force, after.rate, after.phase, after.phase_left) == (plan.base, 0.0, END_RELEASE, 0.0)
    assert after.cycle == plan.cycles


def test_a_time_that_is_no_number_gives_no_force() -> None:
    assert math.isnan(force_at(PLANS["drx-case"].segments, math.nan, 0).force)


LOGARITHM = """
name = "log"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "static"
length = "10 min"
[forces]
high = "325 N"
[rise]
shape = "logarithmic"
time = "30 s"
curvature = {curvature}
[fall]
shape = "s-curve"
time = "20 s"
"""


def _ramp(curvature: float) -> list[tuple[float, ...]]:
    rows = parse_prescription(LOGARITHM.format(curvature=curvature)).resolve(PATIENT).rows
    return [row for row in rows if row[PHASE] == RISE]


def test_the_logarithm_is_the_formula() -> None:
    """Half of the way is quick and straight, then F1 + (Fmax - F1) ln(1 + 9 s) / ln(10); the slope falls 10 to 1."""
    quick, slow = _ramp(9.0)
    assert (quick[FROM], quick[TO], slow[TO]) == (25.0, 175.0, 325.0)
    assert slow[SHAPE] == LOG
    segments = np.array([quick, slow])
    for share in (0.0, 0.1, 0.5, 0.9):
        tau = slow[START] + share * slow[DURATION]
        expected = 175.0 + 150.0 * math.log(1.0 + 9.0 * share) / math.log(10.0)
        assert force_at(segments, tau, 0).force == pytest.approx(expected, rel=1e-12)
    first = force_at(segments, slow[START], 1).rate
    last = force_at(segments, math.nextafter(slow[START] + slow[DURATION], 0.0), 1).rate
    assert first / last == pytest.approx(10.0, rel=1e-9)
    assert first == pytest.approx(150.0 / quick[DURATION], rel=1e-12)


def test_a_small_curvature_is_a_straight_line() -> None:
    quick, slow = _ramp(0.1)
    assert quick[DURATION] == pytest.approx(15.0, rel=0.03)
    middle = force_at(np.array([quick, slow]), slow[START] + 0.5 * slow[DURATION], 0).force
    assert middle == pytest.approx(250.0, rel=0.01)


def test_the_s_curve_starts_and_ends_without_a_corner() -> None:
    plan = parse_prescription(LOGARITHM.format(curvature=9)).resolve(PATIENT)
    fall = next(row for row in plan.rows if row[SHAPE] == SCURVE)
    middle = fall[START] + 0.5 * fall[DURATION]
    assert force_at(plan.segments, fall[START], 0).rate == 0.0
    assert force_at(plan.segments, middle, 0).force == pytest.approx(175.0)
    assert force_at(plan.segments, middle, 0).rate == pytest.approx(-1.5 * 300.0 / 20.0)


def test_the_oscillation_fades_in_and_out() -> None:
    plan = PLANS["idd-oscillation"]
    hold = next(row for row in plan.rows if row[PHASE] == HOLD)
    times = np.linspace(hold[START], hold[START] + hold[DURATION], 4000)
    swing = np.array([force_at(plan.segments, float(t), 0).force for t in times[:-1]]) - hold[FROM]
    amplitude = 0.04 * hold[FROM]
    assert np.abs(swing[:80]).max() < 0.3 * amplitude
    assert np.abs(swing[-80:]).max() < 0.3 * amplitude
    assert np.abs(swing[1000:3000]).max() == pytest.approx(amplitude, rel=1e-3)


def test_sample_is_the_kernel() -> None:
    plan = PLANS["two-level-split"]
    times, forces = sample(plan.segments, 7.0)
    assert (times[0], times[-1]) == (0.0, plan.total_time)
    assert forces.tolist() == [force_at(plan.segments, float(t), 0).force for t in times]
