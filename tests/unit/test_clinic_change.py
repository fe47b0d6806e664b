"""A prescription changed under way, from the console: who may, what is shown, kept, and drawn then."""

from __future__ import annotations

import asyncio
import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from opentraction.app.table_requests import told
from opentraction.clinic import roles
from opentraction.clinic.acting import arguments
from opentraction.clinic.actions import patients, prescriptions
from opentraction.clinic.actions.changes import change_prescription, offered, plan_in_force
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditRow, Patient, PlanChange, Prescription, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.recordings import take_in_all, take_in_changes_of
from opentraction.clinic.table_line.answers import UNWRITTEN
from opentraction.clinic.table_link import TableAway, TableLink
from opentraction.prescription import Plan
from opentraction.prescription.change import Change, change_at_boundary
from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.recorder import NO_SYNC, Recorder
from tests.clinic_ground import ADA, DOCUMENT, confirmed, user_with
from tests.synthetic import legs, make_rows, start, story, tell

GENTLER = DOCUMENT.replace("45 lb", "40 lb")


class MockTable:
    """Answers as a table would 20 s into the pull; keeps what it was asked."""

    def __init__(self, running: Plan) -> None:
        self.running = running
        self.asked: list[dict[str, Any]] = []
        self.away = False
        self.refuses = ""
        self.telemetry: dict[str, Any] | None = None

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        if self.away:
            raise TableAway
        self.asked.append({"do": do, **more})
        if self.refuses:
            return {"re": 1, "ok": False, "why": self.refuses}
        change = change_at_boundary(self.running, Plan.from_canonical(more["plan"]), 20.0)
        return {"re": 1, "ok": True, **told(change)}


@pytest.fixture
def table(session: TreatmentSession, monkeypatch: pytest.MonkeyPatch) -> MockTable:
    mock = MockTable(Plan.from_canonical(session.plan.canonical))
    monkeypatch.setattr("opentraction.clinic.views.change.shared_link", lambda: mock)
    return mock


@pytest.fixture
def amended(session: TreatmentSession, clinician: User) -> Prescription:
    draft = prescriptions.draft(session.patient, "Gentler", GENTLER, by=clinician)
    return prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))


@pytest.fixture
def browser(clinician: User) -> Client:
    one = Client()
    one.force_login(clinician)
    return one


@pytest.fixture
def address(session: TreatmentSession) -> str:
    return reverse("change", args=[session.pk])


def test_what_would_happen_is_shown_and_nothing_is_done(
    browser: Client, address: str, table: MockTable, amended: Prescription
) -> None:
    said = browser.get(address).json()
    assert said["ok"] is True
    assert said["sentences"][0].startswith("Short lumbar, version 2, from the next rest, at 0:")
    assert "178 N (40 lb)" in said["sentences"][1]
    assert "200 N (45 lb)" in said["sentences"][1]
    assert "<svg" in said["strip"]
    assert all(one["rehearse"] is True for one in table.asked)
    assert PlanChange.objects.count() == 0


def test_the_offer_knows_of_a_reduce(browser: Client, address: str, table: MockTable, amended: Prescription) -> None:
    whole = browser.get(address).json()
    table.telemetry = {"limit_n": 190.0, "treatment_s": 3.0}
    said = browser.get(address).json()
    assert said["sentences"][1].endswith("until now reduced to 190 N; signed 200 N (45 lb).")
    assert said["strip"] != whole["strip"]


def test_a_change_is_asked_and_kept_with_its_audit_row(
    browser: Client, address: str, table: MockTable, amended: Prescription, session: TreatmentSession
) -> None:
    shown = browser.get(address).json()["sha256"]
    answer = browser.post(address, {"sha256": shown, "plan": "{}", "at_s": "1", "operator": "eve"})
    assert answer.json()["ok"] is True
    sent = table.asked[-1]
    assert "rehearse" not in sent
    assert (sent["plan_sha256"], sent["operator"]) == (shown, "a clinician")
    assert sent["session"] == str(session.pk)
    assert "Ada" not in json.dumps(sent)
    kept = session.changes.get()
    assert (kept.signed.prescription, kept.by.username) == (amended, "a clinician")
    assert session.plan.prescription != amended
    row = AuditRow.objects.get(act="change prescription of session")
    assert row.by == kept.by
    assert row.detail["plan_sha256"] == kept.sha256 == Plan.from_canonical(kept.canonical).sha256
    assert (row.detail["signed_sha256"], row.detail["at_s"]) == (shown, kept.at_s)
    assert broken_link() is None


def test_the_page_then_draws_and_reduces_what_is_pulled_now(
    browser: Client, address: str, table: MockTable, amended: Prescription, session: TreatmentSession
) -> None:
    browser.post(address, {"sha256": browser.get(address).json()["sha256"]})
    now = plan_in_force(session)
    drawn = browser.get(reverse("plan", args=[session.pk])).json()
    assert drawn["plan"]["sha256"] == now.sha256
    assert "<svg" in drawn["strip"]
    assert now.sha256.encode() in browser.get(reverse("treatment", args=[session.pk])).content
    new, old = Plan.from_canonical(amended.plans.get().canonical), Plan.from_canonical(session.plan.canonical)
    assert now.peak == old.peak > new.peak
    last = session.changes.get().at_s
    for tau, high in ((last - 10.0, old.peak), (last, new.peak), (last + 5.0, new.peak)):
        asked = arguments("reduce", {}, {"limit_n": 400.0, "treatment_s": tau}, session)
        assert asked["to_n"] == pytest.approx(0.9 * high)
    asked = arguments("reduce", {}, {"limit_n": 150.0, "treatment_s": last}, session)
    assert asked["to_n"] == pytest.approx(0.9 * 150.0)
    assert browser.get(address).json() == {
        "ok": False,
        "why": "prescription = 'version 2, in force already' cannot be used; allowed: a newer signed one; amend it, "
        "sign it, then change here.",
    }


def test_without_another_signed_prescription_the_sentence_says_what_to_do(
    browser: Client, address: str, table: MockTable
) -> None:
    answer = browser.get(address)
    assert answer.status_code == 400
    assert "amend it, sign it, then change here" in answer.json()["why"]
    assert table.asked == []


def test_only_what_was_shown_is_pulled(
    browser: Client, address: str, table: MockTable, amended: Prescription, session: TreatmentSession, clinician: User
) -> None:
    shown = browser.get(address).json()["sha256"]
    other = prescriptions.draft(session.patient, "Other", GENTLER.replace("40 lb", "35 lb"), by=clinician)
    prescriptions.sign(other, by=clinician, confirmed=confirmed(clinician))
    for sha256 in (shown, "", "0" * 64):
        answer = browser.post(address, {"sha256": sha256})
        assert answer.status_code == 400
        assert "look at it again" in answer.json()["why"]
    assert PlanChange.objects.count() == 0


def test_what_the_table_refuses_is_said_noted_and_not_kept(
    browser: Client, address: str, table: MockTable, amended: Prescription
) -> None:
    shown = browser.get(address).json()["sha256"]
    table.refuses = "change = 'at 1:00' cannot be used; allowed: a change before the last pull has ended."
    assert browser.get(address).status_code == 409
    answer = browser.post(address, {"sha256": shown})
    assert (answer.status_code, answer.json()["why"]) == (409, table.refuses)
    assert PlanChange.objects.count() == 0
    assert AuditRow.objects.get(act="ask table: change prescription").detail["ok"] is False
    table.away = True
    assert browser.post(address, {"sha256": shown}).status_code == 503


def locked(*asked: Any, **more: Any) -> None:
    raise DatabaseError("database is locked")


def test_a_change_whose_author_cannot_be_written_is_not_sent(
    browser: Client, address: str, table: MockTable, amended: Prescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = browser.get(address).json()["sha256"]
    table.asked.clear()
    monkeypatch.setattr("opentraction.clinic.views.change.note_change_asked", locked)
    answer = browser.post(address, {"sha256": shown})
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "why": UNWRITTEN})
    assert table.asked == []


@pytest.mark.parametrize(("write", "refuses"), [("change_prescription", ""), ("note_request", "No.")])
def test_an_answer_to_a_change_is_told_though_it_cannot_be_written(
    browser: Client,
    address: str,
    table: MockTable,
    amended: Prescription,
    monkeypatch: pytest.MonkeyPatch,
    write: str,
    refuses: str,
) -> None:
    shown = browser.get(address).json()["sha256"]
    table.refuses = refuses
    monkeypatch.setattr(f"opentraction.clinic.views.change.{write}", locked)
    answer = browser.post(address, {"sha256": shown})
    assert (answer.status_code, answer.json().get("why", "")) == (409 if refuses else 200, refuses)


def test_a_plan_the_patient_has_outgrown_is_not_offered(
    browser: Client, address: str, table: MockTable, amended: Prescription, session: TreatmentSession, clinician: User
) -> None:
    patients.change_patient(session.patient, {"mass_kg": 64.0}, by=clinician)
    answer = browser.get(address)
    assert answer.status_code == 400
    assert "body mass" in answer.json()["why"]
    assert table.asked == []


@pytest.mark.parametrize("role", [roles.THERAPIST, None])
def test_only_who_prescribes_may_change(
    address: str, table: MockTable, amended: Prescription, role: str | None
) -> None:
    other = Client()
    other.force_login(user_with(role))
    assert other.get(address).status_code == 403
    assert other.post(address, {"sha256": "x"}).status_code == 403
    assert Client().post(address, {"sha256": "x"}).status_code == 302
    assert table.asked == []


def test_the_button_is_there_for_who_prescribes_and_away_from_stop(browser: Client, session: TreatmentSession) -> None:
    page = browser.get(reverse("treatment", args=[session.pk])).content.decode()
    assert page.index('id="stop"') < page.index('<section class="plan-room"') < page.index('id="change"')
    assistant = Client()
    assistant.force_login(user_with(roles.THERAPIST))
    assert 'id="change"' not in assistant.get(reverse("treatment", args=[session.pk])).content.decode()


@pytest.fixture
def kept(session: TreatmentSession, amended: Prescription, clinician: User) -> PlanChange:
    signed = offered(session)
    change = change_at_boundary(
        Plan.from_canonical(session.plan.canonical), Plan.from_canonical(signed.canonical), 20.0
    )
    return change_prescription(session, signed, told(change), by=clinician)


def test_a_change_is_kept_as_it_was_made(kept: PlanChange) -> None:
    for act in (kept.save, kept.delete):
        with pytest.raises(Frozen):
            act()
    for sql in ("UPDATE clinic_planchange SET at_s = 0", "DELETE FROM clinic_planchange"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_change_to_another_patients_prescription_is_refused(
    session: TreatmentSession, clinician: User, kept: PlanChange
) -> None:
    eve: Patient = patients.add_patient({**ADA, "given_name": "Eve"}, by=clinician)
    theirs = prescriptions.sign(
        prescriptions.draft(eve, "Hers", DOCUMENT, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    answer = {"plan": kept.canonical, "plan_sha256": kept.sha256, "at_s": 5.0}
    with pytest.raises(Frozen, match="another patient"):
        change_prescription(session, theirs.plans.get(), answer, by=clinician)


def test_an_act_that_cannot_be_audited_keeps_nothing(
    session: TreatmentSession, amended: Prescription, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object, **more: object) -> None:
        raise RuntimeError("no audit row")

    monkeypatch.setattr("opentraction.clinic.actions.changes.record", fail)
    signed = offered(session)
    with pytest.raises(RuntimeError):
        change_prescription(session, signed, {"plan": signed.canonical, "plan_sha256": "x", "at_s": 1.0}, by=clinician)
    assert PlanChange.objects.count() == 0


def test_the_newest_signed_prescription_is_offered_and_no_other(session: TreatmentSession, clinician: User) -> None:
    with pytest.raises(BadInput, match="in force already"):
        offered(session)


# --- what the table took over and the console never kept ---


@pytest.fixture
def data(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def change(session: TreatmentSession, amended: Prescription) -> Change:
    running = Plan.from_canonical(session.plan.canonical)
    return change_at_boundary(running, Plan.from_canonical(amended.plans.get().canonical), 20.0)


def recorded(
    session: TreatmentSession, data: Path, change: Change, by: str = "a clinician", reached: bool = False
) -> None:
    """A recording in which the table took `change` over; its boundary came, if `reached`."""
    signed = session.patient.prescriptions.first()
    assert signed is not None
    asked = documents.change_asked(20.0, change, signed.plans.get().sha256, by)
    made = [documents.change_made(25.0, change, by)] if reached else []
    items = story(make_rows(legs()), [asked, *made])
    next(items)
    tell(
        Recorder(data / "recordings" / str(session.pk), pace=NO_SYNC),
        chain([start(uid=str(session.pk), operator="a clinician")], items),
    )


@pytest.mark.parametrize("reached", [True, False])
def test_the_sessions_page_tells_a_change_made_from_one_never_reached(
    browser: Client, session: TreatmentSession, data: Path, change: Change, reached: bool
) -> None:
    recorded(session, data, change, reached=reached)
    assert take_in_all() == 1
    page = " ".join(browser.get(reverse("session", args=[session.pk])).content.decode().split())
    assert ("Changed to" in page, "asked, not reached" in page) == (reached, not reached)
    assert f"{int(change.at) // 60}:{int(change.at) % 60:02d} of treatment" in page
    assert "Since binding" in page


def test_an_answer_that_never_came_is_made_up_for_from_the_recording(
    browser: Client,
    address: str,
    table: MockTable,
    amended: Prescription,
    session: TreatmentSession,
    data: Path,
    change: Change,
) -> None:
    shown = browser.get(address).json()["sha256"]
    table.away = True
    assert browser.post(address, {"sha256": shown}).status_code == 503
    row = AuditRow.objects.get(act="ask for change of prescription")
    assert (row.by, row.detail["signed_sha256"]) == (User.objects.get(username="a clinician"), shown)
    assert PlanChange.objects.count() == 0
    recorded(session, data, change)
    assert take_in_all() == 1
    kept = session.changes.get()
    assert (kept.sha256, kept.at_s, kept.signed.sha256) == (change.plan.sha256, change.at, shown)
    assert plan_in_force(session) == change.plan
    made = AuditRow.objects.get(act="change prescription of session")
    assert (made.by, made.detail["from_recording"]) == (row.by, True)
    assert take_in_all() == 0
    take_in_changes_of(session)
    assert session.changes.count() == 1
    assert broken_link() is None


def test_a_running_session_is_made_up_for_before_the_next_change_is_shown(
    browser: Client, address: str, table: MockTable, session: TreatmentSession, data: Path, change: Change
) -> None:
    recorded(session, data, change)
    assert "in force already" in browser.get(address).json()["why"]
    assert session.changes.get().sha256 == change.plan.sha256


def test_what_the_recording_told_first_is_not_kept_twice(
    session: TreatmentSession, data: Path, change: Change, amended: Prescription, clinician: User
) -> None:
    recorded(session, data, change)
    take_in_changes_of(session)
    again = change_prescription(session, amended.plans.get(), told(change), by=clinician)
    assert again == session.changes.get()


@pytest.mark.parametrize("by", ["nobody here", ""])
def test_a_change_by_nobody_here_is_not_invented_an_author(
    session: TreatmentSession, data: Path, change: Change, by: str
) -> None:
    recorded(session, data, change, by)
    assert take_in_all() == 1
    assert session.changes.count() == 0


def test_what_cannot_be_noted_is_not_asked(
    browser: Client, address: str, table: MockTable, amended: Prescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = browser.get(address).json()["sha256"]

    def fail(*words: object, **more: object) -> None:
        raise RuntimeError("no audit row")

    monkeypatch.setattr("opentraction.clinic.actions.changes.record", fail)
    before = len(table.asked)
    with pytest.raises(RuntimeError):
        browser.post(address, {"sha256": shown})
    assert len(table.asked) == before


def test_the_line_to_the_table_hears_of_a_change(tmp_path: Path, change: Change) -> None:
    heard: list[dict[str, Any]] = []

    async def hear(document: dict[str, Any]) -> None:
        heard.append(document)

    async def listen() -> None:
        link = TableLink(tmp_path / "none", on_change=hear)
        link._document(dict(documents.change_asked(20.0, change, "0" * 64, "Ada")))
        link._document(dict(documents.change_made(30.0, change, "Ada")))
        await asyncio.gather(*link._hooks)

    asyncio.run(listen())
    assert [one["data"]["change"] for one in heard] == ["asked"]
