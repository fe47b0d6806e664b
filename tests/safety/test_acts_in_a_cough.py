"""Whatever people press while the patient coughs, tenses or sits up: the machine never pulls what the patient added."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from tests.lab import Event, Played, Setup, body, play, short_plan

DISTURBANCES = [
    ("cough", 240.0, 0.5, 50),
    ("cough", 150.0, 0.3, 25),
    ("spasm", 150.0, 1.0, 100),
    ("spasm", 300.0, 1.5, 60),
]
ACTS = ["ask:pause", "ask:stop", "remote-press", "clinician-stop"]


def acted(kind: str, strength: float, duration: float, after: int, act: str, stiffness: float, force: float) -> Played:
    """A hold at `force` [N], a disturbance in it, and `after` ticks into it somebody does `act`."""
    plan = dataclasses.replace(short_plan(force, hold=20.0), ceiling=1.03 * force + 6.0)
    setup = Setup(plan, body(stiffness, 75.0))
    at = play(setup, 60.0).first(v.HOLD) + 1000
    return play(setup, 60.0, [Event(at, kind, strength, duration), Event(at + after, act)])


@pytest.mark.parametrize("force", [100.0, 300.0])
@pytest.mark.parametrize("stiffness", [3000.0, 9000.0, 40000.0])
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("what", DISTURBANCES, ids=lambda one: f"{one[0]}-{one[1]:.0f}N")
def test_the_drum_does_not_pull_after_an_act(
    what: tuple[str, float, float, int], act: str, stiffness: float, force: float
) -> None:
    kind, strength, duration, after = what
    played = acted(kind, strength, duration, after, act, stiffness, force)
    acting = np.flatnonzero(np.isin(played.rows[:, r.PHASE], (v.PAUSE_RELEASE, *v_releases())))
    assert acting.size, "the act was not heard"
    begin = int(acting[0])
    settled = begin + round((duration + 1.0) * 200)
    rows = played.rows[begin + 20 : settled]
    letting_out = np.isin(rows[:, r.PHASE], (v.PAUSE_RELEASE, *v_releases()))
    assert rows[letting_out, r.COMMAND].max(initial=0.0) <= 0.0
    assert played.true[settled : settled + 1600].max() <= 1.03 * force + 6.0


def v_releases() -> tuple[int, ...]:
    """Phases that let the cable out for good."""
    return tuple(range(v.END_RELEASE, v.FAULT_RELEASE + 1))


def test_a_cough_does_not_lengthen_the_planned_release() -> None:
    plan = short_plan(150.0, hold=10.0)
    setup = Setup(plan, body(9000.0, 75.0))
    calm = play(setup, 60.0)
    end = calm.first(v.END_RELEASE)
    coughed = play(setup, 60.0, [Event(end - 20, "cough", 200.0, 0.4)])

    def slack(played: Played) -> float:
        after = played.true[end:]
        return float(np.flatnonzero(after > 20.0)[-1]) / 200.0

    assert coughed.first(v.END_RELEASE) == end
    assert slack(coughed) <= slack(calm) + 0.6
