"""The guard bounds a control that is wrong about everything: force asked far too high, cable that never comes taut."""

from __future__ import annotations

import numpy as np
import pytest

from opentraction.control import step
from opentraction.control.step import Mode
from opentraction.control.types import ControlSettings, Wanted
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from tests.lab import Event, Setup, body, play, short_plan


@pytest.mark.parametrize("stiffness", [4000.0, 9000.0, 30000.0])
def test_a_control_that_asks_for_far_too_much_stays_in_the_envelope(
    stiffness: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    aim = step.aim

    def mad(m: Mode, want: Wanted, s: ControlSettings) -> tuple[float, float, float, float]:
        target, rate, up, down = aim(m, want, s)
        return (3000.0, 0.0, up, down) if m.phase == v.HOLD else (target, rate, up, down)

    monkeypatch.setattr(step, "aim", mad)
    plan = short_plan(300.0)
    played = play(Setup(plan, body(stiffness, 75.0)), 40.0, (), plain=True)
    assert played.cause == v.FORCE_TOO_HIGH
    assert np.nanmax(played.true) <= plan.peak + max(30.0, 0.10 * plan.peak) + 30.0
    assert played.phases[-1] == v.SAFE


@pytest.mark.parametrize("at", [0.0, 3.0, 5.0])
def test_a_cable_that_never_comes_taut_is_not_wound_in(at: float) -> None:
    start = 401 + round(at * 200)
    played = play(Setup(short_plan(300.0), body(9000.0, 75.0)), 60.0, (Event(start, "cable-break"),))
    assert played.cause == v.CABLE_LOOSE
    travel = played.rows[:, r.TRAVEL]
    assert travel.max() - travel[start] <= 0.075


def test_a_patient_who_sits_up_before_the_pull_is_not_chased() -> None:
    start = 401 + 3 * 200
    played = play(Setup(short_plan(300.0), body(9000.0, 75.0)), 60.0, (Event(start, "sit-up"),))
    assert played.cause in {v.CABLE_LOOSE, v.PATIENT_MOVED}
    assert played.phases[-1] == v.SAFE
