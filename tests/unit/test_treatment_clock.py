"""The treatment clock while the force comes up: it runs, slows, stands, and never becomes no number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from opentraction.control.force_law import FRESH_LOOP
from opentraction.control.settings import control_settings
from opentraction.control.step import pace
from opentraction.control.types import ControlInput
from opentraction.control.watch import FRESH_WATCH, Watch, notice, own_fault
from opentraction.quantities import vocabulary as v

SETTINGS = control_settings(1000.0, 25.0, 30.0, 50.0)


def seen(force: float, reference: float, phase: int = v.RISE) -> Watch:
    """The watch after one tick in which `force` [N] stands against `reference` [N]."""
    i = ControlInput(force, force, 0.1, 0.0, v.ALL_WELL, True, v.NO_CAUSE, v.ASK_NOTHING, 0.0)
    return notice(FRESH_WATCH, i, FRESH_LOOP, reference, 1.0, phase, SETTINGS)


@pytest.mark.parametrize(
    ("force", "reference", "runs"),
    [(100.0, 100.0, 1.0), (92.1, 100.0, 1.0), (90.0, 100.0, 0.5), (87.9, 100.0, 0.0), (380.0, 400.0, 0.5)],
)
def test_it_slows_as_the_force_trails(force: float, reference: float, runs: float) -> None:
    """Half at 10 N or 5 %, whichever is larger."""
    assert pace(v.RISE, seen(force, reference)) == pytest.approx(runs)


def test_in_a_hold_it_runs_whatever_the_force() -> None:
    assert pace(v.HOLD, seen(20.0, 300.0, v.HOLD)) == 1.0


@pytest.mark.parametrize("force", [math.nan, math.inf, -math.inf, 1e308])
def test_a_force_that_is_none_does_not_touch_it(force: float) -> None:
    assert pace(v.RISE, seen(force, 300.0)) == 1.0


def test_outside_a_pull_it_is_at_rest() -> None:
    assert seen(0.0, 300.0, v.PAUSED).pace == 1.0


def test_a_force_that_keeps_trailing_is_waited_for_in_vain_whatever_the_noise() -> None:
    watch, noise = FRESH_WATCH, np.random.default_rng(1)
    for force in noise.normal(280.0, 2.0, 200 * 40):
        i = ControlInput(force, force, 0.1, 0.0, v.ALL_WELL, True, v.NO_CAUSE, v.ASK_NOTHING, 0.0)
        watch = notice(watch, i, FRESH_LOOP, 300.0, 1.0, v.RISE, SETTINGS)
    assert own_fault(watch, 40.0, True, SETTINGS) == v.TRAVEL_LIMIT


def test_a_brief_lag_is_forgotten() -> None:
    watch = seen(100.0, 300.0)
    i = ControlInput(300.0, 300.0, 0.1, 0.0, v.ALL_WELL, True, v.NO_CAUSE, v.ASK_NOTHING, 0.0)
    assert notice(watch, i, FRESH_LOOP, 300.0, 1.0, v.RISE, SETTINGS).waiting == 0.0
