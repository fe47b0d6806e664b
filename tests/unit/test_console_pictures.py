"""What the treatment page is told of the plan it draws."""

from __future__ import annotations

import numpy as np
import pytest

from opentraction.clinic.pictures import ahead
from opentraction.patient import Body, Patient
from opentraction.prescription import protocols, read_prescription, sample
from opentraction.prescription.change import change_at_boundary
from opentraction.prescription.plan import Plan
from tests.lab import short_plan


def still(plan: Plan, tau: float) -> float:
    """As the page reads it."""
    return next((force for until, force in ahead(plan) if until > tau), 0.0)


@pytest.mark.parametrize("name", protocols())
def test_what_lies_ahead_is_never_less_than_what_is_still_pulled(name: str) -> None:
    plan = read_prescription(protocols()[name]).resolve(Patient("017", Body(80.0, 1.8, 50.0)))
    times, forces = sample(plan.segments, 2.0)
    assert ahead(plan)[0][1] == plan.peak
    last = ahead(plan)[-1][0]
    for tau, later in zip(times[::40], np.maximum.accumulate(forces[::-1])[::-1][::40], strict=True):
        assert still(plan, tau) >= later - 1e-6 or tau >= last


def test_a_pull_that_is_done_counts_no_more() -> None:
    change = change_at_boundary(short_plan(300.0, cycles=3), short_plan(200.0, cycles=3), 30.0)
    assert change.plan.peak == 300.0
    assert still(change.plan, 0.0) == 300.0
    assert still(change.plan, change.at + 1.0) == 200.0
    assert still(change.plan, change.plan.total_time) == 0.0
