"""A changed treatment: the running plan to its next pull/rest boundary, the new one from there, one gentle plan."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, force_at, parse_prescription, protocols, read_prescription
from opentraction.prescription.change import JOINT_RATE, MARGIN, Change, change_at_boundary, next_seam, seams
from opentraction.prescription.segments import highest
from opentraction.prescription.waveform import CYCLE, DURATION, FROM, PHASE, START, TO, sample
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST, RISE

PATIENT = Patient("017", Body(70.0, 1.76, 54.0), ceiling=400.0)
TEXT = """
name = "{name}"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "{mode}"
length = "{length} s"
[pretension]
rate = "10 N/s"
hold = "3 s"
[forces]
high = "{high} N"
low = "{low} N"
[rise]
shape = "{shape}"
time = "{rise} s"
[hold]
time = "{hold} s"
[fall]
time = "{fall} s"
[rest]
time = "{rest} s"
[release]
shape = "{release}"
"""
USUAL = {
    "name": "any",
    "mode": "intermittent",
    "length": 600,
    "high": 200,
    "low": 100,
    "shape": "linear",
    "rise": 5,
    "hold": 20,
    "fall": 5,
    "rest": 10,
    "release": "linear",
}


def plan_of(**words: object) -> Plan:
    """A plan as `USUAL`, but for what is said."""
    text = TEXT.format(**{**USUAL, **words})
    if words.get("mode") == "cyclic":
        text = text.replace('[rest]\ntime = "10 s"', "")
    return parse_prescription(text).resolve(PATIENT)


RUNNING = plan_of(name="running")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    low = draw(st.integers(25, 140))
    return plan_of(
        mode=draw(st.sampled_from(["intermittent", "cyclic"])),
        length=draw(st.integers(120, 900)),
        low=low,
        high=draw(st.integers(low + 20, low + 160)),
        shape=draw(st.sampled_from(["linear", "logarithmic", "s-curve"])),
        rise=draw(st.integers(12, 20)),
        hold=draw(st.integers(2, 60)),
        fall=draw(st.integers(5, 20)),
    )


@settings(max_examples=150)
@given(plans(), plans(), st.floats(0.0, 900.0))
def test_whatever_is_joined_is_one_gentle_plan(running: Plan, new: Plan, tau: float) -> None:
    try:
        change = change_at_boundary(running, new, tau)
    except BadInput as refusal:
        if refusal.where != "change":
            raise
        return
    plan = change.plan
    times, forces = sample(plan.segments, 20.0)
    steepest = max(running.rise_limit, new.rise_limit, 100.0)
    assert np.abs(np.diff(forces)).max() <= steepest * (times[1] - times[0]) + 1e-9
    assert change.at > tau + MARGIN
    for t in np.linspace(0.0, change.at - 1e-6, 60):
        assert force_at(plan.segments, t, 0)[:5] == force_at(running.segments, t, 0)[:5]
    assert plan.ceiling <= running.ceiling
    assert plan.peak <= max(running.peak, new.peak)
    assert plan.total_time <= running.total_time + 1e-6
    after = [row for row in plan.rows if row[START] >= change.at]
    assert max(highest(row) for row in after) <= max(new.peak, after[0][FROM])
    assert any(row[PHASE] == HOLD for row in after)
    assert Plan.from_canonical(plan.canonical()) == plan
    assert [row[CYCLE] for row in plan.rows] == sorted(row[CYCLE] for row in plan.rows)


@given(plans(), st.floats(0.0, 900.0))
def test_a_change_to_itself_changes_nothing(plan: Plan, tau: float) -> None:
    try:
        change = change_at_boundary(plan, plan, tau)
    except BadInput:
        return
    assert change.plan.rows == plan.rows
    assert change.plan.sha256 == plan.sha256


@pytest.mark.parametrize("name", protocols())
def test_every_boundary_of_a_protocol_is_one(name: str) -> None:
    plan = read_prescription(protocols()[name]).resolve(Patient("017", Body(70.0, 1.76, 54.0)))
    found = {seam.row for seam in seams(plan)}
    for number, (before, after) in enumerate(pairwise(plan.rows), start=1):
        pair = int(before[PHASE]), int(after[PHASE])
        assert (number in found) == (pair in {(FALL, REST), (REST, RISE), (FALL, RISE), (PRETENSION, RISE)}), pair


def test_in_a_pull_the_new_one_begins_with_the_rest_that_follows() -> None:
    new = plan_of(name="stronger", high=240, low=120)
    change = change_at_boundary(RUNNING, new, 60.0)
    assert change.words == "from the next rest, at 1:15"
    rows = [row for row in change.plan.rows if row[START] >= change.at]
    assert [row[PHASE] for row in rows[:4]] == [REST, REST, RISE, HOLD]
    assert (rows[0][FROM], rows[0][TO], rows[0][DURATION]) == (100.0, 120.0, 20.0 / JOINT_RATE)
    assert (rows[1][CYCLE], rows[2][CYCLE], rows[2][TO]) == (2.0, 3.0, 240.0)
    assert change.plan.name == "stronger"


def test_in_a_rest_the_new_one_begins_with_the_pull_that_follows() -> None:
    change = change_at_boundary(RUNNING, plan_of(high=150, low=60), 80.0)
    assert change.words == "from the next pull, at 1:25"
    rows = [row for row in change.plan.rows if row[START] >= change.at]
    assert [row[PHASE] for row in rows[:3]] == [FALL, RISE, HOLD]
    assert (rows[0][FROM], rows[0][TO], rows[1][TO]) == (100.0, 60.0, 150.0)


def test_while_the_slack_is_taken_up_the_first_pull_is_already_the_new_one() -> None:
    change = change_at_boundary(RUNNING, plan_of(high=150), 1.0)
    assert (change.at, change.words) == (5.5, "from the next pull, at 0:05")
    assert change.plan.peak == 150.0


def test_a_boundary_that_is_nearly_there_is_let_pass() -> None:
    at = next_seam(RUNNING, 60.0).at
    assert next_seam(RUNNING, at - MARGIN).at > at
    assert next_seam(RUNNING, at - MARGIN - 0.01).at == at


def test_longer_pulls_fill_the_time_that_was_bound_and_no_more() -> None:
    """In 600 s; of 70 s cycles, those that stand after the same second, whole ones only."""
    change = change_at_boundary(RUNNING, plan_of(hold=50), 300.0)
    assert 600.0 - 70.0 < change.plan.total_time <= 600.0
    longer = change_at_boundary(RUNNING, plan_of(length=900), 300.0)
    assert (longer.plan.total_time, longer.plan.cycles) == (RUNNING.total_time, RUNNING.cycles)


def test_a_shorter_prescription_ends_earlier_and_a_second_change_may_use_the_bound_time_again() -> None:
    short = change_at_boundary(RUNNING, plan_of(length=300), 100.0).plan
    assert short.total_time <= 300.0
    again = change_at_boundary(short, plan_of(length=600, high=180), 200.0, RUNNING).plan
    assert 500.0 < again.total_time <= RUNNING.total_time


def test_a_staircase_goes_on_where_its_own_clock_would_stand() -> None:
    stairs = dataclasses.asdict(RUNNING)  # same cycles, rising pulls
    text = TEXT.format(**USUAL) + '[change]\nkind = "staircase"\nhigh = "120 N"\n'
    climbing = parse_prescription(text).resolve(PATIENT)
    change = change_at_boundary(RUNNING, climbing, 300.0)
    highs = {int(row[CYCLE]): row[TO] for row in climbing.rows if row[PHASE] == RISE}
    after = {int(row[CYCLE]): row[TO] for row in change.plan.rows if row[PHASE] == RISE and row[START] > change.at}
    assert after == {cycle: high for cycle, high in highs.items() if cycle in after}
    assert stairs["cycles"] == change.plan.cycles


def test_what_is_prepared_stays_and_what_ends_it_is_new() -> None:
    new = dataclasses.replace(plan_of(high=150, release="exponential"), ceiling=300.0, posture="as before")
    plan = change_at_boundary(RUNNING, new, 100.0).plan
    assert (plan.pretension, plan.posture, plan.mass) == (RUNNING.pretension, RUNNING.posture, RUNNING.mass)
    assert (plan.release_shape, plan.ceiling, plan.base) == ("exponential", 300.0, new.base)


OTHER = {
    "another region": ({"region": "cervical"}, "region cervical.*lumbar"),
    "another position": ({"position": "prone"}, "position prone.*supine"),
    "another couch": ({"couch": "locked"}, "couch locked.*split"),
    "another angle": ({"angle": 0.2}, "angle of pull 11 deg.*0 deg"),
    "another patient": ({"mass": 71.0}, "71.0 kg.*70.0 kg"),
    "a higher ceiling": ({"ceiling": 401.0}, r"401 N.*400 N.*bind anew"),
}


@pytest.mark.parametrize("what", OTHER)
def test_what_is_not_this_session_is_refused(what: str) -> None:
    values, words = OTHER[what]
    small = plan_of(high=180, low=60)
    with pytest.raises(BadInput, match=f"^change.*{words}"):
        change_at_boundary(RUNNING, dataclasses.replace(small, **values), 100.0)


def test_the_ceiling_that_counts_is_the_one_of_the_start() -> None:
    lowered = change_at_boundary(RUNNING, dataclasses.replace(plan_of(high=150), ceiling=250.0), 100.0).plan
    again = change_at_boundary(lowered, plan_of(high=150), 150.0, RUNNING).plan
    assert (lowered.ceiling, again.ceiling) == (250.0, 250.0)
    with pytest.raises(BadInput, match="as at the start"):
        change_at_boundary(lowered, plan_of(high=150), 150.0, lowered)


def test_where_no_boundary_is_left_there_is_no_change() -> None:
    for tau in (RUNNING.total_time - 20.0, RUNNING.total_time, 1e6, float("nan"), float("inf")):
        with pytest.raises(BadInput, match=r"^change"):
            change_at_boundary(RUNNING, plan_of(high=150), tau)
    static = read_prescription(protocols()["fowler-supine-static"]).resolve(PATIENT)
    with pytest.raises(BadInput, match="before the last pull has ended"):
        change_at_boundary(static, static, 100.0)


def test_a_prescription_of_one_pull_or_one_already_over_is_refused() -> None:
    once = plan_of(length=60)
    assert once.cycles == 1
    with pytest.raises(BadInput, match="a whole pull between 5:15 and the end"):
        change_at_boundary(RUNNING, once, 300.0)


def test_a_change_reads_as_the_clock_shows_it() -> None:
    assert Change(RUNNING, 760.0, True, 400.0, 760.0).words == "from the next rest, at 12:40"
    assert Change(RUNNING, 59.9, False, 400.0, 59.9).words == "from the next pull, at 0:59"
