"""The shapes of the planned release: bounded, true to their own rate, told in words, kept by old plans."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, parse_prescription, rehearse
from opentraction.prescription.rehearsal import bands, release_curve
from opentraction.prescription.release import EXPONENTIAL, LINEAR, NAMES, S_CURVE, SOFTEST, release_at, release_time
from opentraction.quantities import BadInput
from tests.lab import short_plan
from tests.short import SHORT

PATIENT = Patient("017", Body(70.0, 1.76, 54.0))
PLAN = short_plan(300.0)
shapes = st.sampled_from([LINEAR, S_CURVE, EXPONENTIAL])


def shaped(words: str) -> str:
    return SHORT.replace('[release]\nrate = "50 N/s"', f"[release]\n{words}")


@given(shapes, st.floats(1.0, 600.0), st.floats(10.0, 500.0), st.floats(0.0, 1.0))
def test_a_release_falls_never_faster_than_its_rate_and_its_rate_is_its_slope(
    shape: int, start: float, rate: float, share: float
) -> None:
    whole = release_time(shape, start, rate)
    now = release_at(shape, start, rate, share * whole)
    assert -rate * (1.0 + 1e-9) <= now.rate <= 0.0
    assert 0.0 <= now.force <= start * (1.0 + 1e-12)
    tiny = 1e-6 * whole
    if 1e-5 < share < 1.0 - 1e-5:
        ahead = release_at(shape, start, rate, share * whole + tiny).force
        behind = release_at(shape, start, rate, share * whole - tiny).force
        assert (ahead - behind) / (2.0 * tiny) == pytest.approx(now.rate, abs=2e-3 * rate)


@pytest.mark.parametrize("shape", [LINEAR, S_CURVE, EXPONENTIAL])
def test_a_release_begins_at_its_force_reaches_its_rate_and_ends_at_zero(shape: int) -> None:
    whole = release_time(shape, 200.0, 40.0)
    curve = [release_at(shape, 200.0, 40.0, t) for t in np.linspace(0.0, whole, 4001)]
    assert curve[0].force == 200.0
    assert curve[-1] == (0.0, 0.0)
    assert max(-one.rate for one in curve) == pytest.approx(40.0, rel=1e-6)
    assert (np.diff([one.force for one in curve]) <= 0.0).all()
    assert release_at(shape, 0.0, 40.0, 0.0) == (0.0, 0.0)


def test_the_ends_are_as_their_names_say() -> None:
    """200 N at 40 N/s: 5 s straight, 7.5 s along an S, 13.05 s with a soft end."""
    assert [release_time(k, 200.0, 40.0) for k in range(3)] == pytest.approx([5.0, 7.5, 13.047], abs=1e-3)
    assert release_at(S_CURVE, 200.0, 40.0, 0.1).rate == pytest.approx(-2.105, abs=1e-3)
    assert release_at(EXPONENTIAL, 200.0, 40.0, 13.0).rate == pytest.approx(-40.0 / SOFTEST)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_chooses_the_shape_and_the_plan_keeps_it(name: str) -> None:
    plan = parse_prescription(shaped(f'shape = "{name}"\nrate = "50 N/s"')).resolve(PATIENT)
    assert plan.release_shape == name
    again = Plan.from_canonical(plan.canonical())
    assert (again, again.sha256) == (plan, plan.sha256)


def test_a_plan_signed_before_there_were_shapes_keeps_its_text_and_hash() -> None:
    raw = json.loads(PLAN.canonical())
    assert "release_shape" not in raw
    assert Plan.from_canonical(json.dumps(raw)).sha256 == PLAN.sha256
    others = {dataclasses.replace(PLAN, release_shape=name).sha256 for name in NAMES}
    assert len(others) == len(NAMES)


REFUSED = {
    'shape = "snap"': r"release\.shape.*one of",
    "shape = 3": r"release\.shape",
    'shape = "s-curve"\nrate = "501 N/s"': r"release\.rate",
    'shape = "s-curve"\nrate = "50"': r"release\.rate",
    'shape = "s-curve"\ntime = "5 s"': r"release\.time",
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_bad_release_is_one_sentence(words: str) -> None:
    with pytest.raises(BadInput, match=REFUSED[words]):
        parse_prescription(shaped(words)).resolve(PATIENT)


def test_a_release_that_control_would_cut_off_is_refused() -> None:
    text = shaped('shape = "exponential"\nrate = "10 N/s"').replace('"150 N"', '"250 N"')
    with pytest.raises(BadInput, match=r"release\.rate.*takes at most 45 s"):
        parse_prescription(text.replace('low = "50 % high"', 'low = "80 % high"')).resolve(PATIENT)
    with pytest.raises(BadInput, match=r"plan\.release_rate"):
        dataclasses.replace(short_plan(1000.0), release_rate=10.0)


@pytest.mark.parametrize("word", ["snap", 7, None, ["linear"]])
def test_a_plan_with_an_unknown_shape_is_refused(word: object) -> None:
    raw = json.loads(PLAN.canonical()) | {"release_shape": word}
    with pytest.raises(BadInput, match=r"plan\.release_shape"):
        Plan.from_canonical(json.dumps(raw))


def test_the_rehearsal_says_and_draws_it() -> None:
    plan = parse_prescription(shaped('shape = "exponential"\nrate = "50 N/s"')).resolve(PATIENT)
    told = rehearse(plan, PATIENT, "N")
    assert told.summary[-2] == "Treat for 56 s, then release with a soft end, at most 50 N/s, in 4 s."
    times, forces = release_curve(plan)
    assert (times[-1], forces[-1]) == (bands(plan)[-1].x1, 0.0)
    assert np.abs(np.diff(forces) / np.diff(times)).max() <= 50.0
    assert len(times) > 30
    assert "<svg" in told.svg()
