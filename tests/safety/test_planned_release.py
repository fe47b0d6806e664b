"""A shaped release on the modelled patient: it keeps its shape and its bound, and a stop overtakes it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from opentraction.prescription.release import NAMES, release_at
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from tests.lab import Event, Setup, body, fall_of, play, short_plan, steepest

SHORT = short_plan(300.0)
SHAPED = [name for name in NAMES if name != "linear"]


@pytest.mark.parametrize("shape", NAMES)
@pytest.mark.parametrize("stiffness", [3000.0, 9000.0, 40000.0])
def test_the_force_follows_the_shape_within_the_rate(shape: str, stiffness: float) -> None:
    plan = dataclasses.replace(SHORT, release_shape=shape)
    p = play(Setup(plan, body(stiffness)), 70.0)
    at, end = p.first(v.END_RELEASE), p.first(v.COMPLETE)
    asked = p.rows[at:end, r.PRESCRIBED]
    assert p.cause == v.FINISHED
    assert np.diff(asked).min() * 200.0 >= -plan.release_rate - 1e-6
    ticks = np.arange(end - at) / 200.0
    wanted = [release_at(NAMES.index(shape), asked[0], plan.release_rate, t).force for t in ticks]
    early = asked > 20.0
    assert np.abs(asked - wanted)[early].max() < 8.0
    assert np.abs(p.true[at:end] - asked)[early].max() < 12.0
    assert steepest(p.true[at:end], 20) < plan.release_rate + 15.0


@pytest.mark.parametrize("shape", SHAPED)
@pytest.mark.parametrize(("kind", "limit"), [("remote-press", 4.5), ("clinician-stop", 2.5), ("ask:stop", 4.5)])
def test_a_stop_overtakes_a_soft_release_as_fast_as_any_other(shape: str, kind: str, limit: float) -> None:
    plan = dataclasses.replace(SHORT, release_shape=shape, release_rate=20.0)
    at = play(Setup(plan), 70.0).first(v.END_RELEASE) + 200
    p = play(Setup(plan), 80.0, [Event(at, kind)])
    fall = fall_of(p.true, at)
    plain = fall_of(play(Setup(SHORT), 80.0, [Event(p.first(v.REST) + 100, kind)]).true, p.first(v.REST) + 100)
    assert fall.falling_ms <= 100.0
    assert fall.slack_s <= min(limit, plain.slack_s + 0.3)
    assert fall.steepest <= 500.0


def test_a_session_left_paused_ends_in_the_same_shape() -> None:
    plan = dataclasses.replace(SHORT, release_shape="exponential")
    hold = play(Setup(plan), 70.0).middle(v.HOLD)
    p = play(Setup(plan), hold / 200.0 + 330.0, [Event(hold, "ask:pause")])
    assert p.final == v.COMPLETE
    assert v.CAUSE_TEXTS[p.cause] == "time or force-time limit reached"
