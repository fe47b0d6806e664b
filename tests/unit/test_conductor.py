"""The conductor with a made-up table and made-up time: binding, refusals, wishes, the console's lease."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from opentraction.prescription.change import Change
from opentraction.prescription.plan import Plan
from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v
from opentraction.session.change import prepare
from opentraction.session.conductor import CHECKLIST, Conductor
from opentraction.session.session import Binding
from opentraction.session.telemetry import telemetry
from opentraction.table.port import Command, Reading
from tests.lab import short_plan

PLUGGED = v.ALL_WELL | v.CARRIAGE_OPEN
LOOPS = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B
STIFFNESS = 8000.0
PLAN = short_plan(300.0, hold=60.0)


@dataclass
class MockTable:
    """A spring on a drum that does at once what it is told; keeps every command."""

    kind: str = "mock table"
    now: float = 0.0
    travel: float = 0.0
    speed: float = 0.0
    switches: int = PLUGGED
    commands: list[Command] = field(default_factory=list)
    closed: bool = False
    simulation: None = None
    guarded: bool = False
    astray: float = 0.0
    """What the guard's cell shows too little [N]."""

    def read(self) -> Reading:
        wobble = 0.05 if len(self.commands) % 2 else -0.05
        force = max(0.0, self.travel * STIFFNESS) + wobble
        return Reading(self.now, force, force + wobble - self.astray, self.travel, self.speed, self.switches)

    def write(self, command: Command) -> None:
        self.commands.append(command)
        self.speed = command.speed if command.torque else -0.05 if self.travel > 0.0 else 0.0
        self.travel += self.speed * 0.005
        self.now += 0.005

    def describe(self) -> dict[str, object]:
        return {"kind": "mock"}

    def close(self) -> None:
        self.closed = True


@dataclass
class Ear:
    """A listener that remembers."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    closed: int = 0

    def document(self, doc: Any) -> None:
        self.documents.append(dict(doc))

    def rows(self, block: np.ndarray) -> None:
        self.count += len(block)

    def close(self) -> None:
        self.closed += 1


class Room:
    """A conductor with its table, a listener, and the answers that came."""

    def __init__(self) -> None:
        self.table = MockTable()
        self.ear = Ear()
        self.conductor = Conductor(self.table, lambda binding: [self.ear], lambda: datetime(2026, 1, 1, tzinfo=UTC))
        self.answers: list[tuple[bool, str]] = []

    def run(self, seconds: float, *, watched: bool = True) -> None:
        for n in range(round(seconds * 200)):
            if watched and n % 200 == 0:
                self.conductor.lease()
            self.conductor.step()

    def ask(self, ask: int, value: float = 0.0) -> tuple[bool, str]:
        self.conductor.ask(ask, value, lambda ok, why: self.answers.append((ok, why)))
        self.run(0.05)
        return self.answers[-1]

    def bind(self, plan: Plan | None = None) -> None:
        plan = plan or PLAN
        self.conductor.bind(Binding("session-1", plan, {"pseudonym": "017"}, self.table.describe(), "Ada", 1))
        self.run(0.05)

    def check_all(self) -> None:
        for item in CHECKLIST:
            self.conductor.check(item, True, "Ada")
        self.run(0.05)

    def press_and_let_go(self) -> None:
        for switches in (PLUGGED & ~LOOPS, PLUGGED):
            self.table.switches = switches
            self.run(0.1)

    def change(self, new: Plan, operator: str) -> Change:
        """Worked out and taken over, as the table does between two ticks."""
        prepared = prepare(self.conductor.running(), new)
        self.conductor.take_over(prepared, operator)
        return prepared.change

    def start(self, plan: Plan | None = None) -> None:
        self.bind(plan)
        self.check_all()
        self.press_and_let_go()
        assert self.ask(v.ASK_ARM) == (True, "")
        assert self.ask(v.ASK_START) == (True, "")

    @property
    def phase(self) -> str:
        return v.PHASE_NAMES[self.conductor.phase]


@pytest.fixture
def room() -> Room:
    made = Room()
    made.run(0.1)
    return made


def test_an_idle_table_is_told_to_halt(room: Room) -> None:
    assert all(command == Command(0.0, False) for command in room.table.commands)
    assert room.phase == "idle"
    assert room.ask(v.ASK_START) == (False, "nothing is bound to the table")


def test_a_stop_is_always_accepted(room: Room) -> None:
    assert room.ask(v.ASK_STOP)[0]
    room.bind()
    assert room.ask(v.ASK_STOP)[0]
    room.start()
    assert room.ask(v.ASK_STOP)[0]
    assert room.phase == "console release"


def test_the_checklist_comes_first(room: Room) -> None:
    room.bind()
    assert room.phase == "setup"
    assert room.ask(v.ASK_ARM) == (False, "Finish the checklist and plug in the patient remote first.")
    for item in CHECKLIST[:-1]:
        room.conductor.check(item, True, "Ada")
    room.run(0.05)
    assert room.phase == "setup"
    room.check_all()
    assert room.phase == "stop test"
    room.conductor.check(CHECKLIST[0], False, "Ada")
    room.run(0.05)
    assert room.phase == "setup"


def test_an_unknown_item_and_a_late_tick_are_refused(room: Room) -> None:
    room.start()
    with pytest.raises(BadInput, match="one of pelvic_harness"):
        room.conductor.check("coffee", True, "Ada")
    with pytest.raises(BadInput, match="before the table is armed"):
        room.conductor.check(CHECKLIST[0], False, "Ada")


def test_arming_before_the_stop_test_is_refused_with_a_sentence(room: Room) -> None:
    room.bind()
    room.check_all()
    assert room.ask(v.ASK_ARM) == (False, "Test the patient remote first: press it and let go.")
    assert room.ask(v.ASK_START) == (False, "Test the patient remote first: press it and let go.")
    room.press_and_let_go()
    assert room.ask(v.ASK_ARM)[0]


def test_an_unplugged_remote_undoes_the_preparation(room: Room) -> None:
    room.bind()
    room.check_all()
    room.press_and_let_go()
    room.table.switches = PLUGGED & ~LOOPS & ~v.REMOTE_PLUGGED
    room.run(0.05)
    assert room.phase == "setup"
    room.table.switches = PLUGGED
    room.run(0.05)
    assert not room.ask(v.ASK_ARM)[0]


def test_nobody_is_bound_twice(room: Room) -> None:
    room.start()
    with pytest.raises(BadInput, match="a table at rest"):
        room.bind()


@pytest.mark.parametrize("phase", ["safe", "complete"])
def test_the_next_patient_waits_until_the_last_is_unbound(room: Room, phase: str) -> None:
    room.start()
    room.run(12.0)
    room.ask(v.ASK_STOP) if phase == "safe" else room.run(140.0)
    room.run(15.0)
    assert room.phase == phase
    with pytest.raises(
        BadInput, match="017 is still on the table; allowed: the next patient once 017 is unclipped and"
    ):
        room.bind()
    assert room.conductor.binding is not None
    assert room.ask(v.ASK_UNBIND) == (True, "")
    room.bind()
    assert room.phase == "setup"


def test_a_treatment_pulls_pauses_goes_on_and_reduces(room: Room) -> None:
    room.start()
    room.run(12.0)
    assert room.phase == "rise"
    assert room.conductor.row[2] > 100.0
    assert room.ask(v.ASK_ARM) == (False, "Not possible now: the table is in 'rise'.")
    assert room.ask(v.ASK_PAUSE)[0]
    room.run(5.0)
    assert room.phase == "paused"
    stood = room.conductor.row[10]
    room.run(3.0)
    assert room.conductor.row[10] == stood
    assert room.ask(v.ASK_RESUME)[0]
    assert room.ask(v.ASK_REDUCE, 150.0)[0]
    room.run(20.0)
    assert room.conductor.row[17] == 150.0
    assert room.conductor.row[2] < 160.0
    assert room.ask(v.ASK_REDUCE, 400.0)[0]
    assert room.conductor.row[17] == 150.0


def test_a_session_ends_with_its_documents_and_can_be_unbound(room: Room) -> None:
    room.start()
    room.run(10.0)
    room.ask(v.ASK_STOP)
    room.run(10.0)
    kinds = [doc["doc"] for doc in room.ear.documents]
    assert kinds[:2] == ["start", "descriptor"]
    assert kinds[-1] == "stop"
    assert kinds.count("stop") == 1
    assert room.ear.closed == 1
    assert room.ear.documents[-1]["ending"] == "console stop"
    assert room.ask(v.ASK_UNBIND)[0]
    assert room.conductor.binding is None
    assert telemetry(room.conductor, 1, 0.0, 0.0)["bound"] is None


def alarms(room: Room) -> set[str]:
    return {standing.alarm.id for standing in room.conductor.board.standing() if standing.active}


def test_without_a_watching_browser_alarm_and_release_come_in_time(room: Room) -> None:
    room.conductor.connected(True)
    room.start()
    room.run(8.0)
    room.conductor.lease()
    room.run(2.9, watched=False)
    assert "A13" not in alarms(room)
    room.run(0.2, watched=False)
    assert "A13" in alarms(room)
    room.run(11.8, watched=False)
    assert room.conductor.phase in {v.PRETENSION, v.RISE, v.HOLD}
    room.run(0.3, watched=False)
    assert room.phase == "console release"
    assert v.CAUSE_TEXTS[int(room.conductor.row[15])] == "console lost for 15 s"


def test_a_browser_that_comes_back_in_time_keeps_the_treatment(room: Room) -> None:
    room.conductor.connected(True)
    room.start()
    room.run(8.0)
    room.run(10.0, watched=False)
    room.run(1.0)
    assert "A13" not in alarms(room)
    room.run(8.0)
    assert room.conductor.phase in {v.RISE, v.HOLD}


def test_a_dead_console_changes_nothing_on_the_table(room: Room) -> None:
    room.conductor.connected(True)
    room.start()
    room.run(5.0)
    room.conductor.connected(False)
    room.run(20.0, watched=False)
    assert room.conductor.phase in {v.RISE, v.HOLD}
    assert "A13" in alarms(room)


def test_acknowledging_is_written_down(room: Room) -> None:
    room.start()
    room.run(5.0)
    room.table.switches = PLUGGED & ~LOOPS
    room.run(0.1)
    assert "A1" in alarms(room)
    room.conductor.acknowledge("Ada")
    room.run(0.1)
    told = [d for d in room.ear.documents if d["doc"] == "event" and d["text"].startswith("alarms acknowledged")]
    assert told[0]["data"] == {"by": "Ada"}
    assert "A1" in told[0]["text"]


def test_closing_halts_and_lets_go_of_the_table(room: Room) -> None:
    room.start()
    room.run(5.0)
    room.conductor.close()
    assert room.table.closed
    assert room.table.commands[-1] == Command(0.0, False)
    assert room.ear.documents[-1]["doc"] == "stop"


# --- what the console is told ---


def test_telemetry_knows_nothing_rather_than_zero(room: Room) -> None:
    told = telemetry(room.conductor, 7, 1000.0, 0.0)
    unknown = ("prescribed_n", "spine_n", "limit_n", "cycle", "cycles", "treatment_s", "total_s", "ending")
    assert {key: told[key] for key in unknown} == dict.fromkeys(unknown)
    assert (told["seq"], told["phase"], told["guard"], told["recording"]["on"]) == (7, "idle", "off", False)
    assert told["switches"]["remote_plugged"]


def test_a_session_just_bound_is_never_told_with_another_time_than_its_own(room: Room) -> None:
    """Telemetry may be told between the binding and the first tick: the row is that of the idle table then."""
    room.run(30.0)
    for uid in ("session-1", "session-2"):
        room.conductor.bind(Binding(uid, PLAN, {"pseudonym": "017"}, room.table.describe(), "Ada", 1))
        told = telemetry(room.conductor, 1, 0.0, 0.0)
        assert told["bound"]["session"] == uid
        assert told["t"] == 0.0
        assert told["measured_n"] is not None
        assert told["switches"]["remote_plugged"]
        room.run(4.0)
        assert telemetry(room.conductor, 2, 0.0, 0.0)["t"] == pytest.approx(4.0, abs=0.02)


def test_telemetry_of_a_running_treatment(room: Room) -> None:
    room.start()
    room.run(12.0)
    told = telemetry(room.conductor, 1, 0.0, 42.4)
    assert told["phase"] == "rise"
    assert told["measured_n"] == pytest.approx(told["prescribed_n"], abs=15.0)
    assert told["total_s"] == PLAN.total_time
    assert 0.0 < told["phase_left_s"] < 20.0
    assert told["switches"]["remote_tested"]
    assert told["guard"] == "watching"
    assert told["recording"] == {"on": True, "bytes_per_s": 42, "trouble": None}
    assert told["bound"]["pseudonym"] == "017"


def test_telemetry_of_a_pull_at_the_neck_says_nothing_of_the_lumbar_spine(room: Room) -> None:
    room.start(replace(short_plan(150.0), region="cervical", ceiling=180.0))
    room.run(12.0)
    told = telemetry(room.conductor, 1, 0.0, 0.0)
    assert [told[key] for key in ("spine_n", "spine_low_n", "spine_high_n")] == [None] * 3
    assert told["measured_n"] is not None


def test_an_alarm_goes_on_counting_truly_after_the_patient_is_unbound(room: Room) -> None:
    room.run(30.0)
    room.start()
    room.run(8.0)
    room.table.switches = PLUGGED & ~LOOPS
    room.run(0.05)
    room.table.switches = PLUGGED
    room.run(10.0)
    stood = telemetry(room.conductor, 1, 0.0, 0.0)["alarms"][0]["for_s"]
    assert stood == pytest.approx(10.05, abs=0.15)
    assert room.ask(v.ASK_UNBIND)[0]
    room.run(5.0)
    assert telemetry(room.conductor, 2, 0.0, 0.0)["alarms"][0]["for_s"] == pytest.approx(stood + 5.05, abs=0.15)


def test_telemetry_says_how_it_ended(room: Room) -> None:
    room.start()
    room.run(8.0)
    room.table.switches = PLUGGED & ~LOOPS
    room.run(0.5)
    told = telemetry(room.conductor, 1, 0.0, 0.0)
    assert told["switches"]["remote_pressed"]
    assert told["alarms"][0]["id"] == "A1"
    assert told["ending"] is None
    room.run(8.0)
    told = telemetry(room.conductor, 2, 0.0, 0.0)
    assert (told["phase"], told["ending"], told["cause"]) == ("safe", "patient stop", "patient stop")


# --- recording and lockout ---


def test_no_pull_begins_while_the_recording_is_not_safe(room: Room) -> None:
    room.bind()
    room.check_all()
    room.press_and_let_go()
    room.conductor.recording_trouble = "Not recording: No space left on device."
    room.run(0.05)
    assert "A15" in alarms(room)
    refused = (False, "The recording is not safe. Not recording: No space left on device.")
    assert room.ask(v.ASK_ARM) == refused
    room.conductor.recording_trouble = ""
    room.run(0.05)
    assert room.ask(v.ASK_ARM) == (False, "Acknowledge the recording alarm first.")
    room.conductor.acknowledge("Ada")
    assert room.ask(v.ASK_ARM) == (True, "")
    room.conductor.recording_trouble = refused[1]
    assert not room.ask(v.ASK_START)[0]
    assert [d["text"] for d in room.ear.documents if d.get("kind") == "note"][:2] == [
        "Not recording: No space left on device.",
        "recording again",
    ]


def test_a_recording_that_fails_ends_no_pull(room: Room) -> None:
    room.start()
    room.run(10.0)
    room.conductor.recording_trouble = "Not recording: No space left on device."
    room.run(5.0)
    assert room.phase == "hold"
    assert "A15" in alarms(room)
    assert telemetry(room.conductor, 1, 0.0, 0.0)["recording"] == {
        "on": False,
        "bytes_per_s": 0,
        "trouble": "Not recording: No space left on device.",
    }


def test_a_disk_without_room_for_the_session_refuses_to_arm(room: Room) -> None:
    room.bind()
    room.check_all()
    room.press_and_let_go()
    room.conductor._why_unrecordable = lambda binding: f"no room for {binding.plan.total_time:.0f} s"
    assert room.ask(v.ASK_ARM) == (False, f"no room for {PLAN.total_time:.0f} s")
    assert room.phase == "stop test"


def treat_with_a_bad_cell(room: Room) -> None:
    room.start()
    room.run(12.0)
    room.table.astray = 80.0
    room.run(0.5)
    room.table.astray = 0.0
    room.run(12.0)
    assert v.CAUSE_TEXTS[int(room.conductor.row[15])] == "force sensors disagree"
    assert room.ask(v.ASK_UNBIND)[0]


def test_the_second_fault_locks_the_table_and_binding_again_does_not_help(room: Room) -> None:
    treat_with_a_bad_cell(room)
    assert room.phase == "idle"
    treat_with_a_bad_cell(room)
    assert room.phase == "lockout"
    assert telemetry(room.conductor, 1, 0.0, 0.0)["lockout"]["why"].startswith("two faults in a row")
    for _ in range(2):
        with pytest.raises(BadInput, match="a table that a clinician has reset"):
            room.bind()
    assert room.ask(v.ASK_START) == (False, "nothing is bound to the table")
    room.conductor.reset("Ada", "Cell replaced and tested.")
    assert telemetry(room.conductor, 1, 0.0, 0.0)["lockout"] is None
    room.start()
    room.run(5.0)
    assert room.phase in {"pretension", "rise"}


def test_nothing_is_reset_under_tension(room: Room) -> None:
    room.start()
    room.run(5.0)
    with pytest.raises(BadInput, match="a table at rest"):
        room.conductor.reset("Ada", "Because I would like to.")


@pytest.mark.parametrize("urgent", ["nothing", "remote", "phase edge"])
@pytest.mark.parametrize("wish", [v.ASK_UNBIND, v.ASK_PAUSE, v.ASK_RESUME])
def test_a_stop_that_overtakes_a_wish_refuses_it_and_releases(room: Room, wish: int, urgent: str) -> None:
    room.start()
    room.run(20.0)
    while urgent == "phase edge" and room.conductor.phase == v.RISE:
        room.conductor.step()
    assert room.conductor.phase in {v.RISE, v.HOLD}
    told: list[tuple[int, bool]] = []
    room.conductor.ask(wish, 0.0, lambda ok, why: told.append((wish, ok)))
    if urgent == "remote":
        room.table.switches = PLUGGED & ~LOOPS
    if urgent != "nothing":
        room.conductor.step()
    room.conductor.ask(v.ASK_STOP, v.BY_CONSOLE, lambda ok, why: told.append((v.ASK_STOP, ok)))
    room.run(0.1)
    assert dict(told)[v.ASK_STOP]
    assert room.conductor.binding is not None
    assert room.conductor.session is not None
    assert room.phase in {"console release", "patient release"}
    assert room.table.commands[-1].torque


def test_a_stop_right_after_the_binding_does_not_undo_it(room: Room) -> None:
    room.conductor.bind(Binding("session-1", PLAN, {"pseudonym": "017"}, room.table.describe(), "Ada", 1))
    assert room.ask(v.ASK_STOP)[0]
    assert room.phase == "setup"


def test_a_console_that_keeps_restarting_watches_nobody(room: Room) -> None:
    room.conductor.connected(True)
    room.start()
    room.run(8.0)
    for _ in range(4):
        room.conductor.connected(False)
        room.run(0.5, watched=False)
        room.conductor.connected(True)
        room.run(9.0, watched=False)
    assert room.phase in {"console release", "safe"}
    assert v.CAUSE_TEXTS[int(room.conductor.row[15])] == "console lost for 15 s"


@pytest.mark.parametrize(("switch", "ending"), [(LOOPS, "patient stop"), (v.CLINICIAN_LOOP, "clinician stop")])
def test_a_session_unbound_at_once_keeps_why_it_ended(room: Room, switch: int, ending: str) -> None:
    room.start()
    room.run(20.0)
    room.table.switches = PLUGGED & ~switch
    while room.phase != "safe":
        room.run(0.05)
    room.table.switches = PLUGGED
    room.run(0.05)
    assert room.ask(v.ASK_UNBIND)[0]
    assert room.conductor.session is None
    assert room.ear.documents[-1]["doc"] == "stop"
    assert room.ear.documents[-1]["ending"] == ending


class TestConsentTakenBack:
    def test_a_pull_is_let_go_gently_and_none_follows(self, room: Room) -> None:
        room.start()
        room.run(12.0)
        assert room.conductor.row[2] > 100.0
        room.conductor.withdraw("the patient")
        room.run(5.0)
        assert room.phase == "paused"
        assert room.conductor.row[2] < 30.0
        for ask in (v.ASK_RESUME, v.ASK_ARM, v.ASK_START):
            ok, why = room.ask(ask)
            assert not ok
            assert "taken consent back" in why
        assert room.ask(v.ASK_STOP)[0]
        room.run(8.0)
        assert room.phase == "safe"

    def test_it_is_written_into_the_recording_once(self, room: Room) -> None:
        room.start()
        for _ in range(3):
            room.conductor.withdraw("the patient")
            room.run(0.1)
        room.run(5.0)
        told = [doc for doc in room.ear.documents if doc.get("text") == "consent withdrawn"]
        assert [(doc["kind"], doc["data"]["by"], doc["data"]["withdrawn"]) for doc in told] == [
            ("note", "the patient", True)
        ]
        assert told[0]["data"]["at_utc"] == "2026-01-01T00:00:00+00:00"

    def test_a_start_that_was_just_asked_comes_to_nothing(self, room: Room) -> None:
        room.bind()
        room.check_all()
        room.press_and_let_go()
        assert room.ask(v.ASK_ARM)[0]
        room.conductor.ask(v.ASK_START, 0.0, lambda ok, why: None)
        room.conductor.withdraw("Ada")
        room.run(6.0)
        assert room.phase == "paused"
        assert max(np.nan_to_num(command.speed) for command in room.table.commands[-200:]) <= 0.001

    def test_the_next_patient_begins_afresh(self, room: Room) -> None:
        room.bind()
        room.conductor.withdraw("Ada")
        room.run(0.1)
        room.start()
        room.run(12.0)
        assert room.phase == "rise"
