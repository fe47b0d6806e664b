"""The table's own checks on the bus, where the guard stands elsewhere: it is asked to fail, and has to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from opentraction.quantities import vocabulary as v
from opentraction.session.checks.finding import sentence
from opentraction.session.checks.stop_trial import CHECKLIST, REMOTE
from opentraction.twin.nodes.drive import Drive
from tests.bus_bench import BusRoom, Yes


@pytest.fixture
def room() -> Iterator[BusRoom]:
    made = BusRoom()
    yield made
    made.close()


def checked(room: BusRoom) -> str:
    """What the power-on test finds wrong."""
    room.conductor.self_test()
    room.run(2.0)
    assert not room.conductor.checks.testing
    return sentence(room.conductor.checks.book.power_on or [])


def test_a_bus_that_is_well_passes(room: BusRoom) -> None:
    assert checked(room) == ""
    told = {one.name: one.saw for one in room.conductor.checks.book.power_on or []}
    assert told["configuration of the bus"].endswith("objects read back")
    assert told["drive without a word of control, then of the guard"] == "not ready, and ready again"


def test_a_guard_that_permits_whatever_it_sees_is_found(room: BusRoom) -> None:
    room.bench.guard.__class__ = Yes
    assert "drum at rest and without permission moves" in checked(room)


def test_a_drive_that_misses_nobody_is_found(room: BusRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    well = Drive.moving

    def deaf(drive: Drive, *given: Any) -> Any:
        made = well(drive, *given)
        drive.ready = True
        return made

    monkeypatch.setattr(Drive, "moving", deaf)
    assert "drive: watch on control is not armed" in checked(room)


def test_a_dead_guard_and_then_silent_nodes_are_found(room: BusRoom) -> None:
    room.bench.guard_lives = False
    room.run(1.0)
    assert "drive not ready" in checked(room)
    room.bench.nodes_live = False
    room.run(1.0)
    assert "configuration of the bus" in checked(room)


def test_a_stop_is_tried_there_too(room: BusRoom) -> None:
    assert checked(room) == ""
    room.conductor.bind_trial(REMOTE, "trial-0001", "Ada")
    room.run(0.1)
    for item in CHECKLIST:
        room.conductor.check(item, True, "Ada")
    for what in ("remote-plug", "remote-press", "remote-release"):
        room.bench.machine.happen(what)
        room.run(0.3)
    for ask in (v.ASK_ARM, v.ASK_START):
        assert room.ask(ask) == (True, "")
    room.until(v.HOLD)
    room.run(1.0)
    room.bench.machine.happen("remote-press")
    room.run(8.0)
    room.conductor.checks.book.flush()
    kept = room.conductor.checks.book.tried[REMOTE]
    assert kept["passed"], kept["why"]
