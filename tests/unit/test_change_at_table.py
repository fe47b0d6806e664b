"""A changed prescription over the table's socket: rehearsed, taken over, told; anything else one sentence."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from opentraction.app.aside import in_thread
from opentraction.prescription import Plan
from opentraction.quantities import FakeClock
from opentraction.quantities import vocabulary as v
from opentraction.session.change import prepare
from opentraction.session.telemetry import telemetry
from tests.clearing import clearance
from tests.lab import short_plan
from tests.unit.test_conductor import Room
from tests.unit.test_table_server import UID, Desk

PLAN = short_plan(300.0, hold=8.0, cycles=4)
GENTLER = short_plan(200.0, hold=8.0, cycles=4)
BIND: dict[str, Any] = {
    "do": "bind",
    "session": UID,
    "plan": PLAN.canonical(),
    "plan_sha256": PLAN.sha256,
    "operator": "Ada",
    "clearance": clearance(PLAN, FakeClock().civil()),
}


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr("tests.unit.test_conductor.PLAN", PLAN)
    made = Room()
    made.run(0.1)
    made.start()
    made.run(12.0)
    return made


def told(room: Room) -> list[dict[str, Any]]:
    return [doc["data"] for doc in room.ear.documents if doc["doc"] == "event" and "change" in doc["data"]]


def test_the_change_is_told_at_once_and_again_when_its_boundary_has_come(room: Room) -> None:
    rehearsed = prepare(room.conductor.running(), GENTLER).change
    assert told(room) == []
    assert telemetry(room.conductor, 1, 0.0, 0.0)["change"] is None
    change = room.change(GENTLER, "Ada")
    assert change == rehearsed
    now = telemetry(room.conductor, 1, 0.0, 0.0)
    assert now["bound"]["plan_sha256"] == change.plan.sha256
    assert (now["total_s"], now["cycles"]) == (change.plan.total_time, change.plan.cycles)
    assert now["change"] == {"at_s": change.at, "name": GENTLER.name, "words": change.words}
    assert [data["change"] for data in told(room)] == ["asked"]
    assert told(room)[0]["by"] == "Ada"
    assert Plan.from_canonical(json.dumps(told(room)[0]["plan"])) == change.plan
    room.run(change.at)
    assert [data["change"] for data in told(room)] == ["asked", "made"]
    assert telemetry(room.conductor, 2, 0.0, 0.0)["change"] is None
    for _ in range(80):
        room.run(0.5)
        if room.phase == "hold":
            break
    room.run(2.0)
    assert room.phase == "hold"
    assert room.conductor.row[1] == pytest.approx(200.0)
    assert room.conductor.row[2] == pytest.approx(200.0, abs=10.0)
    assert not room.conductor.tripped


def test_a_change_while_paused_waits_for_its_boundary(room: Room) -> None:
    room.ask(v.ASK_PAUSE)
    room.run(5.0)
    change = room.change(GENTLER, "Ada")
    room.run(5.0)
    assert [data["change"] for data in told(room)] == ["asked"]
    room.ask(v.ASK_RESUME)
    room.run(change.at + 5.0)
    assert [data["change"] for data in told(room)] == ["asked", "made"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "table.socket")
    yield made
    made.console.close()
    made.server.close()


def request(**other: Any) -> dict[str, Any]:
    plan = {"plan": GENTLER.canonical(), "plan_sha256": GENTLER.sha256}
    return {"do": "change", "operator": "Ada", "session": UID, **plan, **other}


def test_a_change_needs_a_treatment_under_way(desk: Desk) -> None:
    assert "nothing is bound" in desk.ask(**request())["why"]
    assert desk.ask(**BIND, patient={"pseudonym": "017", "mass_kg": PLAN.mass})["ok"]
    desk.clock.seconds += 1.0
    assert "a treatment under way" in desk.ask(**request())["why"]
    assert desk.conductor.binding is not None
    assert desk.conductor.binding.plan == PLAN


@pytest.fixture
def pulling(desk: Desk) -> Desk:
    """A session in its pretension, as far as the console can tell."""
    desk.ask(**BIND, patient={"pseudonym": "017", "mass_kg": PLAN.mass})
    desk.ticks(5)
    state = desk.conductor._state
    assert state is not None
    mode = state.control.mode._replace(phase=v.HOLD, treatment_time=15.0)
    desk.conductor._state = state._replace(control=state.control._replace(mode=mode))
    return desk


WRONG = {
    "wrong hash": {"plan_sha256": "0" * 64},
    "no plan": {"plan": "{}"},
    "a plan that is no text": {"plan": 7},
    "another session": {"session": "another-session"},
    "another patient": {"plan": "mass"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_change_is_one_sentence_and_changes_nothing(pulling: Desk, what: str) -> None:
    before = pulling.conductor.binding
    other = WRONG[what]
    if other.get("plan") == "mass":
        from dataclasses import replace

        plan = replace(GENTLER, mass=GENTLER.mass + 1.0)
        other = {"plan": plan.canonical(), "plan_sha256": plan.sha256}
    pulling.console.send(json.dumps({"id": 1, **request(), **other}).encode())
    pulling.server.poll()
    answer = json.loads(pulling.console.recv(1 << 20))
    assert answer["ok"] is False
    assert answer["why"]
    assert pulling.conductor.binding is before


def test_a_rehearsed_change_answers_what_would_be_and_changes_nothing(pulling: Desk) -> None:
    before = pulling.conductor.binding
    pulling.console.send(json.dumps({"id": 1, **request(), "rehearse": True}).encode())
    pulling.server.poll()
    answer = json.loads(pulling.console.recv(1 << 20))
    assert answer["ok"] is True
    plan = Plan.from_canonical(answer["plan"])
    assert (plan.sha256, plan.total_time, plan.cycles) == (answer["plan_sha256"], answer["total_s"], answer["cycles"])
    assert answer["words"].startswith("from the next rest, at 0:")
    assert pulling.conductor.binding is before


# --- beside the loop ---


@pytest.fixture
def later(pulling: Desk) -> list[Callable[[], None]]:
    """What was begun beside the loop and has not run yet."""
    jobs: list[Callable[[], None]] = []
    pulling.server.aside._begin = jobs.append
    return jobs


def heard(desk: Desk) -> list[dict[str, Any]]:
    desk.server.poll()
    desk.console.setblocking(False)
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(json.loads(desk.console.recv(1 << 20)))
    return found


def post(desk: Desk, number: int = 1, **other: Any) -> list[dict[str, Any]]:
    desk.console.send(json.dumps({"id": number, **request(), **other}).encode())
    return heard(desk)


def test_the_loop_goes_on_while_a_change_is_worked_out(pulling: Desk, later: list[Callable[[], None]]) -> None:
    before = pulling.conductor.binding
    assert post(pulling) == []
    pulling.server.poll()
    assert len(later) == 1
    later.pop()()
    assert pulling.conductor.binding is before, "nothing is taken over on another thread"
    (answer,) = heard(pulling)
    assert answer["ok"] is True
    assert pulling.conductor.binding is not None
    assert pulling.conductor.binding.plan.sha256 == answer["plan_sha256"]


def moved(desk: Desk, **mode: Any) -> None:
    state = desk.conductor._state
    assert state is not None
    now = state.control.mode._replace(**mode)
    desk.conductor._state = state._replace(control=state.control._replace(mode=now))


@pytest.mark.parametrize("mode", [{"treatment_time": 80.0}, {"limit": 150.0}, {"phase": v.END_RELEASE}])
def test_a_treatment_that_moved_on_meanwhile_takes_nothing_over(
    pulling: Desk, later: list[Callable[[], None]], mode: dict[str, Any]
) -> None:
    before = pulling.conductor.binding
    post(pulling)
    later.pop()()
    moved(pulling, **mode)
    (answer,) = heard(pulling)
    assert answer["ok"] is False
    assert "moved on" in answer["why"]
    assert pulling.conductor.binding is before


def test_another_plan_meanwhile_takes_nothing_over(pulling: Desk, later: list[Callable[[], None]]) -> None:
    post(pulling)
    later.pop()()
    conductor = pulling.conductor
    conductor.take_over(prepare(conductor.running(), short_plan(150.0, hold=8.0, cycles=4)), "Eve")
    (answer,) = heard(pulling)
    assert "another plan than is pulled now" in answer["why"]
    assert pulling.conductor.binding is not None
    assert pulling.conductor.binding.plan.name == "Laboratory, 150 N"


def test_one_change_a_second_begins_and_few_wait(pulling: Desk, later: list[Callable[[], None]]) -> None:
    assert post(pulling, 1, rehearse=True) == []
    assert post(pulling, 2, rehearse=True) == []
    (refused,) = post(pulling, 3, rehearse=True)
    assert "one a second" in refused["why"]
    later.pop()()
    assert [one["re"] for one in heard(pulling)] == [1]
    assert later == []
    pulling.clock.seconds += 1.0
    pulling.server.poll()
    later.pop()()
    assert [one["re"] for one in heard(pulling)] == [2]


def test_whatever_goes_wrong_is_one_sentence_and_the_pull_goes_on(
    pulling: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object) -> None:
        raise ZeroDivisionError

    before = pulling.conductor.binding
    monkeypatch.setattr("opentraction.app.table_requests.prepare", fail)
    (answer,) = post(pulling)
    assert answer["ok"] is False
    assert "goes on as it was" in answer["why"]
    monkeypatch.setattr("opentraction.app.table_requests._at_once", fail)
    (answer,) = post(pulling, 2, do="lease")
    assert "goes on as it was" in answer["why"]
    assert pulling.conductor.binding is before


def test_a_request_longer_than_any_plan_is_refused_unread(pulling: Desk) -> None:
    pulling.console.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    (answer,) = post(pulling, plan="x" * 400_000)
    assert "at most 400000 bytes" in answer["why"]


def test_a_real_thread_carries_the_work(pulling: Desk) -> None:
    pulling.server.aside._begin = in_thread
    pulling.console.send(json.dumps({"id": 1, **request(), "rehearse": True}).encode())
    pulling.server.poll()
    for one in threading.enumerate():
        if one.name == "aside":
            one.join(10.0)
    (answer,) = heard(pulling)
    assert answer["ok"] is True


NAMES = ["a\x14b", "\ud800", "x" * 151, "Dr. \u202e", "a\nb", 7]


@pytest.mark.parametrize("name", NAMES)
def test_an_operator_who_cannot_be_written_down_is_refused_but_for_a_stop(pulling: Desk, name: object) -> None:
    for do in ("pause", "lease", "comfort", "change"):
        (answer,) = post(pulling, do=do, operator=name, score=3)
        assert answer["ok"] is False
        assert answer["why"].startswith("operator = ")
    pulling.console.setblocking(True)
    assert pulling.ask(do="stop", operator=name)["ok"]


@pytest.mark.parametrize("key", ["pseudonym", "sex"])
def test_a_patient_who_cannot_be_written_down_is_refused(desk: Desk, key: str) -> None:
    patient = {"pseudonym": "017", "mass_kg": PLAN.mass, key: "a\x14b"}
    assert desk.ask(**BIND, patient=patient)["why"].startswith(f"patient.{key} = ")
    assert desk.conductor.binding is None
