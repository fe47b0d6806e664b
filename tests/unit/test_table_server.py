"""The table's socket: what consoles may say, and that nonsense gets a sentence and nothing else."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opentraction.app.table_server import TableServer
from opentraction.quantities import BadInput, FakeClock, Streams
from opentraction.quantities import vocabulary as v
from opentraction.session.conductor import Conductor
from opentraction.twin.simulated_table import SimulatedTable
from tests.clearing import clearance
from tests.lab import short_plan

PLAN = short_plan(300.0)
UID = "3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77"
BINDING: dict[str, Any] = {
    "do": "bind",
    "session": UID,
    "plan": PLAN.canonical(),
    "plan_sha256": PLAN.sha256,
    "patient": {"pseudonym": "017", "mass_kg": PLAN.mass, "name": "Grace Hopper"},
    "operator": "Ada",
    "clearance": clearance(PLAN, FakeClock().civil()),
}


def at_once(job: Callable[[], None]) -> None:
    """Beside the loop, without a thread."""
    job()


class Desk:
    """A server on a real socket and one console at it."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeClock()
        self.conductor = Conductor(SimulatedTable(self.clock, Streams(1)), lambda binding: [], self.clock.civil)
        self.server = TableServer(path, self.conductor, lambda: self.clock.seconds, at_once)
        self.console = self.connect()

    def connect(self) -> socket.socket:
        console = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        console.connect(str(self.server.path))
        console.settimeout(1.0)
        self.server.poll()
        return console

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.clock.seconds += 0.005
            self.conductor.step()
            self.server.poll()

    def send(self, data: bytes, console: socket.socket | None = None) -> dict[str, Any]:
        """Send bytes, let three ticks pass, and take the answer."""
        console = console or self.console
        console.send(data)
        self.ticks(3)
        return dict(json.loads(console.recv(1 << 16)))

    def ask(self, **request: Any) -> dict[str, Any]:
        return self.send(json.dumps({"id": 1, "session": UID, **request}).encode())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "table.socket")
    yield made
    made.console.close()
    made.server.close()


def test_hello_tells_what_stands_there(desk: Desk) -> None:
    answer = desk.ask(do="hello", client="test")
    assert answer == {"re": 1, "ok": True, "protocol": 1, "table": "simulated table", "bound": None}


def test_a_patient_is_bound_without_a_name(desk: Desk) -> None:
    assert desk.ask(**BINDING) == {"re": 1, "ok": True}
    assert desk.conductor.binding is not None
    assert desk.conductor.binding.patient == {"pseudonym": "017", "mass_kg": PLAN.mass}
    assert desk.ask(do="hello")["bound"] == {"session": UID, "plan_sha256": PLAN.sha256}


def test_the_unit_it_was_written_in_is_kept(desk: Desk) -> None:
    assert desk.ask(**BINDING, written_in="lb") == {"re": 1, "ok": True}
    assert desk.conductor.binding is not None
    assert desk.conductor.binding.written_in == "lb"


WRONG = {
    "wrong hash": {"plan_sha256": "0" * 64},
    "no hash": {"plan_sha256": None},
    "wrong mass": {"patient": {"pseudonym": "017", "mass_kg": PLAN.mass + 5.0}},
    "no mass": {"patient": {"pseudonym": "017"}},
    "mass that is none": {"patient": {"pseudonym": "017", "mass_kg": True}},
    "no pseudonym": {"patient": {"mass_kg": PLAN.mass}},
    "no patient": {"patient": None},
    "no plan": {"plan": "{}"},
    "plan that is no text": {"plan": 7},
    "torn plan": {"plan": PLAN.canonical()[:-20]},
    "plan made stronger": {"plan": PLAN.canonical().replace('"ceiling":1050.0', '"ceiling":5000.0')},
    "a path as session": {"session": "../../etc/passwd"},
    "no session": {"session": ""},
    "a unit that is none": {"written_in": "kg"},
    "a unit that is a list": {"written_in": ["lb"]},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_binding_is_refused(desk: Desk, what: str) -> None:
    answer = desk.ask(**{**BINDING, **WRONG[what]})
    assert answer["ok"] is False
    assert answer["why"]
    assert desk.conductor.binding is None


NONSENSE = {
    "no JSON": b"pull!",
    "torn JSON": b'{"id": 1, "do": ',
    "no UTF-8": b"\xff\xfe\xfd",
    "a list": b"[1, 2]",
    "a number": b"7",
    "nothing to do": b'{"id": 1}',
    "unknown": b'{"id": 1, "do": "pull"}',
    "do is a list": b'{"id": 1, "do": ["stop"]}',
    "do is an object": b'{"id": 1, "do": {"a": 1}}',
    "reduce to NaN": b'{"id": 1, "do": "reduce", "to_n": NaN}',
    "reduce to infinity": b'{"id": 1, "do": "reduce", "to_n": Infinity}',
    "reduce to text": b'{"id": 1, "do": "reduce", "to_n": "100"}',
    "reduce to nothing": b'{"id": 1, "do": "reduce"}',
    "comfort of NaN": b'{"id": 1, "do": "comfort", "score": NaN}',
    "comfort of 11": b'{"id": 1, "do": "comfort", "score": 11}',
    "comfort of a half": b'{"id": 1, "do": "comfort", "score": 2.5}',
    "earthquake": b'{"id": 1, "do": "simulate", "what": "earthquake"}',
    "checklist of coffee": b'{"id": 1, "do": "checklist", "item": "coffee", "done": true}',
    "deep": b"[" * 30000,
    "huge": b'{"id": 1, "do": "hello", "x": "' + b"x" * 150000 + b'"',
}


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_gets_a_sentence_and_the_table_goes_on(desk: Desk, what: str) -> None:
    answer = desk.send(NONSENSE[what])
    assert answer["ok"] is False
    assert len(answer["why"]) > 10
    assert "Traceback" not in answer["why"]
    assert desk.ask(do="hello")["ok"]


def test_a_stop_is_accepted_from_anyone_always(desk: Desk) -> None:
    assert desk.ask(do="stop")["ok"]
    other = desk.connect()
    assert desk.send(b'{"id": 9, "do": "stop"}', other) == {"re": 9, "ok": True}
    desk.ask(**BINDING)
    assert desk.send(b'{"id": 10, "do": "stop", "operator": 5}', other)["ok"]
    other.close()


def test_a_refusal_of_the_table_is_a_sentence(desk: Desk) -> None:
    desk.ask(**BINDING)
    answer = desk.ask(do="arm", operator="Ada")
    assert answer == {"re": 1, "ok": False, "why": "Finish the checklist and plug in the patient remote first."}


def test_what_was_asked_and_refused_is_written_down_as_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ask(**BINDING)
    noted: list[tuple[str, Any]] = []
    monkeypatch.setattr(desk.conductor, "note", lambda kind, text, data=None: noted.append((text, data)))
    desk.ask(do="resume", operator="Ada")
    assert noted[0] == ("resume asked", {"by": "Ada"})
    assert noted[1][0].startswith("resume refused: ")
    assert noted[1][1] == {"by": "Ada"}
    desk.ask(do="stop", operator="Ada")
    assert [text for text, _ in noted[2:] if text.startswith("stop")] == ["stop asked"]


def test_a_console_that_leaves_is_forgotten(desk: Desk) -> None:
    desk.ask(do="hello")
    assert desk.conductor.console_connected
    desk.console.close()
    desk.ticks(2)
    assert desk.server.clients == []
    assert not desk.conductor.console_connected


def test_a_stranger_who_never_says_hello_is_no_console(desk: Desk) -> None:
    desk.ticks(2)
    assert not desk.conductor.console_connected


def test_a_console_that_does_not_read_loses_telemetry_and_never_holds_up_the_table(desk: Desk) -> None:
    for n in range(20000):
        desk.server.tell({"telemetry": {"seq": n, "fill": "x" * 500}})
    assert len(desk.server.clients) == 1
    assert json.loads(desk.console.recv(1 << 16))["telemetry"]["seq"] == 0


def test_everyone_hears_what_is_told(desk: Desk) -> None:
    other = desk.connect()
    desk.server.tell({"document": {"doc": "event"}}, must=True)
    assert [json.loads(console.recv(4096)) for console in (desk.console, other)] == [{"document": {"doc": "event"}}] * 2
    other.close()


def test_the_socket_is_private_and_removed(desk: Desk) -> None:
    assert desk.server.path.stat().st_mode & 0o077 == 0
    desk.server.close()
    assert not desk.server.path.exists()


def test_a_living_socket_is_not_taken_over_and_a_dead_one_is(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no other process listens"):
        TableServer(desk.server.path, desk.conductor)
    dead = tmp_path / "dead.socket"
    left = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    left.bind(str(dead))
    left.close()
    TableServer(dead, desk.conductor).close()


OTHER = "00000000-5d8e-4f39-9d5e-0a4f4c1b2a77"
MEANT = (
    "arm",
    "start",
    "pause",
    "resume",
    "reduce",
    "acknowledge",
    "unbind",
    "checklist",
    "comfort",
    "lease",
    "anything new",
)


@pytest.mark.parametrize("do", MEANT)
@pytest.mark.parametrize("named", [OTHER, "", None, UID + " ", UID.upper(), [UID], {"session": UID}, True, 0])
def test_a_request_that_means_another_session_is_refused(desk: Desk, do: str, named: Any) -> None:
    desk.ask(**BINDING)
    leased = desk.conductor.lease_age
    more = {"item": "position", "done": True, "score": 5, "to_n": 100.0}
    answer = desk.ask(do=do, operator="Ada", **more, session=named)
    assert answer["ok"] is False
    assert "bound to the table now" in answer["why"]
    assert desk.conductor.binding is not None
    assert not any(desk.conductor.checklist.values())
    assert desk.conductor.lease_age > leased


def test_a_session_is_replaced_by_one_who_knew_of_it(desk: Desk) -> None:
    desk.ask(**BINDING)
    again = {**BINDING, "session": OTHER}
    for named in (None, "", OTHER):
        assert desk.ask(**again, instead_of=named)["ok"] is False
        assert desk.ask(do="hello")["bound"]["session"] == UID
    assert desk.ask(**again, instead_of=UID) == {"re": 1, "ok": True}
    assert desk.ask(do="hello")["bound"]["session"] == OTHER


def test_two_pages_that_bind_at_once_do_not_both_win(desk: Desk) -> None:
    first, second = desk.connect(), desk.connect()
    for console, session in ((first, UID), (second, OTHER)):
        console.send(json.dumps({"id": 1, **BINDING, "session": session, "instead_of": None}).encode())
    desk.ticks(3)
    assert [json.loads(console.recv(1 << 16))["ok"] for console in (first, second)] == [True, False]
    assert desk.ask(do="hello")["bound"]["session"] == UID
    first.close()
    second.close()


def test_a_page_of_another_session_still_stops(desk: Desk) -> None:
    desk.ask(**BINDING)
    assert desk.ask(do="stop", operator="Ben", session=OTHER)["ok"]


def test_a_locked_table_takes_nobody_until_a_clinician_resets_it_with_a_reason(desk: Desk) -> None:
    for number in (1, 2):
        desk.conductor.lockout.fault(v.CABLE_LOOSE, f"session-{number}", desk.clock.civil())
    refused = desk.ask(**BINDING)
    assert refused["ok"] is False
    assert "two faults in a row" in refused["why"]
    assert "operator" in desk.ask(do="reset", reason="Cable replaced, tested.")["why"]
    assert "reason" in desk.ask(do="reset", operator="Ada")["why"]
    assert desk.ask(**BINDING)["ok"] is False
    assert desk.ask(do="reset", operator="Ada", reason="Cable replaced, tested.") == {"re": 1, "ok": True}
    assert desk.ask(**BINDING)["ok"]
    assert "a table that is locked" in desk.ask(do="reset", session=UID, operator="Ada", reason="Once again.")["why"]


NOW = FakeClock().civil()


@pytest.mark.parametrize(
    ("cleared", "said"),
    [
        (None, "clearance is missing"),
        ({}, "clearance is not one"),
        (clearance(PLAN, NOW) | {"more": 1}, "clearance is not one"),
        (clearance(PLAN, NOW, screened="EMERGENCY"), "which nobody overrides"),
        (clearance(PLAN, NOW, screened="EMERGENCY", action="CAUTION", overridden_by="dr"), "which nobody overrides"),
        (clearance(PLAN, NOW, action="HOLD", screened="HOLD"), "allowed: OK or CAUTION"),
        (clearance(PLAN, NOW, action="CAUTION", screened="EXCLUDE"), "the clinician who overrides EXCLUDE"),
        (clearance(PLAN, NOW, visit_action="HOLD"), "in the check of the day"),
        (clearance(PLAN, NOW, visit_at=NOW - timedelta(hours=13)), "within the last 12 hours"),
        (clearance(PLAN, NOW - timedelta(days=29), visit_at=NOW), "a screening that still counts today"),
        (clearance(PLAN, NOW, consent_version=""), "a signed consent"),
        (clearance(PLAN, NOW, consent_region="cervical"), "consent for the lumbar region"),
        (clearance(PLAN, NOW, region="cervical", consent_region="cervical"), "a screening of the lumbar region"),
        (clearance(short_plan(200.0), NOW), "the plan that is to be pulled"),
    ],
)
def test_nobody_is_bound_who_was_not_screened_checked_today_and_asked(desk: Desk, cleared: Any, said: str) -> None:
    answer = desk.ask(**BINDING | {"clearance": cleared})
    assert answer["ok"] is False
    assert said in answer["why"]
    assert desk.conductor.binding is None


def test_the_recording_begins_with_what_permitted_it(desk: Desk) -> None:
    assert desk.ask(**BINDING)["ok"]
    assert desk.conductor.binding is not None
    assert desk.conductor.binding.clearance == BINDING["clearance"]
