"""Every alarm of the book: its condition is brought about at a table, and the first row that carries it is timed.

The conductor, control and guard are the shipping ones; the table is a spring on a drum that does what it is told, and
what is wrong with it is put on by hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from opentraction.control.settings import TICK
from opentraction.quantities import vocabulary as v
from opentraction.session.alarm_board import ORDER
from opentraction.session.alarm_book import alarm_book
from opentraction.session.alarm_schedule import Schedule
from opentraction.session.conductor import Conductor
from opentraction.session.lockout import Lockout
from opentraction.session.rows import ALARMS
from opentraction.session.telemetry import telemetry
from opentraction.table.port import Command, Reading
from tests.lab import Event, Setup, body, play, short_plan
from tests.unit.test_conductor import LOOPS, PLUGGED, MockTable, Room

PLAN = short_plan(300.0, hold=30.0)
HOLD_AT = 14.0
"""Seconds after the start in which the force is up."""


@dataclass
class Bench(MockTable):
    """A table with hands on it."""

    push: float = 0.0
    """Force that somebody adds [N]."""
    swing: float = 0.0
    """Tremor of that force [N], so that a cell that shows it is not called frozen."""
    frozen: bool = False
    """Of the guard's cell; that of control is told by the other."""
    silent: bool = False
    broken: bool = False
    runs: float = 0.0
    """Speed of a drive that no longer hears [m/s]."""
    jammed: bool = False
    stuck: float = 0.0

    def read(self) -> Reading:
        r = super().read()
        more = self.push + self.swing * math.sin(50.0 * self.now)
        left = 0.0 if self.broken else 1.0
        guard = self.stuck if self.frozen else max(0.0, left * r.guard_force + more + 0.01 * (len(self.commands) % 3))
        self.stuck = guard
        return r._replace(force=math.nan if self.silent else max(0.0, left * r.force + more), guard_force=guard)

    def write(self, command: Command) -> None:
        stays = self.travel
        super().write(command if not self.runs else Command(self.runs, True))
        if self.jammed:
            self.travel, self.speed = stays, 0.0


class Site(Room):
    """A conductor at such a table."""

    def __init__(self, lockout: Lockout | None = None) -> None:
        super().__init__()
        self.table = Bench()
        self.conductor = Conductor(
            self.table, lambda binding: [self.ear], lambda: datetime(2026, 1, 1, tzinfo=UTC), lockout=lockout
        )
        self.conductor.connected(True)
        self.run(0.1)

    def pulling(self) -> None:
        self.start(PLAN)
        self.run(HOLD_AT)
        assert self.phase == "hold"


Begin = Callable[[Site], None]
Drive = Callable[[Site], None]


def set_(**what: object) -> Drive:
    def drive(site: Site) -> None:
        for name, value in what.items():
            setattr(site.table, name, value)

    return drive


def switch(bits: int) -> Drive:
    return lambda site: setattr(site.table, "switches", site.table.switches & ~bits)


def late(site: Site) -> None:
    site.table.now += 0.2


def jam(site: Site) -> None:
    site.table.jammed = True
    site.conductor.ask(v.ASK_STOP, v.BY_CONSOLE, lambda ok, why: None)


def until_torque_off(site: Site) -> None:
    """A release that jams: all the time that it may take goes by first."""
    site.pulling()
    jam(site)
    while site.conductor.phase != v.TORQUE_OFF:
        before = site.conductor.phase
        assert before in {v.HOLD, v.CONSOLE_RELEASE, v.FAULT_RELEASE, v.CLINICIAN_RELEASE}
        if "A9" in standing(site):
            return
        site.conductor.step()


def until_the_end(site: Site) -> None:
    site.start(PLAN)
    while site.conductor.phase != v.END_RELEASE and "A18" not in standing(site):
        if round(site.table.now / TICK) % 100 == 0:
            site.conductor.lease()
        site.conductor.step()


def nothing(site: Site) -> None:
    """The condition holds already, or comes by itself."""


def idle(site: Site) -> None:
    """Nobody is bound."""


@dataclass(frozen=True)
class Case:
    begin: Begin
    drive: Drive
    end: Drive = nothing
    """Takes the condition away again."""
    watched: bool = True


def trouble(words: str) -> Drive:
    return lambda site: setattr(site.conductor, "recording_trouble", words)


CASES = {
    "A1": Case(Site.pulling, switch(LOOPS)),
    "A2": Case(Site.pulling, switch(v.CLINICIAN_LOOP)),
    "A3": Case(Site.pulling, set_(push=1100.0, swing=5.0)),
    "A3 machine": Case(Site.pulling, set_(push=60.0, runs=0.01)),
    "A4": Case(Site.pulling, set_(push=60.0, swing=5.0), set_(push=0.0, swing=0.0)),
    "A5": Case(Site.pulling, set_(astray=80.0)),
    "A6": Case(Site.pulling, set_(silent=True)),
    "A6 frozen": Case(Site.pulling, set_(frozen=True)),
    "A7": Case(Site.pulling, set_(broken=True)),
    "A8": Case(Site.pulling, set_(push=90.0, swing=5.0, jammed=True)),
    "A9": Case(until_torque_off, nothing),
    "A10": Case(Site.pulling, late),
    "A11": Case(Site.pulling, switch(v.DRIVE_READY)),
    "A12": Case(Site.pulling, switch(v.POWER_GOOD)),
    "A13": Case(Site.pulling, lambda site: site.conductor.lease(), lambda site: site.conductor.lease(), watched=False),
    "A14": Case(Room.bind, nothing, Room.press_and_let_go),
    "A15": Case(Site.pulling, trouble("Not recording: No space left on device."), trouble("")),
    "A18": Case(until_the_end, nothing),
    "A19": Case(Site.pulling, switch(v.REMOTE_PLUGGED)),
    "A20": Case(Site.pulling, lambda site: site.conductor.ask(v.ASK_STOP, v.BY_CONSOLE, lambda ok, why: None)),
    "A21": Case(Site.pulling, lambda site: site.conductor.lease(), watched=False),
}
BY_ID = {alarm.id: alarm for alarm in v.ALARMS}
ELSEWHERE = {"A16", "A17"}
"""Not at a bound table: A16 in tests/safety/test_table_checks.py; a table whose log cannot be believed binds nobody."""


def standing(site: Site) -> dict[str, str]:
    return {s.alarm.id: s.state for s in site.conductor.board.standing()}


def driven(name: str) -> tuple[Site, float]:
    """The table with this alarm standing, and how long after the condition's beginning it came [s]."""
    case, id_ = CASES[name], name.split(maxsplit=1)[0]
    site = Site()
    case.begin(site)
    assert case.drive is nothing or id_ not in standing(site)
    began = site.table.now
    case.drive(site)
    for _ in range(round((alarm_book()[id_].within_s + 2.0) / TICK)):
        if id_ in standing(site):
            break
        site.run(TICK, watched=case.watched and round(site.table.now / TICK) % 200 == 0)
    assert id_ in standing(site), f"{name}: {standing(site)}"
    assert int(site.conductor.row[ALARMS]) & BY_ID[id_].bit, "the row carries what the board shows"
    return site, site.table.now - began


def test_every_alarm_is_driven_here_or_says_why_not() -> None:
    assert {name.split()[0] for name in CASES} | ELSEWHERE == set(alarm_book())
    assert {id_ for id_, entry in alarm_book().items() if entry.unraised} == set()


@pytest.mark.parametrize("name", CASES)
def test_it_comes_in_time_with_its_words_and_is_seen_to(name: str) -> None:
    site, took = driven(name)
    entry = alarm_book()[name.split(maxsplit=1)[0]]
    alarm = entry.alarm
    allowed = entry.late_s or entry.within_s
    assert took <= allowed + TICK + 1e-9, f"{1000 * took:.0f} ms of {1000 * allowed:.0f} ms"
    told = {one["id"]: one for one in telemetry(site.conductor, 1, 0.0, 0.0)["alarms"]}[alarm.id]
    assert (told["priority"], told["act"], told["state"]) == (alarm.priority, entry.act, "active")
    assert alarm.text.startswith(told["text"])
    assert told["since_s"] is not None
    order = [ORDER[s.alarm.priority] for s in site.conductor.board.standing()]
    assert order == sorted(order)
    phase, command = site.conductor.phase, site.table.commands[-1]
    site.conductor.acknowledge("Ada")
    assert standing(site)[alarm.id] == "acknowledged", "silenced, and still on the screen"
    assert (site.conductor.phase, site.table.commands[-1]) == (phase, command), "no hand on the pull"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.end is not nothing])
def test_what_is_over_stays_or_leaves_and_is_new_when_it_comes_back(name: str) -> None:
    site, _ = driven(name)
    id_, case = name.split(maxsplit=1)[0], CASES[name]
    first = {s.alarm.id: s.number for s in site.conductor.board.standing()}[id_]
    case.end(site)
    site.run(3.0)
    assert standing(site).get(id_) == ("latched" if BY_ID[id_].latching else None)
    if id_ == "A14":
        return
    case.drive(site)
    for _ in range(round((alarm_book()[id_].within_s + 0.1) / TICK)):
        site.run(TICK, watched=False)
        if standing(site).get(id_) == "active":
            break
    again = {s.alarm.id: s for s in site.conductor.board.standing()}[id_]
    assert (again.state, again.number > first) == ("active", True)


@pytest.mark.parametrize("name", ["A1", "A5", "A12", "A19", "A20"])
def test_a_worse_alarm_breaks_a_pause_of_the_sound_in_its_own_tick(name: str) -> None:
    site = Site()
    site.pulling()
    trouble("Not recording: No space left on device.")(site)
    site.run(0.1)
    schedule = Schedule(site.conductor.board)
    assert schedule.due(site.conductor.now) == "low"
    site.conductor.pause_sound("Ada")
    assert schedule.due(site.conductor.now) == "quiet"
    CASES[name].drive(site)
    heard = ""
    while not heard:
        site.run(TICK, watched=False)
        heard = schedule.due(site.conductor.now)
    assert heard == BY_ID[name].priority
    worst = site.conductor.board.standing()[0]
    assert (worst.alarm.id, worst.since) == (name, site.conductor.now)
    assert telemetry(site.conductor, 1, 0.0, 0.0)["sound"]["paused_s"] is None
    assert set(standing(site)) >= {name, "A15"}, "none is lost"


@pytest.mark.parametrize(("force", "within_s"), [(600.0, 0.15), (300.0, 0.29), (100.0, 0.91)])
def test_a_broken_cable_on_a_body_is_told_as_late_as_the_book_says(force: float, within_s: float) -> None:
    setup = Setup(short_plan(force), body())
    at = play(setup, 32.0, plain=True).middle(v.HOLD)
    rows = play(setup, at * TICK + 2.0, [Event(at, "cable-break")], plain=True).rows
    carries = np.flatnonzero(rows[:, ALARMS].astype(int) & BY_ID["A7"].bit)
    assert (carries[0] - at) * TICK == pytest.approx(within_s, abs=0.02)
    assert f"at {force:.0f} N within {within_s:.2f} s" in alarm_book()["A7"].unproved


def test_a_table_whose_log_cannot_be_believed_alarms_and_binds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lockouts.jsonl"
    path.write_bytes(b"\x00\xff" * 50)
    site = Site(Lockout(path))
    assert standing(site) == {"A17": "active"}
    assert site.phase == "lockout"
    site.conductor.reset("Ada", "Disk replaced, records compared.")
    site.run(0.01)
    assert standing(site) == {"A17": "latched"}


def test_alarms_of_the_last_session_stand_until_somebody_has_seen_them() -> None:
    site, _ = driven("A1")
    site.run(10.0)
    site.table.switches = PLUGGED
    assert site.ask(v.ASK_UNBIND)[0]
    assert standing(site) == {"A1": "latched"}
    site.bind(PLAN)
    told = telemetry(site.conductor, 1, 0.0, 0.0)["alarms"]
    assert (told[0]["id"], told[0]["since_s"], told[0]["text"]) == ("A1", None, "PATIENT STOP")
    site.conductor.acknowledge("Ada", [told[0]["number"]])
    assert "A1" not in standing(site)


def test_a_page_acknowledges_what_it_showed() -> None:
    site, _ = driven("A1")
    shown = [s.number for s in site.conductor.board.standing()]
    trouble("Not recording: No space left on device.")(site)
    site.run(0.1)
    site.conductor.acknowledge("Ada", shown)
    assert standing(site) == {"A1": "acknowledged", "A15": "active"}
