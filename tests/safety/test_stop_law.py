"""The stop law, once, for every body, phase and stop: laws in `tests/laws.py`, measured on the true force."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import pytest

from opentraction.quantities import vocabulary as v
from tests import laws
from tests.lab import Event, Played, Setup, body, play, short_plan

PHASES = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.PAUSE_RELEASE, v.PAUSED, v.RESUME, v.END_RELEASE)
PAUSING = {v.PAUSE_RELEASE, v.PAUSED, v.RESUME}
BODIES = {
    # A belt of 3 N/mm needs all the cable there is for 850 N; beyond that the table rightly gives up.
    "soft and light": (3000.0, 45.0, 850.0),
    "soft and heavy": (3000.0, 150.0, 850.0),
    "typical": (9000.0, 75.0, 1000.0),
    "stiff and light": (40000.0, 45.0, 1000.0),
    "stiff and heavy": (40000.0, 150.0, 1000.0),
}


class Scene(NamedTuple):
    """A set-up, what happens before the stop, and the tick of the stop."""

    setup: Setup
    before: tuple[Event, ...]
    at: int


@functools.cache
def scenes(who: str, low: bool) -> dict[int, Scene]:
    """One scene for each phase, the stop in its middle; plans of the body's highest force or of 300 N."""
    stiffness, mass, top = BODIES[who]
    setup = Setup(short_plan(300.0 if low else top), body(stiffness, mass))
    straight = play(setup, 80.0)
    pause = Event(straight.middle(v.HOLD), "ask:pause")
    paused = play(setup, 80.0, [pause]).first(v.PAUSED)
    resumed = (pause, Event(paused + 400, "ask:resume"))
    bent = play(setup, 100.0, resumed)
    found = {phase: Scene(setup, (), straight.middle(phase)) for phase in PHASES if phase not in PAUSING}
    return found | {phase: Scene(setup, resumed, bent.middle(phase)) for phase in PAUSING}


def afterwards(at: int) -> list[Event]:
    """Everybody lets go and asks for more: nothing of it may pull again."""
    undone = ("remote-plug", "clinician-reset", "power-back")
    asked = [Event(at + wait, ask) for wait in (330, 1500) for ask in ("ask:arm", "ask:start", "ask:resume")]
    return [*(Event(at + 300, kind) for kind in undone), *asked]


def stop_in(scene: Scene, kind: str) -> Played:
    events = [*scene.before, Event(scene.at, kind), *afterwards(scene.at)]
    return play(scene.setup, scene.at / 200.0 + 12.0, events)


@pytest.mark.parametrize("kind", laws.LAWS)
@pytest.mark.parametrize("low", [False, True], ids=["highest force", "300 N"])
@pytest.mark.parametrize("who", BODIES)
def test_a_stop_releases_from_every_phase(who: str, low: bool, kind: str) -> None:
    broken = {}
    for phase, scene in scenes(who, low).items():
        said = list(laws.broken_by_stop(stop_in(scene, kind), scene.at, laws.LAWS[kind]))
        if said:
            broken[v.PHASE_NAMES[phase]] = said
    assert not broken


def test_the_scenes_are_what_they_say() -> None:
    for phase, scene in scenes("typical", False).items():
        p = play(scene.setup, scene.at / 200.0 + 0.1, scene.before)
        assert p.phases[scene.at - 1] == phase
    hold = scenes("typical", False)[v.HOLD]
    assert play(hold.setup, hold.at / 200.0).true[-1] == pytest.approx(1000.0, abs=5.0)


@pytest.mark.parametrize("kind", ["remote-press", "clinician-stop"])
def test_the_hardware_takes_the_torque_away_when_software_ignores_the_stop(kind: str) -> None:
    """The drive is held where it is whatever is asked: after the hardware's time the loaded cable runs out."""
    scene = scenes("typical", True)[v.HOLD]
    held = [Event(scene.at, kind), Event(scene.at, "held")]
    p = play(scene.setup, scene.at / 200.0 + 20.0, held)
    timer = 5.0 if kind == "remote-press" else 3.0
    cut = scene.at + round(timer * 200)
    assert p.true[cut - 20] > 250.0
    assert p.true[cut + 200] < 0.65 * p.true[cut - 20]
    assert p.true[cut + 2000] <= 30.0
    assert (np.diff(p.true[cut + 10 :]) < 1.0).all()
