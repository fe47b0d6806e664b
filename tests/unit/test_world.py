"""The world around a simulated table: a pure function of time and seed, however it is asked."""

from __future__ import annotations

import numpy as np
import pytest

from opentraction.body.behaviour import Behaviour
from opentraction.body.person import typical_person
from opentraction.quantities import Streams
from opentraction.quantities import vocabulary as v
from opentraction.twin import lockstep as column
from opentraction.twin.world import SWITCH_CHANGES, SimulatedWorld


def world(seed: int = 1) -> SimulatedWorld:
    streams = Streams(seed)
    return SimulatedWorld(Behaviour(typical_person(75.0).behaviour, streams), streams, split=True)


def eventful() -> SimulatedWorld:
    made = world()
    made.prepared(50)
    for tick, kind in ((10, "remote-plug"), (300, "remote-press"), (310, "remote-release"), (900, "cable-break")):
        made.happen(kind, tick)
    made.happen("cough", 400, 80.0)
    made.happen("harness-slip", 501, 0.02)
    made.wish(60, v.ASK_BIND)
    made.wish(60, v.ASK_ARM)
    return made


@pytest.mark.parametrize("piece", [1, 7, 200, 333])
def test_cutting_time_changes_nothing(piece: int) -> None:
    whole = eventful().ticks(0, 1000)
    made = eventful()
    parts = [made.ticks(at, min(piece, 1000 - at)) for at in range(0, 1000, piece)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_everything_comes_at_its_tick() -> None:
    rows = eventful().ticks(0, 1000)
    switches = rows[:, column.SWITCHES].astype(int)
    loops = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B
    assert switches[9] & v.REMOTE_PLUGGED == 0
    assert switches[10] & (v.REMOTE_PLUGGED | loops) == v.REMOTE_PLUGGED | loops
    assert [int(s & loops) for s in switches[[299, 300, 309, 310]]] == [loops, 0, 0, loops]
    assert rows[899:901, column.WHOLE].tolist() == [1.0, 0.0]
    assert np.flatnonzero(rows[:, column.SLIP]).tolist() == [501]
    assert rows[:, column.SLIP].sum() == 0.02
    assert rows[49:51, column.PREPARED].tolist() == [0.0, 1.0]


def test_two_wishes_at_one_tick_follow_each_other() -> None:
    rows = eventful().ticks(0, 100)
    assert rows[60:62, column.ASK].tolist() == [v.ASK_BIND, v.ASK_ARM]


def test_a_cough_is_as_strong_as_it_is_told() -> None:
    quiet, loud = world().ticks(0, 1000), eventful().ticks(0, 1000)
    extra = loud[:, column.FORCE] - quiet[:, column.FORCE]
    assert extra.max() == pytest.approx(80.0, abs=0.1)
    assert np.flatnonzero(extra > 1e-9).min() in {400, 401}
    assert np.flatnonzero(extra > 1e-9).max() <= 461


@pytest.mark.parametrize(("there", "back"), [("clinician-stop", "clinician-reset"), ("power-loss", "power-back")])
def test_what_is_undone_is_as_before(there: str, back: str) -> None:
    made = world()
    before = made.ticks(0, 1)[0, column.SWITCHES]
    made.happen(there, 10)
    made.happen(back, 20)
    rows = made.ticks(0, 40)[:, column.SWITCHES]
    assert rows[15] == int(before) & ~SWITCH_CHANGES[there][1]
    assert rows[30] == before


def test_another_seed_is_another_noise_and_the_noise_is_standard_normal() -> None:
    one, two = (world(seed).ticks(0, 20000)[:, column.CHANCE_A : column.CHANCE_B + 1] for seed in (1, 2))
    assert not np.array_equal(one, two)
    assert one.mean() == pytest.approx(0.0, abs=0.02)
    assert one.std() == pytest.approx(1.0, abs=0.02)
    assert abs(np.corrcoef(one.T)[0, 1]) < 0.03
