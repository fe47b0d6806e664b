"""Each mode and shape, checked against cycles worked out by hand. 70 kg: BW = 686.4655 N."""

from __future__ import annotations

import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, parse_prescription
from opentraction.prescription.waveform import CYCLE, DURATION, FROM, PHASE, TO
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import HOLD, PRETENSION, REST, RISE

BW = 70.0 * 9.80665
POUND = 0.45359237 * 9.80665
PATIENT = Patient("017", Body(70.0, 1.76, 54.0), ceiling=400.0)

BASE = """
name = "test"
region = "lumbar"
position = "supine"
couch = "split"
[rise]
shape = "linear"
time = "10 s"
[fall]
shape = "linear"
time = "5 s"
"""


def plan_of(text: str, patient: Patient = PATIENT, session: int = 1, base: str = BASE) -> Plan:
    return parse_prescription(base + text, "p.toml").resolve(patient, session)


def tops(plan: Plan) -> list[float]:
    """First plateau of each cycle [N]."""
    return [next(r[FROM] for r in plan.rows if r[CYCLE] == k and r[PHASE] == HOLD) for k in range(1, plan.cycles + 1)]


def ends(plan: Plan) -> list[float]:
    """Force each cycle ends at [N]."""
    return [[r[TO] for r in plan.rows if r[CYCLE] == k][-1] for k in range(1, plan.cycles + 1)]


def lengths(plan: Plan, phase: int) -> list[float]:
    """Length of a phase in each cycle that has it [s]."""
    return [
        sum(r[DURATION] for r in plan.rows if r[CYCLE] == k and r[PHASE] == phase) for k in range(1, plan.cycles + 1)
    ]


def test_static_fills_the_session_with_one_hold() -> None:
    plan = plan_of('[session]\nmode = "static"\nlength = "10 min"\n[forces]\nhigh = "300 N"')
    assert (plan.cycles, plan.base, plan.peak) == (1, 25.0, 300.0)
    assert plan.total_time == pytest.approx(600.0, abs=2e-3)
    assert lengths(plan, HOLD)[0] == pytest.approx(600.0 - 15.0 - 10.0 - 5.0, abs=2e-3)


def test_pretension_takes_up_the_slack_gently() -> None:
    text = '[session]\nmode = "static"\nlength = "5 min"\n[forces]\nhigh = "300 N"\n'
    plan = plan_of(text + '[pretension]\nforce = "40 N"\nrate = "8 N/s"\nhold = "12 s"')
    first = [row for row in plan.rows if row[PHASE] == PRETENSION]
    assert [(row[DURATION], row[FROM], row[TO]) for row in first] == [(5.0, 0.0, 40.0), (12.0, 40.0, 40.0)]
    assert plan.pretension == 40.0


CYCLE_TEXT = '[session]\nmode = "intermittent"\n{count}\n[forces]\nhigh = "300 N"\nlow = "50 % high"\n'
TIMES = '[hold]\ntime = "60 s"\n[rest]\ntime = "25 s"\n'


def test_whole_cycles_fill_the_session() -> None:
    """15 s of pretension and cycles of 10 + 60 + 5 + 25 = 100 s: five of them in 10 min, never a part of one."""
    plan = plan_of(CYCLE_TEXT.format(count='length = "10 min"') + TIMES)
    assert plan.cycles == 5
    assert plan.total_time == pytest.approx(515.0)
    assert (set(tops(plan)), set(ends(plan))) == ({300.0}, {150.0})
    assert plan_of(CYCLE_TEXT.format(count='length = "615 s"') + TIMES).cycles == 6
    assert plan_of(CYCLE_TEXT.format(count='length = "614.9 s"') + TIMES).cycles == 5


def test_counted_cycles_are_counted() -> None:
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 3") + TIMES)
    assert (plan.cycles, plan.total_time) == (3, pytest.approx(315.0))


def test_the_impulse_is_the_area() -> None:
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 2") + TIMES)
    by_hand = 5 * 12.5 + 10 * 25 + 10 * 162.5 + 60 * 300 + 5 * 225 + 25 * 150 + 10 * 225 + 60 * 300 + 5 * 225 + 25 * 150
    assert plan.impulse == pytest.approx(by_hand)


def test_cyclic_traction_never_rests() -> None:
    text = '[session]\nmode = "cyclic"\ncycles = 4\n[forces]\nhigh = "40 %BW"\nlow = "20 %BW"\n[hold]\ntime = "10 s"\n'
    plan = plan_of(text)
    assert lengths(plan, REST) == [0.0] * 4
    assert ends(plan) == [pytest.approx(0.2 * BW)] * 4


STEPS = '[session]\nmode = "{mode}"\ncycles = 6\n[forces]\nhigh = "300 N"\n[steps]\ncount = 4\n'


def test_progressive_steps_fall_to_half_of_themselves() -> None:
    plan = plan_of(STEPS.format(mode="progressive") + TIMES)
    assert tops(plan) == pytest.approx([75.0, 150.0, 225.0, 300.0, 300.0, 300.0], abs=1e-3)
    assert ends(plan) == pytest.approx([37.5, 75.0, 112.5, 150.0, 150.0, 150.0], abs=1e-3)


def test_regressive_steps_come_last() -> None:
    plan = plan_of(STEPS.format(mode="regressive") + TIMES)
    assert tops(plan) == pytest.approx([300.0, 300.0, 300.0, 225.0, 150.0, 75.0], abs=1e-3)
    assert ends(plan)[-1] == pytest.approx(37.5, abs=1e-3)


def test_a_step_never_rests_above_the_next() -> None:
    plan = plan_of(STEPS.format(mode="regressive") + 'fall_to = "90 %"\n' + TIMES)
    assert all(low <= high for low, high in zip(ends(plan), tops(plan)[1:], strict=False))
    rises = [row for row in plan.rows if row[PHASE] == RISE]
    assert all(row[TO] >= row[FROM] for row in rises)


def test_a_two_level_hold_has_two_plateaus() -> None:
    second = '[second_hold]\nforce = "80 % high"\ntime = "30 s"\nmove = "4 s"\n'
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 1") + TIMES + second)
    hold = [(row[DURATION], row[FROM], row[TO]) for row in plan.rows if row[PHASE] == HOLD]
    assert hold == [(60.0, 300.0, 300.0), (4.0, 300.0, 240.0), (30.0, 240.0, 240.0)]


def test_a_stepped_ramp_holds_each_step() -> None:
    base = BASE.replace(
        'shape = "linear"\ntime = "10 s"', 'shape = "stepped"\nsteps = 3\nstep_hold = "5 s"\ntime = "16 s"'
    )
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 1") + TIMES, base=base)
    rise = [(row[DURATION], round(row[TO], 6)) for row in plan.rows if row[PHASE] == RISE]
    assert rise == [(2.0, 116.666667), (5.0, 116.666667), (2.0, 208.333333), (5.0, 208.333333), (2.0, 300.0)]


def test_a_rate_is_the_steepest_of_the_ramp() -> None:
    base = BASE.replace('shape = "linear"\ntime = "10 s"', 'shape = "s-curve"\nrate = "15 N/s"')
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 1") + TIMES, base=base)
    assert lengths(plan, RISE) == [pytest.approx(1.5 * 275.0 / 15.0)]


def test_a_staircase_climbs_to_the_prescribed_force() -> None:
    change = '[change]\nkind = "staircase"\nhigh = "200 N"\nhold = "20 s"\n'
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 5") + TIMES + change)
    assert tops(plan) == pytest.approx([200.0, 225.0, 250.0, 275.0, 300.0])
    assert lengths(plan, HOLD) == pytest.approx([20.0, 30.0, 40.0, 50.0, 60.0])
    assert ends(plan) == pytest.approx([100.0, 112.5, 125.0, 137.5, 150.0])


def test_a_pyramid_climbs_and_comes_back() -> None:
    change = '[change]\nkind = "pyramid"\nhigh = "200 N"\n'
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 5") + TIMES + change)
    assert tops(plan) == pytest.approx([200.0, 250.0, 300.0, 250.0, 200.0])


def test_rests_shrink() -> None:
    change = '[change]\nkind = "shrinking rest"\nrest = "65 s"\n'
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 5") + TIMES + change)
    assert lengths(plan, REST) == pytest.approx([65.0, 55.0, 45.0, 35.0, 25.0])


def test_cycles_written_by_hand() -> None:
    cycles = '[[cycle]]\nhigh = "200 N"\ntimes = 2\n[[cycle]]\nhold = "30 s"\nrest = "10 s"\nlow = "40 N"\n'
    plan = plan_of(CYCLE_TEXT.format(count="") + TIMES + cycles)
    assert tops(plan) == [200.0, 200.0, 300.0]
    assert ends(plan) == [100.0, 100.0, 40.0]
    assert lengths(plan, HOLD) == [60.0, 60.0, 30.0]


COURSE = '[course]\nsessions = 5\nhigh_last = "340 N"\n'


@pytest.mark.parametrize(("session", "high"), [(1, 300.0), (2, 310.0), (5, 340.0)])
def test_a_course_grows_by_session(session: int, high: float) -> None:
    plan = plan_of(CYCLE_TEXT.format(count="cycles = 1") + TIMES + COURSE, session=session)
    assert (plan.peak, plan.base) == pytest.approx((high, high / 2))


@pytest.mark.parametrize(("session", "high"), [(1, 300.0), (2, 300.0), (3, 315.0), (5, 330.0)])
def test_a_course_grows_in_whole_steps(session: int, high: float) -> None:
    text = CYCLE_TEXT.format(count="cycles = 1") + TIMES + COURSE + 'step = "15 N"\n'
    assert plan_of(text, session=session).peak == pytest.approx(high)


@pytest.mark.parametrize(("force", "fits"), [(392.0, True), (392.2, False)])
def test_headroom_is_two_percent(force: float, fits: bool) -> None:
    """Ceiling 400 N: 392.0 N needs 7.84 N of room, 392.2 N needs 7.844 N."""
    text = f'[session]\nmode = "static"\nlength = "5 min"\n[forces]\nhigh = "{force} N"'
    if fits:
        assert plan_of(text).peak == force
    else:
        with pytest.raises(BadInput, match=r"p\.toml: forces\.high = '392 N \(88\.2 lb\)'.*400 N \(89\.9 lb\)"):
            plan_of(text)


@pytest.mark.parametrize(("force", "fits"), [(195.0, True), (195.1, False)])
def test_headroom_is_at_least_five_newtons(force: float, fits: bool) -> None:
    light = Patient("018", PATIENT.body, ceiling=200.0)
    text = f'[session]\nmode = "static"\nlength = "5 min"\n[forces]\nhigh = "{force} N"'
    if fits:
        assert plan_of(text, light).peak == force
    else:
        with pytest.raises(BadInput, match="headroom of 5 N"):
            plan_of(text, light)


def test_oscillation_counts_against_the_ceiling() -> None:
    text = CYCLE_TEXT.replace("300", "380").format(count="cycles = 1") + TIMES
    assert plan_of(text).peak == 380.0
    with pytest.raises(BadInput, match=r"p\.toml: forces\.high = .* with its oscillation.*ceiling of 400 N"):
        plan_of(text + '[oscillation]\namplitude = "20 N"\nfrequency = "0.2 Hz"\n')


def test_the_neck_has_its_own_ceiling() -> None:
    base = BASE.replace("lumbar", "cervical")
    text = '[session]\nmode = "static"\nlength = "5 min"\n[forces]\nhigh = "100 N"'
    assert plan_of(text, base=base).ceiling == 200.0
    with pytest.raises(BadInput, match="200 N"):
        plan_of(text.replace("100 N", "198 N"), base=base)
    with pytest.raises(BadInput, match="cervical force from 0 N to 200 N"):
        plan_of(text.replace("100 N", "75 lb"), base=base)


def test_rise_above_sixty_must_be_asked_for() -> None:
    base = BASE.replace('time = "10 s"\n[fall]', 'rate = "80 N/s"\n[fall]')
    text = '[session]\nmode = "static"\nlength = "5 min"\n[forces]\nhigh = "300 N"'
    with pytest.raises(BadInput, match=r"rise = '80 N/s'.*at most 60 N/s"):
        plan_of(text, base=base)
    assert plan_of(text, base=base.replace("[fall]", 'limit = "90 N/s"\n[fall]')).rise_limit == 90.0
