"""The table asks its clearance again, by its own clock, before every pull; what ends a pull never asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opentraction.prescription.plan import Plan
from opentraction.quantities import vocabulary as v
from opentraction.session.session import Binding
from tests.clearing import clearance
from tests.lab import short_plan
from tests.unit.test_conductor import PLAN, Room
from tests.unit.test_table_server import BINDING, Desk

MORNING = datetime(2026, 1, 1, 8, tzinfo=UTC)
CYCLES, GENTLER = short_plan(300.0, hold=8.0, cycles=4), short_plan(200.0, hold=8.0, cycles=4)
OUTDATED = "within the last 12 hours"
STOPPED = "The screening of the low back says emergency: to a hospital now. Open its verdict."


class Ward(Room):
    """A room with a calendar, whose patients come with a clearance."""

    def __init__(self) -> None:
        super().__init__()
        self.today = MORNING
        self.conductor.civil = lambda: self.today
        self.run(0.1)

    def bind(self, plan: Plan | None = None, **changes: Any) -> None:
        plan = plan or PLAN
        cleared = clearance(plan, self.today, **changes)
        person = {"pseudonym": "017", "mass_kg": plan.mass}
        self.conductor.bind(Binding("session-1", plan, person, self.table.describe(), "Ada", 1, clearance=cleared))
        self.run(0.05)

    def ready(self, **changes: Any) -> None:
        self.bind(**changes)
        self.check_all()
        self.press_and_let_go()

    @property
    def pulls(self) -> bool:
        return any(command.speed > 0.0 for command in self.table.commands)


@pytest.fixture
def ward() -> Ward:
    return Ward()


@pytest.mark.parametrize("wait", [timedelta(hours=11, minutes=30), timedelta(days=1), timedelta(days=40)])
def test_a_set_up_left_overnight_is_not_armed(ward: Ward, wait: timedelta) -> None:
    ward.ready()
    ward.today += wait
    ok, why = ward.ask(v.ASK_ARM)
    assert not ok
    assert OUTDATED in why or "still counts today" in why
    ward.run(1.0)
    assert (ward.phase, ward.pulls) == ("stop test", False)
    assert ward.ask(v.ASK_UNBIND) == (True, "")
    assert ward.phase == "idle"


def test_one_left_armed_is_not_started(ward: Ward) -> None:
    ward.ready()
    assert ward.ask(v.ASK_ARM) == (True, "")
    ward.today += timedelta(hours=12)
    ok, why = ward.ask(v.ASK_START)
    assert not ok
    assert OUTDATED in why
    ward.run(1.0)
    assert (ward.phase, ward.pulls) == ("ready", False)
    assert ward.ask(v.ASK_UNBIND) == (True, "")


def test_a_pause_that_outlasts_it_does_not_pull_again_and_is_ended_as_ever(ward: Ward) -> None:
    ward.start()
    ward.run(12.0)
    ward.today += timedelta(hours=12)
    assert ward.ask(v.ASK_REDUCE, 200.0) == (True, "")
    assert ward.ask(v.ASK_PAUSE) == (True, "")
    ward.run(5.0)
    ok, why = ward.ask(v.ASK_RESUME)
    assert not ok
    assert OUTDATED in why
    ward.run(2.0)
    assert ward.phase == "paused"
    assert ward.ask(v.ASK_STOP)[0]
    ward.run(8.0)
    assert ward.phase == "safe"


def test_what_runs_when_it_ends_is_not_cut_short(ward: Ward) -> None:
    ward.start()
    ward.today += timedelta(hours=12)
    ward.run(12.0)
    assert ward.conductor.row[2] > 100.0


def test_within_its_hours_every_wish_is_heard(ward: Ward) -> None:
    ward.ready()
    ward.today += timedelta(hours=10, minutes=59)
    assert [ward.ask(one) for one in (v.ASK_ARM, v.ASK_START)] == [(True, "")] * 2
    ward.run(12.0)
    ward.ask(v.ASK_PAUSE)
    ward.run(5.0)
    assert ward.ask(v.ASK_RESUME) == (True, "")


def test_after_a_change_of_prescription_it_is_asked_for_the_plan_it_was_given_for(ward: Ward) -> None:
    ward.start(CYCLES)
    ward.run(12.0)
    ward.change(GENTLER, "Ada")
    assert ward.conductor.binding is not None
    assert ward.conductor.binding.plan.sha256 != CYCLES.sha256
    ward.ask(v.ASK_PAUSE)
    ward.run(5.0)
    assert ward.ask(v.ASK_RESUME) == (True, "")


def test_a_clearance_for_another_plan_arms_nothing(ward: Ward) -> None:
    ward.ready(plan_sha256=GENTLER.sha256)
    assert "the plan that is to be pulled" in ward.ask(v.ASK_ARM)[1]


class TestNoLongerCleared:
    """The clinic tells the table, while it pulls, that something was recorded which forbids a pull."""

    def test_a_pull_is_let_go_gently_and_none_follows(self, ward: Ward) -> None:
        ward.start()
        ward.run(12.0)
        ward.conductor.hold_back("the clinic's record", STOPPED)
        ward.run(5.0)
        assert ward.phase == "paused"
        for ask in (v.ASK_RESUME, v.ASK_ARM, v.ASK_START):
            assert ward.ask(ask) == (False, STOPPED + " Press Stop, let the patient go.")
        assert ward.ask(v.ASK_STOP)[0]
        ward.run(8.0)
        assert ward.phase == "safe"

    def test_it_is_written_into_the_recording_once_with_its_reason(self, ward: Ward) -> None:
        ward.start()
        for _ in range(3):
            ward.conductor.hold_back("the clinic's record", STOPPED)
            ward.run(0.1)
        told = [doc for doc in ward.ear.documents if doc.get("text") == "no longer cleared"]
        assert [(doc["kind"], doc["data"]) for doc in told] == [
            ("note", {"by": "the clinic's record", "at_utc": ward.today.isoformat(), "why": STOPPED, "uncleared": True})
        ]

    def test_that_somebody_has_read_it_is_kept(self, ward: Ward) -> None:
        ward.start()
        ward.conductor.hold_back("the clinic's record", STOPPED)
        ward.conductor.seen("Ada")
        ward.conductor.withdraw("the patient")
        ward.conductor.seen("Ada")
        assert [doc["text"] for doc in ward.ear.documents if doc.get("data", {}).get("seen")] == [
            "no longer cleared seen",
            "withdrawal of consent seen",
        ]

    def test_consent_taken_back_afterwards_is_still_written_down(self, ward: Ward) -> None:
        ward.start()
        ward.conductor.hold_back("the clinic's record", STOPPED)
        ward.conductor.withdraw("the patient")
        ward.run(0.1)
        assert [doc["text"] for doc in ward.ear.documents if doc.get("kind") == "note"] == [
            "no longer cleared",
            "consent withdrawn",
        ]
        assert "taken consent back" in ward.ask(v.ASK_RESUME)[1]


@pytest.fixture
def desk(tmp_path: Any) -> Any:
    made = Desk(tmp_path / "table.socket")
    yield made
    made.console.close()
    made.server.close()


def test_over_the_socket_an_outdated_clearance_is_one_sentence_and_the_set_up_stays(desk: Desk) -> None:
    assert desk.ask(**BINDING)["ok"]
    civil = desk.conductor.civil
    desk.conductor.civil = lambda: civil() + timedelta(days=40)
    for do in ("arm", "start", "resume"):
        answer = desk.ask(do=do, operator="Ada")
        assert answer["ok"] is False
        assert "still counts today" in answer["why"]
    assert desk.conductor.binding is not None
    assert desk.ask(do="stop")["ok"]
    assert desk.ask(do="unbind", operator="Ada")["ok"]


def test_over_the_socket_the_clinic_says_why_nothing_more_is_pulled(desk: Desk) -> None:
    assert desk.ask(**BINDING)["ok"]
    assert desk.ask(do="uncleared", operator="Ada", why=STOPPED)["ok"]
    assert desk.ask(do="start", operator="Ada")["why"].startswith(STOPPED)


@pytest.mark.parametrize("why", [None, "", 7, "two\nlines", "x" * 501])
def test_a_reason_that_is_none_is_refused(desk: Desk, why: Any) -> None:
    desk.ask(**BINDING)
    assert desk.ask(do="uncleared", operator="Ada", why=why)["ok"] is False
