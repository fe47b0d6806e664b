"""One plan and one person on two tables: on the bus the force is pulled as it is without one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from opentraction.quantities import FakeClock, Streams
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.conductor import CHECKLIST, Conductor
from opentraction.session.rows import Rows
from opentraction.session.session import Binding
from opentraction.twin.simulated_table import SimulatedTable
from tests.bus_bench import BusRoom, Heard
from tests.lab import short_plan

PLAN = short_plan(300.0, hold=10.0)
TICK = 0.005


class VirtualRoom:
    """The same people and the same acts on the table without a bus."""

    def __init__(self, seed: int = 1) -> None:
        self.clock, self.heard = FakeClock(100.0), Heard()
        self.table = SimulatedTable(self.clock, Streams(seed))
        self.conductor = Conductor(self.table, lambda binding: [self.heard], self.clock.civil)

    def run(self, seconds: float) -> None:
        for tick in range(round(seconds / TICK)):
            if tick % 100 == 0:
                self.conductor.lease()
            self.conductor.step()
            self.clock.seconds += TICK

    def start(self) -> None:
        self.conductor.bind(Binding("session-1", PLAN, {"pseudonym": "017"}, self.table.describe(), "Ada", 1))
        self.run(0.05)
        for item in CHECKLIST:
            self.conductor.check(item, True, "Ada")
        for what in ("remote-plug", "remote-press", "remote-release"):
            self.table.happen(what)
            self.run(0.3)
        for ask in (v.ASK_ARM, v.ASK_START):
            self.conductor.ask(ask, 0.0, lambda ok, why: None)
            self.run(0.1)


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Rows, Rows]]:
    bus, virtual = BusRoom(), VirtualRoom()
    virtual.run(1.5)
    bus.start(PLAN)
    virtual.start()
    for room in (bus, virtual):
        room.run(PLAN.total_time + 10.0)
    yield pull_of(bus.heard), pull_of(virtual.heard)
    bus.close()


def pull_of(heard: Heard) -> Rows:
    """The rows from the start of the pull on."""
    rows = np.concatenate(heard.blocks)
    return rows[int(np.argmax(rows[:, r.PHASE] >= v.PRETENSION)) :]


def phases_of(rows: Rows) -> list[tuple[int, float]]:
    """Each phase that is entered, and when [s]."""
    entered = np.flatnonzero(np.diff(rows[:, r.PHASE])) + 1
    return [(int(rows[at, r.PHASE]), float(rows[at, r.T] - rows[0, r.T])) for at in entered]


def test_both_go_through_the_same_phases_at_the_same_time(both: tuple[Rows, Rows]) -> None:
    bus, virtual = map(phases_of, both)
    assert [phase for phase, _ in bus] == [phase for phase, _ in virtual]
    apart = [abs(one - other) for (_, one), (_, other) in zip(bus, virtual, strict=True)]
    print(f"phases apart by {1000.0 * max(apart):.0f} ms at most")
    assert max(apart) <= 0.1


def test_the_force_is_the_same(both: tuple[Rows, Rows]) -> None:
    count = min(len(rows) for rows in both)
    bus, virtual = (rows[:count] for rows in both)
    apart = np.abs(bus[:, r.TRUE_FORCE] - virtual[:, r.TRUE_FORCE])
    rms, most = float(np.sqrt(np.mean(apart**2))), float(apart.max())
    hold = float(apart[(bus[:, r.PHASE] == v.HOLD) & (virtual[:, r.PHASE] == v.HOLD)].max())
    print(f"true force apart: {rms:.2f} N rms, {most:.1f} N at most, {hold:.1f} N in holds")
    assert rms < 3.0
    assert hold < 5.0
