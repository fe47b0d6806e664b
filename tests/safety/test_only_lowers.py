"""Nothing an operator can ask raises the force above the signed plan or a limit once lowered."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.control.settings import control_settings
from opentraction.control.step import Mode, aim, lowered
from opentraction.control.types import ControlInput, Wanted
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from tests import laws
from tests.lab import Event, Setup, play, short_plan

SETTINGS = control_settings(400.0, 25.0, 30.0, 50.0)
any_number = st.floats(allow_nan=True, allow_infinity=True)
ASKS = ("ask:pause", "ask:resume", "ask:reduce", "ask:arm", "ask:start", "ask:bind", "ask:unbind")
asked = st.builds(Event, st.integers(41, 5000), st.sampled_from(ASKS), st.one_of(st.floats(0.0, 2000.0), any_number))


@given(st.floats(0.0, 1050.0), st.integers(0, v.ASK_UNBIND), any_number)
def test_a_limit_only_falls_and_never_below_the_pretension(limit: float, ask: int, value: float) -> None:
    i = ControlInput(100.0, 100.0, 0.1, 0.0, v.ALL_WELL, True, 0, ask, value)
    new = lowered(limit, i, SETTINGS)
    assert new <= limit
    assert new >= min(limit, SETTINGS.pretension)
    assert new == limit or ask == v.ASK_REDUCE


phases = st.sampled_from(range(v.PRETENSION, v.TORQUE_OFF))


@given(phases, st.floats(0.0, 1000.0), st.floats(25.0, 1050.0), st.booleans())
def test_no_phase_aims_above_plan_and_limit(phase: int, force: float, limit: float, catching: bool) -> None:
    mode = Mode(phase, 0, 0.0, 10.0, limit, catching, False, 0.0, 300.0)
    target, _, up, down = aim(mode, Wanted(True, force, 0.0, v.HOLD), SETTINGS)
    assert target <= max(min(force, limit), SETTINGS.pretension)
    assert up >= 0.0
    assert down > 0.0
    assert phase < v.END_RELEASE or target < 0.0


@settings(max_examples=40)
@given(st.lists(asked, max_size=8))
def test_whatever_is_asked_the_force_stays_under_plan_and_limit(asks: list[Event]) -> None:
    setup = Setup(short_plan(300.0))
    p = play(setup, 30.0, asks)
    limit = p.rows[:, r.LIMIT]
    bound = p.phases != v.IDLE
    session = bound & (p.phases != v.SETUP)
    assert p.true.max() <= setup.plan.peak + 10.0
    assert not list(laws.broken_by_command(p))
    assert (np.diff(limit)[session[1:] & session[:-1]] <= 0.0).all()
    # Once a lowered limit has been there for as long as it takes at 100 N/s, the force is under it.
    settled = np.full(len(limit), -math.inf)
    settled[800:] = p.true[800:] - np.maximum(limit[:-800], 25.0)
    assert settled[np.cumsum(~session) == np.cumsum(~session)[400]].max() <= 10.0


def test_a_reduction_is_heard_at_once_and_stays() -> None:
    setup = Setup(short_plan(300.0, cycles=2))
    hold = play(setup, 60.0).middle(v.HOLD)
    p = play(setup, 90.0, [Event(hold, "ask:reduce", 150.0), Event(hold + 400, "ask:reduce", 280.0)])
    assert p.true[hold + 40] < 300.0 - 5.0
    assert p.true[hold + 500 :].max() <= 150.0 + 8.0
    assert p.rows[-1, r.LIMIT] == 150.0
    assert p.cause == v.FINISHED
