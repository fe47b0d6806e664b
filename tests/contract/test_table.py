"""What every table plug must do, whoever stands behind it. A new tenant joins with one line in `TABLES`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from opentraction.quantities import BadInput, FakeClock, Streams
from opentraction.quantities import vocabulary as v
from opentraction.table.port import HALT, Command, Reading, Table
from opentraction.table.replay.table import Moment, ReplayTable
from opentraction.twin.simulated_table import SimulatedTable
from tests.bus_bench import BusBench, TableOnBench, Yes

TICK = 0.005


class Bench(NamedTuple):
    """A table with its clock, and a way to open and close its switches."""

    table: Table
    clock: FakeClock
    happen: Callable[[str], None]
    end: Callable[[], None] = lambda: None


def simulated() -> Bench:
    clock = FakeClock()
    table = SimulatedTable(clock, Streams(1))
    table.lie_down(75.0, "bench", split=True, angle=0.0)
    return Bench(table, clock, table.happen)


def canopen() -> Bench:
    made = BusBench(Yes)
    made.idle(0.1)
    made.configure()
    made.machine.lie_down(75.0, "bench", split=True, angle=0.0)
    made.idle(0.1)
    return Bench(TableOnBench(made), made.clock, made.machine.happen, made.close)


class Taped:
    """A table of which every reading and every command is kept."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._moments: list[Moment] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def write(self, command: Command) -> None:
        self._moments.append(Moment(self._table.read(), command))
        self._table.write(command)

    def moments(self) -> list[Moment]:
        return [*self._moments, Moment(self._table.read())]


def replayed(request: pytest.FixtureRequest) -> Bench:
    """What the simulated table does in this very test, recorded, and played again."""
    first = simulated()
    taped = Taped(first.table)
    first.happen("remote-plug")
    callspec = getattr(request.node, "callspec", None)
    given = {name: value for name, value in (callspec.params if callspec else {}).items() if name != "bench"}
    request.function(first._replace(table=taped), **given)
    return Bench(ReplayTable(taped.moments(), first.table.describe()), FakeClock(), lambda what: None)


TABLES: dict[str, Callable[[], Bench]] = {"simulated": simulated, "canopen": canopen}


@pytest.fixture(params=[*TABLES, "replay"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = replayed(request) if request.param == "replay" else TABLES[request.param]()
    made.happen("remote-plug")
    yield made
    made.end()
    assert getattr(made.table, "departures", []) == []


def run(bench: Bench, command: Command, seconds: float) -> list[Reading]:
    """Write the command every tick, as a session does, and read before each."""
    readings = []
    for _ in range(round(seconds / TICK)):
        readings.append(bench.table.read())
        bench.table.write(command)
        bench.clock.seconds += TICK
    return readings


def tension(bench: Bench, least: float = 100.0) -> None:
    """Pull until the cell reads `least` [N]."""
    for _ in range(20):
        if run(bench, Command(0.01, True), 0.5)[-1].force >= least:
            return
    pytest.fail("never under tension")


def test_a_reading_holds_finite_numbers_and_known_switches(bench: Bench) -> None:
    for reading in run(bench, HALT, 1.0):
        assert isinstance(reading, Reading)
        assert all(math.isfinite(value) for value in reading[:5])
        assert isinstance(reading.switches, int)
        assert 0 <= reading.switches < 256
    assert reading.switches & v.ALL_WELL == v.ALL_WELL


def test_time_never_runs_backwards(bench: Bench) -> None:
    times = [reading.t for reading in run(bench, HALT, 0.5)]
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(0.5 - TICK)


def test_reading_twice_changes_nothing(bench: Bench) -> None:
    run(bench, Command(0.01, True), 0.2)
    assert bench.table.read() == bench.table.read()


def test_pulling_takes_the_cable_in_and_paying_out_lets_it_go(bench: Bench) -> None:
    tension(bench)
    before = bench.table.read()
    paid = run(bench, Command(-0.01, True), 0.5)[-1]
    assert paid.travel < before.travel
    assert paid.speed == pytest.approx(-0.01, abs=0.001)
    assert paid.force < before.force


def test_both_cells_see_the_same_pull(bench: Bench) -> None:
    tension(bench)
    reading = run(bench, Command(0.0, True), 0.5)[-1]
    assert reading.guard_force == pytest.approx(reading.force, abs=5.0)


def test_halt_means_no_torque(bench: Bench) -> None:
    """The loaded cable runs out by itself; nothing holds the patient."""
    tension(bench, 200.0)
    held = run(bench, Command(0.0, True), 1.0)[-1].force
    let_go = run(bench, HALT, 3.0)
    assert held > 150.0
    assert let_go[-1].force < 0.5 * held
    assert let_go[-1].travel < let_go[0].travel


@pytest.mark.parametrize("asked", [1.0, 1e9, math.inf])
def test_the_drives_own_cap_holds_a_pull(bench: Bench, asked: float) -> None:
    speeds = [reading.speed for reading in run(bench, Command(asked, True), 1.0)]
    assert max(speeds) <= 0.0201
    assert max(speeds) < 0.0201 if math.isfinite(asked) else max(speeds) <= 0.0201


@pytest.mark.parametrize("asked", [-10.0, -1e9])
def test_the_drives_own_cap_holds_a_payout(bench: Bench, asked: float) -> None:
    assert min(reading.speed for reading in run(bench, Command(asked, True), 1.0)) >= -0.33


def test_a_command_that_is_no_number_moves_nothing(bench: Bench) -> None:
    tension(bench)
    run(bench, Command(0.0, True), 0.2)
    speeds = [reading.speed for reading in run(bench, Command(math.nan, True), 0.5)]
    assert max(abs(speed) for speed in speeds) < 0.001


def test_the_torque_cap_holds_whatever_is_asked(bench: Bench) -> None:
    readings = run(bench, Command(0.02, True), 60.0)
    assert max(reading.force for reading in readings) < 1300.0


@pytest.mark.parametrize(("stop", "timer"), [("remote-press", 5.0), ("clinician-stop", 3.0), ("power-loss", 10.0)])
def test_the_stop_timer_takes_the_torque_whatever_software_does(bench: Bench, stop: str, timer: float) -> None:
    tension(bench, 200.0)
    run(bench, Command(0.0, True), 0.5)
    bench.happen(stop)
    held = run(bench, Command(0.0, True), timer - 0.1)[-1].force
    after = run(bench, Command(0.02, True), 3.0)
    assert held > 150.0
    assert after[-1].force < 0.5 * held
    assert all(reading.speed <= 0.001 for reading in after[50:])


def test_the_torque_comes_back_only_with_whole_loops(bench: Bench) -> None:
    bench.happen("clinician-stop")
    run(bench, HALT, 3.5)
    assert max(reading.speed for reading in run(bench, Command(0.01, True), 1.0)) <= 0.0
    bench.happen("clinician-reset")
    assert max(reading.speed for reading in run(bench, Command(0.01, True), 1.0)) > 0.005


@pytest.mark.parametrize(
    ("what", "bit"),
    [
        ("remote-press", v.REMOTE_LOOP_A | v.REMOTE_LOOP_B),
        ("remote-unplug", v.REMOTE_PLUGGED),
        ("clinician-stop", v.CLINICIAN_LOOP),
        ("power-loss", v.POWER_GOOD),
    ],
)
def test_a_switch_is_seen_at_the_next_tick(bench: Bench, what: str, bit: int) -> None:
    assert run(bench, HALT, 0.1)[-1].switches & bit == bit
    bench.happen(what)
    bench.table.write(HALT)
    assert bench.table.read().switches & bit == 0


def test_it_describes_itself_in_strict_json(bench: Bench) -> None:
    told = bench.table.describe()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["kind"]
    assert bench.table.kind


def test_a_simulation_is_offered_in_so_many_words_or_not_at_all(bench: Bench) -> None:
    simulation = bench.table.simulation
    if simulation is None:
        return
    tension(bench)
    assert simulation.true_force() == pytest.approx(bench.table.read().force, abs=10.0)
    with pytest.raises(BadInput, match="one of "):
        simulation.happen("earthquake")
    simulation.lie_down(60.0, "another", split=False, angle=0.1)
    assert simulation.true_force() < 1.0


def test_a_closed_table_holds_no_torque_and_closing_twice_is_harmless(bench: Bench) -> None:
    bench.table.close()
    bench.table.close()
    before = bench.table.read().travel
    assert max(reading.travel for reading in run(bench, Command(0.01, True), 1.0)) <= before


def test_what_it_checks_by_itself_is_well(bench: Bench) -> None:
    found = bench.table.own_checks()
    assert all(one.passed for one in found), found


def test_a_replay_notes_what_is_asked_otherwise_and_is_gone_after_its_last_reading() -> None:
    first = simulated()
    taped = Taped(first.table)
    run(first._replace(table=taped), Command(0.01, True), 1.0)
    table = ReplayTable(taped.moments())
    for tick in range(200):
        before = table.read()
        table.write(Command(0.01 if tick != 100 else 0.02, True))
        assert before.t == pytest.approx(tick * TICK)
    assert [(one.tick, one.then.speed, one.now.speed) for one in table.departures] == [(100, 0.01, 0.02)]
    table.write(HALT)
    assert table.over
    with pytest.raises(ConnectionError, match="the recording is over"):
        table.read()
    with pytest.raises(ValueError, match="nothing"):
        ReplayTable([])
