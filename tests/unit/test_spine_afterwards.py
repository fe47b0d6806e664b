"""A recorded pull played through the modelled spine: the points it is followed by, and what comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.twin.spine_afterwards import LONGEST, WITHIN, afterwards, knots
from tests.unit.test_spine_process import start

FORCES = st.lists(st.floats(0.0, 600.0), min_size=2, max_size=120)


@settings(max_examples=60, deadline=None)
@given(FORCES)
def test_straight_lines_between_the_points_stay_close(forces: list[float]) -> None:
    t, f = np.arange(float(len(forces))), np.array(forces)
    at = knots(t, f, WITHIN, LONGEST)
    assert at[0] == 0
    assert at[-1] == len(forces) - 1
    assert np.all(np.diff(at) > 0)
    assert np.max(np.diff(t[at])) <= LONGEST
    assert np.max(np.abs(np.interp(t, t[at], f[at]) - f)) <= WITHIN + 1e-9


def test_a_pull_adds_to_lying_and_the_hour_after_takes_it_back() -> None:
    t = np.arange(0.0, 300.0, 0.005)
    force = np.interp(t, [0.0, 20.0, 280.0, 300.0], [0.0, 300.0, 300.0, 0.0])
    rows = {"t": t, "spine": force, "spine_low": 0.9 * force, "spine_high": 1.1 * force}
    shares: list[float] = []
    told = afterwards(start(), rows, shares.append)
    assert told is not None
    assert told["up_s"] == pytest.approx(300.0)
    added = [one["levels"]["L4-L5"]["against_lying_mm"][1] for one in told["moments"]]
    assert max(added) > 0.3
    assert abs(added[-1]) < 0.25 * max(added)
    assert shares == sorted(shares)
    assert told["moments"][-1]["t_s"] == pytest.approx(3900.0, abs=120.0)


def test_a_pull_at_the_neck_is_not_played() -> None:
    assert afterwards(start(region="cervical"), {"t": np.zeros(0)}) is None
