"""A plan as an enemy would write it: one sentence, or a finite force at every moment; never anything else."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, force_at, parse_prescription
from opentraction.prescription.check import MOST_SEGMENTS
from opentraction.prescription.segments import impulse
from opentraction.prescription.waveform import CURVE, DURATION, LOG, PHASE, SHAPE, START
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import RISE
from tests.lab import short_plan

PLAN = short_plan(300.0)
RAW: dict[str, Any] = json.loads(PLAN.canonical())
NUMBERS = sorted(key for key, value in RAW.items() if isinstance(value, int | float))
WORDS = sorted(key for key, value in RAW.items() if isinstance(value, str))
EXTREME = (5e-324, 1e-320, 1e-308, 1e-17, -0.0, 0.0, -1e-320, 1e-3, 1.0, 1e17, 1e300, -1e300, 10**30, 0.5)
NUMBER = st.one_of(st.sampled_from(EXTREME), st.floats(allow_nan=False, allow_infinity=False), st.integers())


def forces_are_finite(plan: Plan) -> None:
    for row in plan.rows:
        for share in (0.0, 0.1, 0.49, 0.51, 0.999):
            now = force_at(plan.segments, row[START] + share * row[DURATION], 0)
            assert math.isfinite(now.force)
            assert math.isfinite(now.rate)
            assert -1e-6 <= now.force <= plan.peak + 1e-6


def read(raw: object) -> Plan | None:
    """The plan, or nothing where it was refused."""
    try:
        return Plan.from_canonical(json.dumps(raw))
    except BadInput:
        return None


def test_the_plan_itself_is_read() -> None:
    plan = read(RAW)
    assert plan is not None
    forces_are_finite(plan)


@settings(max_examples=200)
@given(st.integers(0, len(RAW["rows"]) - 1), st.integers(0, 11), NUMBER, st.integers(0, 11), NUMBER)
def test_any_number_in_a_row_is_refused_or_gives_a_finite_force(
    row: int, one: int, value: float, other: int, second: float
) -> None:
    raw = json.loads(PLAN.canonical())
    raw["rows"][row][one] = value
    raw["rows"][row][other] = second
    plan = read(raw)
    assert plan is None or math.isfinite(plan.peak)
    if plan is not None:
        forces_are_finite(plan)


@given(st.sampled_from(NUMBERS), NUMBER)
def test_any_number_of_the_plan_is_refused_or_gives_a_finite_force(key: str, value: float) -> None:
    plan = read({**RAW, key: value})
    assert plan is None or math.isfinite(plan.peak)
    if plan is not None:
        forces_are_finite(plan)


@given(st.sampled_from(WORDS), st.text())
def test_any_word_of_the_plan_is_refused_or_is_printable_on_one_line(key: str, value: str) -> None:
    try:
        plan = Plan.from_canonical(json.dumps({**RAW, key: value}))
    except BadInput:
        return
    assert str(getattr(plan, key)).isprintable()


@pytest.mark.parametrize("curve", [5e-324, 1e-320, 1e-308, 1e-17, 9.9e-4, 1000.1])
def test_a_logarithm_that_is_none_is_refused(curve: float) -> None:
    raw = json.loads(PLAN.canonical())
    rise = next(row for row in raw["rows"] if row[PHASE] == RISE)
    rise[SHAPE], rise[CURVE] = LOG, curve
    with pytest.raises(BadInput, match=r"a curvature from 0\.001 to 1000"):
        Plan.from_canonical(json.dumps(raw))


@pytest.mark.parametrize("curve", [1e-3, 1000.0])
def test_the_ends_of_the_curvatures_are_finite(curve: float) -> None:
    row = (0.0, 10.0, float(RISE), float(LOG), 30.0, 300.0, curve, 1.0, 0.0, 0.0, 0.0, 10.0)
    assert 30.0 * 10.0 < impulse(row) < 300.0 * 10.0


@pytest.mark.parametrize("duration", [0.0, 5e-324, 1e-17, 9e-4])
def test_a_segment_of_no_time_is_refused(duration: float) -> None:
    raw = json.loads(PLAN.canonical())
    raw["rows"].insert(0, [0.0, duration, *raw["rows"][0][2:4], 0.0, 0.0, *raw["rows"][0][6:]])
    with pytest.raises(BadInput, match=r"lasts at least 0\.001 s"):
        Plan.from_canonical(json.dumps(raw))


TEXTS = {
    "control characters": "a\x14b\x00\x15",
    "two lines": "a\nb",
    "half a surrogate pair": "\ud800",
    "a change of direction": "Dr. \u202e",
    "a book": "x" * 100_000,
}


@pytest.mark.parametrize("key", ["name", "posture"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_that_cannot_be_shown_is_refused(key: str, text: str) -> None:
    with pytest.raises(BadInput, match=rf"^plan\.{key} .*(printable text on one line|text of at most)"):
        Plan.from_canonical(json.dumps({**RAW, key: text}))
    with pytest.raises(BadInput, match=rf"^plan\.{key} "):
        dataclasses.replace(PLAN, **{key: text})


SILLY = """
name = "Ten steps every half minute"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "intermittent"
length = "60 min"
[forces]
high = "250 N"
low = "50 N"
[rise]
shape = "stepped"
steps = 10
time = "20 s"
step_hold = "1 s"
[hold]
time = "2 s"
[fall]
time = "5 s"
[rest]
time = "1 s"
"""


def test_more_segments_than_a_table_reads_beside_its_loop_are_refused_at_the_door() -> None:
    recipe = parse_prescription(SILLY, "silly.toml")
    with pytest.raises(
        BadInput, match=rf"^silly\.toml: plan\.rows = '\d+ segments'.*from 1 to {MOST_SEGMENTS}; prescribe"
    ):
        recipe.resolve(Patient("017", Body(80.0, 1.8, 50.0)))
