"""A table that does not pass its own checks treats nobody: the power-on test, and the trials of its stops at 500 N."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opentraction.control.settings import TICK
from opentraction.quantities import BadInput, Streams
from opentraction.quantities import vocabulary as v
from opentraction.quantities.clock import FakeClock
from opentraction.session.checks.check_book import CheckBook
from opentraction.session.checks.finding import Finding, sentence
from opentraction.session.checks.stop_trial import CHECKLIST, CLINICIAN, REMOTE
from opentraction.session.conductor import Conductor
from opentraction.session.session import Binding
from opentraction.table.port import Checked, Command, Reading
from opentraction.twin.simulated_table import SimulatedTable
from tests.lab import short_plan
from tests.unit.test_conductor import Ear

PLAN = short_plan(200.0)
Change = Callable[[Reading], Reading]


class OddTable(SimulatedTable):
    """A simulated table of which something is not as it should be."""

    odd: Change = staticmethod(lambda reading: reading)
    runs_away = False
    own: tuple[Checked, ...] = ()

    def read(self) -> Reading:
        return self.odd(super().read())

    def write(self, command: Command) -> None:
        super().write(Command(command.speed, True) if self.runs_away and command.speed else command)

    def own_checks(self) -> tuple[Checked, ...]:
        return self.own


class Bench:
    """A table with its book, and time that moves when told."""

    def __init__(self, folder: Path, seed: int = 1, *, treated: bool = False) -> None:
        self.clock = FakeClock()
        self.path = folder / "table" / "checks.jsonl"
        self.table = OddTable(self.clock, Streams(seed))
        self.conductor = self._conductor(treated)

    def _conductor(self, treated: bool) -> Conductor:
        book = CheckBook(self.path, self.clock.civil(), treated=treated)
        return Conductor(self.table, lambda binding: [], self.clock.civil, checks=book)

    def switched_on_again(self) -> None:
        self.conductor = self._conductor(treated=True)
        self.power_on()

    def run(self, seconds: float) -> None:
        for n in range(round(seconds / TICK)):
            self.clock.seconds += TICK
            if n % 100 == 0:
                self.conductor.lease()
            self.conductor.step()

    def power_on(self) -> None:
        self.conductor.self_test()
        while self.conductor.checks.testing:
            self.run(TICK)

    @property
    def failed(self) -> str:
        assert self.book.power_on is not None
        return sentence(self.book.power_on)

    @property
    def book(self) -> CheckBook:
        return self.conductor.checks.book

    def happen(self, *what: str) -> None:
        for one in what:
            self.table.happen(one)
            self.run(0.3)

    def pull(self, stop: str) -> None:
        """A trial up to its force."""
        self.conductor.bind_trial(stop, f"trial-{len(self.book.tried)}-{self.clock.seconds:.0f}", "Ada")
        self.run(0.1)
        for item in CHECKLIST:
            self.conductor.check(item, True, "Ada")
        self.happen("remote-plug", "remote-press", "remote-release")
        for ask in (v.ASK_ARM, v.ASK_START):
            self.conductor.ask(ask, 0.0, lambda ok, why: None if ok else pytest.fail(why))
            self.run(0.1)
        while v.PHASE_NAMES[self.conductor.phase] != "hold":
            self.run(0.5)
        self.run(2.0)

    def trial(self, stop: str, *press: str) -> dict[str, Any]:
        """A whole trial; how it stands in the book."""
        self.pull(stop)
        self.happen(*press)
        self.run(9.0)
        self.book.flush()
        self.conductor.ask(v.ASK_UNBIND, 0.0, lambda ok, why: None)
        self.happen("clinician-reset", "remote-release")
        return self.book.tried[stop]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# --- power-on ---


@pytest.mark.parametrize("seed", range(12))
def test_a_table_that_is_well_passes(tmp_path: Path, seed: int) -> None:
    bench = Bench(tmp_path, seed)
    with pytest.raises(BadInput, match="not through yet"):
        bench.conductor.check_at_rest()
    bench.power_on()
    assert bench.failed == ""
    assert len(bench.book.power_on or []) > 10
    bench.conductor.check_at_rest()
    assert [one["doc"] for one in lines(bench.path)] == ["begun", "power-on test"]


WRONG: dict[str, tuple[Change, str]] = {
    "A cell shows a load": (lambda r: r._replace(force=r.force + 40.0), "load cell A at rest reads"),
    "The guard's cell shows a load": (lambda r: r._replace(guard_force=r.guard_force - 12.5), "load cell B at rest"),
    "The cells differ": (
        lambda r: r._replace(force=r.force + 7.0, guard_force=r.guard_force - 7.0),
        "difference of the load cells",
    ),
    "A cell hangs": (lambda r: r._replace(force=1.0), "load cell A varies by 0.00 N"),
    "A cell is wild": (lambda r: r._replace(guard_force=r.guard_force + 9.0 * math.sin(2000.0 * r.t)), "load cell B"),
    "A cell is no number": (lambda r: r._replace(force=math.nan), "load cell A at rest reads nan N"),
    "A cell is infinite": (lambda r: r._replace(guard_force=math.inf), "load cell B"),
    "The drum creeps": (lambda r: r._replace(travel=r.travel + 0.001 * r.t), "drum at rest"),
    "The drum is no number": (lambda r: r._replace(travel=math.nan), "drum at rest"),
    "The stop is pressed": (lambda r: r._replace(switches=r.switches & ~v.CLINICIAN_LOOP & ~v.CLINICIAN_LOOP_B), "out"),
    "A channel is open": (lambda r: r._replace(switches=r.switches & ~v.CLINICIAN_LOOP_B), "one channel open"),
    "A channel is welded": (lambda r: r._replace(switches=r.switches | v.REMOTE_LOOP_A), "patient remote one channel"),
    "No mains": (lambda r: r._replace(switches=r.switches & ~v.POWER_GOOD), "mains not ready"),
    "No drive": (lambda r: r._replace(switches=r.switches & ~v.DRIVE_READY), "drive not ready"),
    "The clock stands": (lambda r: r._replace(t=min(r.t, 0.5)), "clock 0 to 5 ms"),
    "The clock jumps": (lambda r: r._replace(t=r.t + (3.0 if r.t > 0.5 else 0.0)), "clock 5 to 3005 ms"),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_fault_is_found_and_nobody_is_bound(bench: Bench, what: str) -> None:
    bench.table.odd, told = WRONG[what][0], WRONG[what][1]
    bench.power_on()
    assert told in bench.failed
    with pytest.raises(BadInput, match="power-on test"):
        bench.conductor.check_at_rest()
    with pytest.raises(BadInput, match="power-on test"):
        bench.conductor.bind_trial(REMOTE, "trial-0001", "Ada")
    bench.table.odd = OddTable.odd
    bench.power_on()
    bench.conductor.check_at_rest()
    assert [one["passed"] for one in lines(bench.path)[1:]] == [False, True]


def test_a_table_that_pulls_without_permission_is_found(bench: Bench) -> None:
    bench.table.runs_away = True
    bench.power_on()
    assert "drum at rest and without permission moves" in bench.failed


def test_what_the_table_found_by_itself_counts(bench: Bench) -> None:
    bench.table.own = (Checked("drive object 6072h", False, "is 900", "1000"),)
    bench.power_on()
    assert bench.failed == "drive object 6072h is 900 (allowed: 1000)"


def test_a_bound_table_is_not_tested(bench: Bench) -> None:
    bench.power_on()
    bench.conductor.bind_trial(REMOTE, "trial-0001", "Ada")
    with pytest.raises(BadInput, match="nobody bound"):
        bench.conductor.self_test()


def binding(number: int) -> Binding:
    return Binding(f"session-{number}", PLAN, {"pseudonym": "017"}, {"kind": "virtual"}, "Ada", 1)


def test_before_each_session_the_cells_are_looked_at_again(bench: Bench) -> None:
    bench.power_on()
    bench.run(1.0)
    bench.table.odd = lambda r: r._replace(guard_force=r.guard_force + 25.0)
    bench.run(1.0)
    for number in (1, 2):  # asking twice does not help
        with pytest.raises(BadInput, match="load cell B at rest reads 2"):
            bench.conductor.bind(binding(number))
    bench.table.odd = OddTable.odd
    bench.run(1.0)
    ear = Ear()
    bench.conductor._make_listeners = lambda one: [ear]
    bench.conductor.bind(binding(3))
    (note,) = [one for one in ear.documents if one.get("text") == "cells and drum checked at rest"]
    assert all(one["passed"] for one in note["data"]["findings"])


# --- trials ---


@pytest.mark.parametrize(("stop", "press"), [(REMOTE, "remote-press"), (CLINICIAN, "clinician-stop")])
def test_a_stop_that_works_passes_at_500_n(bench: Bench, stop: str, press: str) -> None:
    bench.power_on()
    kept = bench.trial(stop, press)
    assert kept["passed"], kept["why"]
    assert kept["by"] == "Ada"
    told = {one["name"]: one["saw"] for one in kept["findings"]}
    assert told["channels of the stop that opened"] == "both"
    assert 490.0 < float(told["force at the press"].split()[0]) < 510.0
    assert 0.5 < float(told["cord slack after"].split()[0]) < 2.75
    assert lines(bench.path)[-1]["stop"] == stop


def one_channel(r: Reading) -> Reading:
    return r._replace(switches=r.switches | v.REMOTE_LOOP_B if r.switches & v.REMOTE_PLUGGED else r.switches)


def test_a_welded_channel_is_found_though_the_release_is_good(bench: Bench) -> None:
    bench.power_on()
    bench.pull(REMOTE)
    bench.table.odd = one_channel
    bench.happen("remote-press")
    bench.run(9.0)
    bench.book.flush()
    assert "channels of the stop that opened one of two" in bench.book.tried[REMOTE]["why"]
    bench.table.odd = OddTable.odd
    bench.happen("remote-release")
    bench.conductor.ask(v.ASK_UNBIND, 0.0, lambda ok, why: None)
    bench.run(1.0)
    with pytest.raises(BadInput, match="trial of the patient remote failed"):
        bench.conductor.check_at_rest()
    assert bench.trial(REMOTE, "remote-press")["passed"]
    bench.conductor.check_at_rest()


def test_a_stop_that_does_nothing_is_found_by_the_other_one(bench: Bench) -> None:
    bench.power_on()
    kept = bench.trial(REMOTE, "clinician-stop")
    assert not kept["passed"]
    assert kept["why"] == "patient remote at 500 N not pressed at that force (allowed: pressed in the hold)"


def test_a_release_that_is_too_slow_is_found(bench: Bench) -> None:
    bench.power_on()
    bench.pull(REMOTE)
    bench.table.odd = lambda r: r._replace(force=r.force + 30.0 if r.force < 480.0 else r.force)
    bench.happen("remote-press")
    bench.run(12.0)
    bench.conductor.ask(v.ASK_UNBIND, 0.0, lambda ok, why: None)
    bench.run(0.1)
    bench.book.flush()
    assert "cord slack after never" in bench.book.tried[REMOTE]["why"]


def test_a_trial_that_never_came_to_its_force_is_none(bench: Bench) -> None:
    bench.power_on()
    bench.conductor.bind_trial(REMOTE, "trial-0001", "Ada")
    bench.run(0.5)
    bench.conductor.ask(v.ASK_UNBIND, 0.0, lambda ok, why: None)
    bench.run(0.5)
    assert bench.book.tried == {}
    bench.conductor.check_at_rest()


def test_only_known_stops_are_tried(bench: Bench) -> None:
    bench.power_on()
    with pytest.raises(BadInput, match="patient remote, clinician stop"):
        bench.conductor.bind_trial("doorbell", "trial-0001", "Ada")


# --- the book ---


def test_after_a_day_it_is_due_and_after_two_nobody_is_bound(bench: Bench) -> None:
    bench.power_on()
    bench.run(2.0)
    assert not bench.conductor.checks.due
    bench.clock.started += timedelta(hours=25)
    bench.run(2.0)
    assert bench.conductor.checks.due
    assert [one.alarm.id for one in bench.conductor.board.standing()] == ["A16"]
    bench.conductor.check_at_rest()
    bench.clock.started += timedelta(hours=24)
    with pytest.raises(BadInput, match="not tried for more than 2 days"):
        bench.conductor.check_at_rest()
    assert bench.trial(REMOTE, "remote-press")["passed"]
    with pytest.raises(BadInput, match="clinician stop was not tried"):
        bench.conductor.check_at_rest()
    assert bench.trial(CLINICIAN, "clinician-stop")["passed"]
    bench.conductor.check_at_rest()
    bench.run(3.0)
    assert not bench.conductor.checks.due
    bench.switched_on_again()
    bench.conductor.check_at_rest()


def test_a_restart_forgets_no_failed_trial(bench: Bench) -> None:
    bench.power_on()
    assert not bench.trial(REMOTE, "clinician-stop")["passed"]
    bench.switched_on_again()
    with pytest.raises(BadInput, match="trial of the patient remote failed"):
        bench.conductor.check_at_rest()


@pytest.mark.parametrize("how", ["lost", "emptied"])
def test_without_a_book_where_people_were_treated_both_stops_are_due(bench: Bench, how: str) -> None:
    bench.power_on()
    if how == "lost":
        bench.path.unlink()
    else:
        bench.path.write_text("")
    bench.switched_on_again()
    bench.conductor.check_at_rest()
    bench.clock.started += timedelta(minutes=1)
    assert bench.book.due(bench.clock.civil())
    bench.clock.started += timedelta(hours=24)
    with pytest.raises(BadInput, match="not tried for more than 2 days"):
        bench.conductor.check_at_rest()


def test_a_book_that_was_changed_proves_nothing(bench: Bench) -> None:
    bench.power_on()
    bench.path.write_text(bench.path.read_text().replace('"passed":true', '"passed":false', 1))
    bench.switched_on_again()
    with pytest.raises(BadInput, match="not tried for more than 2 days"):
        bench.conductor.check_at_rest()
    assert len(list(bench.path.parent.glob("checks.jsonl.*"))) == 1


def test_a_last_line_that_was_torn_costs_that_line_alone(bench: Bench) -> None:
    bench.power_on()
    whole = bench.path.read_bytes()
    bench.path.write_bytes(whole + b'{"doc":"stop tri')
    bench.switched_on_again()
    bench.conductor.check_at_rest()
    assert [one["doc"] for one in lines(bench.path)] == ["begun", "power-on test", "power-on test"]


def test_a_clock_that_was_set_back_fails(bench: Bench) -> None:
    bench.power_on()
    bench.clock.started -= timedelta(days=2)
    bench.switched_on_again()
    assert "civil clock" in bench.failed


def test_what_is_not_on_the_disk_permits_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.power_on()
    good = [Finding("force", True, "500 N", "500 N")]

    def full(path: Path, doc: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("opentraction.session.checks.check_book.append_line", full)
    bench.book.trial(REMOTE, good, "Ada", "trial-0001", bench.clock.civil())
    bench.book.flush()
    assert bench.book.tried == {}
    assert "No space left" in bench.book.trouble
    bad = [Finding("force", False, "300 N", "500 N")]
    bench.book.trial(REMOTE, bad, "Ada", "trial-0002", bench.clock.civil())
    bench.book.flush()
    assert not bench.book.tried[REMOTE]["passed"]
