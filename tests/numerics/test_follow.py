"""Bodies kept in step with a treatment: like the scenario played whole, and nothing gained where nothing pulls."""

from __future__ import annotations

import numpy as np
import pytest

from opentraction.body.column.chosen import Chosen, drawn, typical
from opentraction.body.column.follow import NOTHING, UP_BEFORE, Follower, Pull
from opentraction.body.column.play import play
from opentraction.body.column.scenario import SPLIT, Scenario, Somebody, Stage, Traction
from opentraction.quantities.streams import Streams

WHO = Somebody(mass=75.0, stature=1.76, age=40.0)


def sure(force: float) -> Pull:
    """A force without a band."""
    return Pull(force, force, force)


def plain() -> Chosen:
    """No friction, no guarding, and muscles that let nothing go: what the spine feels is what is told."""
    c = {section: dict(ones) for section, ones in typical().items()}
    c["pull"] |= {"friction": 0.0, "rollers": 0.0, "guard": 0.0, "let_go": 1.0, "line": 0.0}
    return c


def test_it_follows_as_the_whole_scenario_plays() -> None:
    times, forces = np.array([0.0, 20.0, 300.0, 320.0, 600.0]), np.array([0.0, 250.0, 250.0, 80.0, 80.0])
    follower = Follower(WHO, "supine", [plain()])
    seen = []
    for second in range(1, 601):
        now = follower.step(sure(float(np.interp(second, times, forces))), 1.0)
        if second in {60, 300, 600}:
            seen.append(now.opening[1])
    pull = Traction(250.0, SPLIT, 0.0, times, forces)
    stages = (Stage("standing", UP_BEFORE), Stage("supine", 10.0), Stage("supine", 600.0, pull))
    start = UP_BEFORE + 10.0
    whole = play(Scenario(WHO, stages), np.array([start, start + 60, start + 300, start + 600]), plain())
    gained = (whole.height[1:] - whole.height[0])[:, 1:]
    assert np.array(seen) == pytest.approx(gained, rel=0.05, abs=2e-5)


def test_without_a_pull_it_gains_what_lying_gains_and_no_more() -> None:
    follower = Follower(WHO, "supine", drawn(4, Streams(2)))
    for _ in range(20):
        now = follower.step(NOTHING, 30.0)
    assert np.all(now.opening[1] > 0.0)
    assert now.against_lying == pytest.approx(np.zeros_like(now.against_lying), abs=1e-12)


def test_a_pull_opens_lowers_the_pressure_and_is_given_back() -> None:
    follower = Follower(WHO, "prone", drawn(6, Streams(3)))
    for n in range(30):
        pulled = follower.step(sure(min(250.0, 25.0 * n)), 2.0)
    assert np.all(pulled.against_lying[0] > 1e-4)
    assert np.all(pulled.pressure[2] < 0.0)
    assert np.all(np.diff(pulled.opening, axis=0) >= 0.0)
    for _ in range(60):
        after = follower.step(NOTHING, 60.0)
    assert np.all(after.against_lying[1] < 0.25 * pulled.against_lying[1])


def test_bodies_stand_in_the_band_of_the_force_where_their_scores_say() -> None:
    follower = Follower(WHO, "supine", [plain()] * 3, scores=[-1.6449, 0.0, 1.6449])
    for _ in range(5):
        now = follower.step(Pull(100.0, 200.0, 350.0), 4.0)
    sure_of = Follower(WHO, "supine", [plain()])
    for _ in range(5):
        middle = sure_of.step(sure(200.0), 4.0)
    assert now.against_lying[1] == pytest.approx(middle.against_lying[1], rel=1e-9)
    assert np.all(now.against_lying[0] < middle.against_lying[1])
    assert np.all(now.against_lying[2] > middle.against_lying[1])


def test_whoever_gets_up_loses_what_lying_and_pulling_gave() -> None:
    follower = Follower(WHO, "supine", [plain()])
    for _ in range(30):
        lain = follower.step(sure(200.0), 20.0)
    follower.rise()
    for _ in range(12):
        up = follower.step(NOTHING, 300.0)
    assert np.all(up.opening[1] < lain.opening[1])
    assert np.all(np.abs(up.against_lying[1]) < 0.3 * lain.against_lying[1])
