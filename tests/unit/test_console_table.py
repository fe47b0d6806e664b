"""The line to the table, and the rule above all others: nothing a browser sends can raise force."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.acting import ACTS, arguments
from opentraction.clinic.actions import patients, prescriptions, treatments
from opentraction.clinic.apart import apart
from opentraction.clinic.last_seen import LastSeen, last_seen
from opentraction.clinic.models import AuditRow, TreatmentSession
from opentraction.clinic.signed_in import may_still_look
from opentraction.clinic.table_line.answers import UNWRITTEN
from opentraction.clinic.table_line.stopping import NOBODY_KNOWS
from opentraction.clinic.table_line.streaming import events
from opentraction.clinic.table_link import TableAway, TableLink, Viewer, shared_link
from opentraction.prescription import Plan
from opentraction.quantities import BadInput
from tests.clinic_ground import confirmed, user_with
from tests.one_thread import here

ASKED, ANSWERED = ("ask table", None), ("table answered", True)


def no_database(*asked: Any, **more: Any) -> Any:
    raise OperationalError("the database is gone")


class Hanging:
    """A database that really holds its thread."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __call__(self, *asked: Any, **more: Any) -> Any:
        self.over.wait(30.0)
        raise OperationalError("the database is locked")


class MockLink:
    """Records what would have gone to the table."""

    def __init__(self) -> None:
        self.up = True
        self.telemetry: dict[str, Any] | None = {"limit_n": 400.0, "bound": None}
        self.sent: list[dict[str, Any]] = []
        self.away = False

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        if self.away:
            raise TableAway
        self.sent.append({"do": do, **more})
        return {"re": 1, "ok": True}


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> MockLink:
    """A table that says yes; work apart stays on the one thread that sees a test's database."""
    mock = MockLink()
    monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: mock)
    return mock


@pytest.fixture
def ask(session: TreatmentSession, clinician: User) -> Callable[..., Any]:
    browser = Client()
    browser.force_login(clinician)

    def post(do: str, **more: Any) -> Any:
        return browser.post(reverse("table-act"), {"session": str(session.pk), "do": do, **more})

    return post


@pytest.mark.django_db
class TestActs:
    def test_the_plan_comes_from_the_database_whatever_is_posted(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession
    ) -> None:
        stronger = session.plan.canonical.replace("200", "900")
        assert ask("bind", identity="confirmed", plan=stronger, patient="{}", operator="eve").status_code == 200
        sent = link.sent[0]
        assert sent["plan"] == session.plan.canonical
        assert Plan.from_canonical(sent["plan"]).sha256 == sent["plan_sha256"]
        assert sent["patient"] == session.patient.as_person(session.created.date()).document()
        assert sent["operator"] == "a clinician"
        assert sent["written_in"] == "lb"
        assert "Ada" not in json.dumps(sent)

    def test_a_signed_plan_is_bound_though_its_document_cannot_be_read_any_more(
        self, ask: Callable[..., Any], link: MockLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(*asked: Any) -> Any:
            raise BadInput("release.shape", "linear", "a shape of a later version")

        monkeypatch.setattr("opentraction.clinic.rehearsing.parse_prescription", unreadable)
        assert ask("bind", identity="confirmed").status_code == 200
        assert link.sent[0]["written_in"] is None

    def test_nothing_is_bound_without_two_identifiers(self, ask: Callable[..., Any], link: MockLink) -> None:
        assert ask("bind").status_code == 400
        assert link.sent == []

    @pytest.mark.parametrize(("change", "what"), [({"ceiling_n": 60.0}, "ceiling"), ({"mass_kg": 64.0}, "body mass")])
    def test_a_plan_outgrown_since_the_page_was_opened_is_not_bound(
        self,
        ask: Callable[..., Any],
        link: MockLink,
        session: TreatmentSession,
        clinician: User,
        change: dict[str, float],
        what: str,
    ) -> None:
        patients.change_patient(session.patient, change, by=clinician)
        answer = ask("bind", identity="confirmed")
        assert answer.status_code == 400
        assert what in answer.json()["why"]
        assert "sign it again" in answer.json()["why"]
        assert link.sent == []

    def test_an_older_version_is_not_bound(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession, clinician: User
    ) -> None:
        draft = prescriptions.amend(session.plan.prescription, by=clinician)
        assert ask("bind", identity="confirmed").status_code == 200
        prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
        answer = ask("bind", identity="confirmed")
        assert answer.status_code == 400
        assert "newest signed" in answer.json()["why"]
        assert len(link.sent) == 1

    def test_a_session_that_has_ended_is_not_bound_again(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession
    ) -> None:
        outcome = treatments.Outcome("completed", "", session.created, None, None, {"treatment_s": 30.0}, "x")
        treatments.take_in(session, outcome)
        answer = ask("bind", identity="confirmed")
        assert answer.status_code == 400
        assert "completed" in answer.json()["why"]
        assert link.sent == []

    @pytest.mark.parametrize("telemetry", [None, {}])
    def test_nothing_but_stop_passes_before_the_table_has_told_its_state(
        self, ask: Callable[..., Any], link: MockLink, telemetry: dict[str, Any] | None
    ) -> None:
        link.telemetry = telemetry
        for do in ACTS.keys() - {"stop"}:
            answer = ask(do, identity="confirmed", item="position", done="true", score="5", what="cough")
            assert answer.status_code == 400, do
            assert "table" in answer.json()["why"]
        assert link.sent == []
        assert ask("stop").status_code == 200
        assert [one["do"] for one in link.sent] == ["stop"]

    @pytest.mark.parametrize("limit", [None, 150.0, 210.0, 400.0, 1e9])
    def test_reduce_takes_no_number_from_the_browser(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession, limit: float | None
    ) -> None:
        link.telemetry = {"limit_n": limit, "bound": None}
        assert ask("reduce", to_n="900", limit_n="900").status_code == 200
        peak = Plan.from_canonical(session.plan.canonical).peak
        below = peak if limit is None else min(peak, limit)
        assert link.sent[0]["to_n"] == pytest.approx(0.9 * below)

    @pytest.mark.parametrize("do", ["raise", "increase", "set", "force", "limit", "Bind", "", "hello", "rearm"])
    def test_what_is_not_on_the_list_never_reaches_the_table(
        self, ask: Callable[..., Any], link: MockLink, do: str
    ) -> None:
        answer = ask(do, to_n="900")
        assert answer.status_code == 400
        assert answer.json()["ok"] is False
        assert link.sent == []

    def test_no_act_carries_a_number_that_was_posted(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession
    ) -> None:
        flood = dict.fromkeys(("to_n", "force_n", "prescribed_n", "limit_n", "ceiling", "plan", "speed"), "98765.4321")
        for do in ACTS:
            ask(do, **flood, identity="confirmed", item="position", done="true", score="5", what="cough")
        assert len(link.sent) == len(ACTS)
        assert "98765.4321" not in json.dumps([{**one, "plan": ""} for one in link.sent])

    @pytest.mark.parametrize(
        ("do", "more"),
        [
            ("comfort", {"score": "11"}),
            ("comfort", {"score": "-1"}),
            ("comfort", {"score": "5.5"}),
            ("comfort", {}),
            ("checklist", {"item": "shoes"}),
            ("simulate", {"what": "earthquake"}),
        ],
    )
    def test_bad_arguments_are_one_sentence(
        self, ask: Callable[..., Any], link: MockLink, do: str, more: dict[str, str]
    ) -> None:
        answer = ask(do, **more)
        assert answer.status_code == 400
        assert "allowed:" in answer.json()["why"]
        assert link.sent == []

    def test_another_patients_page_cannot_act_on_this_session(self, ask: Callable[..., Any], link: MockLink) -> None:
        link.telemetry = {"limit_n": 400.0, "phase": "hold", "bound": {"session": "another"}}
        for do in ("start", "arm", "resume", "lease", "bind"):
            assert ask(do, identity="confirmed").status_code == 400
        assert link.sent == []
        assert ask("stop").status_code == 200
        assert [one["do"] for one in link.sent] == ["stop"]

    @pytest.mark.parametrize(
        ("phase", "status"), [("safe", 400), ("complete", 400), ("setup", 200), ("ready", 400), ("paused", 400)]
    )
    def test_only_a_table_at_rest_is_bound_anew(
        self, ask: Callable[..., Any], link: MockLink, phase: str, status: int
    ) -> None:
        link.telemetry = {"limit_n": None, "phase": phase, "bound": {"session": "another"}}
        assert ask("bind", identity="confirmed").status_code == status
        assert ask("start").status_code == 400
        assert len(link.sent) == (1 if status == 200 else 0)

    @pytest.mark.parametrize("phase", ["safe", "complete"])
    def test_the_next_patient_is_not_bound_before_the_last_is_unbound(
        self, ask: Callable[..., Any], link: MockLink, phase: str
    ) -> None:
        link.telemetry = {"limit_n": None, "phase": phase, "bound": {"session": "another", "pseudonym": "P-003"}}
        answer = ask("bind", identity="confirmed", instead_of="another")
        assert answer.json()["why"] == (
            "P-003 is still on the table; allowed: the next patient once P-003 is unclipped and unbound."
        )
        assert link.sent == []

    def test_anyone_signed_in_may_stop_and_nobody_else(self, link: MockLink, session: TreatmentSession) -> None:
        visitor = Client()
        visitor.force_login(user_with(None))
        assert visitor.post(reverse("table-act"), {"do": "start", "session": str(session.pk)}).status_code == 403
        assert link.sent == []
        assert visitor.post(reverse("table-act"), {"do": "stop", "session": "nonsense"}).status_code == 200
        assert [one["do"] for one in link.sent] == ["stop"]
        assert Client().post(reverse("table-act"), {"do": "stop"}).status_code == 302

    def test_a_patient_at_home_stops_nobody(self, link: MockLink, session: TreatmentSession) -> None:
        at_home = Client()
        at_home.force_login(user_with(roles.PATIENT))
        assert at_home.post(reverse("table-act"), {"do": "stop", "session": str(session.pk)}).status_code == 302
        assert link.sent == []

    @pytest.mark.parametrize("hanging", [False, True], ids=["gone", "hanging"])
    @pytest.mark.parametrize("watching", [True, False])
    def test_a_stop_waits_for_no_database(
        self,
        ask: Callable[..., Any],
        link: MockLink,
        monkeypatch: pytest.MonkeyPatch,
        hanging: bool,
        watching: bool,
    ) -> None:
        hung = Hanging()
        lookup = hung if hanging else no_database
        if watching:  # each page that watches a pull says so every second
            assert ask("lease").status_code == 200
            link.sent.clear()
        monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", apart)
        monkeypatch.setattr("opentraction.clinic.table_line.beside.LOOKED_UP_S", 0.01)
        monkeypatch.setattr("opentraction.clinic.table_line.stopping.who_is", lookup)
        monkeypatch.setattr("opentraction.clinic.table_line.stopping.any_session", lookup)
        try:
            answer = ask("stop")
        finally:
            hung.over.set()
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
        assert link.sent == [{"do": "stop", "operator": "a clinician" if watching else NOBODY_KNOWS}]

    @pytest.mark.parametrize("how", ["closed", "without_role"])
    def test_a_stop_of_who_may_not_look_any_more_is_noted_all_the_same(
        self, ask: Callable[..., Any], link: MockLink, clinician: User, how: str
    ) -> None:
        ask("lease")
        {"closed": closed, "without_role": without_role}[how](clinician)
        assert ask("stop").json() == {"ok": True}
        row = AuditRow.objects.get(act="ask table: stop")
        assert (row.by, row.detail) == (clinician, {"ok": True})

    def test_a_stop_by_nobody_known_is_noted_with_what_the_table_was_told(
        self, ask: Callable[..., Any], link: MockLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("opentraction.clinic.table_line.stopping.who_is", no_database)
        monkeypatch.setattr("opentraction.clinic.last_seen.last_seen.who", lambda key: "someone renamed since")
        assert ask("stop").json() == {"ok": True}
        row = AuditRow.objects.get(act="ask table: stop")
        assert (row.by, row.detail) == (None, {"ok": True, "sent_as": "someone renamed since"})

    def test_a_stop_from_a_page_of_no_session_is_noted_with_the_one_that_was_stopped(
        self, link: MockLink, session: TreatmentSession
    ) -> None:
        link.telemetry = {"bound": {"session": str(session.pk)}}
        visitor = Client()
        visitor.force_login(user_with(None))
        assert visitor.post(reverse("table-act"), {"do": "stop", "session": "nonsense"}).json() == {"ok": True}
        row = AuditRow.objects.get(act="ask table: stop")
        assert (row.by and row.by.get_username(), row.subject) == ("a None", f"session {session}")

    def test_a_stop_of_no_session_at_all_is_logged_with_name_and_reason(
        self, ask: Callable[..., Any], link: MockLink, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert ask("stop", session="nonsense").json() == {"ok": True}
        assert caplog.messages == ["a stop by a clinician is not in the record of acts: no such session: nonsense"]

    def test_a_stop_that_no_table_answered_is_noted_too(self, ask: Callable[..., Any], link: MockLink) -> None:
        link.away = True
        assert ask("stop").status_code == 503
        assert AuditRow.objects.get(act="ask table: stop").detail == {"ok": None}

    def test_each_act_names_the_session_of_its_page(
        self, ask: Callable[..., Any], link: MockLink, session: TreatmentSession
    ) -> None:
        for do in ACTS.keys() - {"stop"}:
            ask(
                do,
                identity="confirmed",
                item="position",
                done="true",
                score="5",
                what="cough",
                instead_of="an older one",
            )
        assert {one["session"] for one in link.sent} == {str(session.pk)}
        assert [one["instead_of"] for one in link.sent if one["do"] == "bind"] == ["an older one"]
        ask("bind", identity="confirmed")
        assert link.sent[-1]["instead_of"] is None

    def test_a_dead_table_is_said_and_what_to_do(self, ask: Callable[..., Any], link: MockLink) -> None:
        link.away = True
        for do in ("start", "stop"):
            answer = ask(do)
            assert answer.status_code == 503
            assert "make run" in answer.json()["why"]
        asked = AuditRow.objects.get(act="ask table: start")
        answered = AuditRow.objects.get(act="table answered: start")
        assert answered.detail == {"ok": None, "asked_in_row": asked.pk}, "the table may have heard it; no answer came"

    def test_acts_are_noted_with_their_author_and_answer(self, ask: Callable[..., Any], link: MockLink) -> None:
        for do in ("arm", "start", "reduce", "stop", "lease"):
            ask(do)
        noted = AuditRow.objects.filter(act__contains="table").values_list("act", "by__username", "detail__ok")
        both = [(f"{said}: {do}", ok) for do in ("arm", "start", "reduce") for said, ok in (ASKED, ANSWERED)]
        assert list(noted) == [(act, "a clinician", ok) for act, ok in [*both, ("ask table: stop", True)]]

    def test_who_asks_is_written_before_the_table_hears_of_it(
        self, ask: Callable[..., Any], link: MockLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dies(*rows: Any, **more: Any) -> None:
            raise KeyboardInterrupt("the web process ends here")

        monkeypatch.setattr(link, "request", dies)
        with pytest.raises(KeyboardInterrupt):
            ask("start")
        row = AuditRow.objects.get(act="ask table: start")
        assert row.by is not None
        assert row.by.get_username() == "a clinician"

    def test_an_act_whose_author_cannot_be_written_is_not_sent(
        self, ask: Callable[..., Any], link: MockLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("opentraction.clinic.table_line.noting.note_asked", no_database)
        answer = ask("start")
        assert answer.status_code == 503
        assert answer.json()["why"] == UNWRITTEN
        assert link.sent == []

    def test_an_answer_that_cannot_be_written_is_told_all_the_same(
        self, ask: Callable[..., Any], link: MockLink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("opentraction.clinic.table_line.noting.note_answer", no_database)
        assert ask("start").json() == {"ok": True}
        assert [one["do"] for one in link.sent] == ["start"]

    def test_the_list_of_acts_has_no_way_up(self, session: TreatmentSession) -> None:
        for do in ACTS:
            post = {"identity": "confirmed", "item": "position", "score": "5", "what": "cough", "to_n": "1000"}
            sent = arguments(do, post, {"limit_n": 200.0}, session)
            sent.pop("plan", None)
            numbers = [value for value in sent.values() if isinstance(value, float)]
            assert all(number < 200.0 for number in numbers), do
        with pytest.raises(BadInput):
            arguments("raise", {}, {}, session)


# ---- the socket ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def table_at(path: Path) -> AsyncIterator[socket.socket]:
    """A listening socket of the table's kind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(str(path))
        door.listen(2)
        door.setblocking(False)
        yield door


async def until(what: Callable[[], bool]) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(5.0):
        while not what():
            await asyncio.sleep(0)


async def greeted(door: socket.socket) -> socket.socket:
    """The link's connection, its hello answered."""
    loop = asyncio.get_running_loop()
    line, _ = await loop.sock_accept(door)
    line.setblocking(False)
    hello = json.loads(await loop.sock_recv(line, 1 << 16))
    assert hello["do"] == "hello"
    await loop.sock_sendall(line, json.dumps({"re": hello["id"], "ok": True, "protocol": 1}).encode())
    return line


def run(story: Callable[[Path], Awaitable[None]], tmp_path: Path) -> None:
    asyncio.run(story(tmp_path / "s"))  # type: ignore[arg-type]


def test_an_answer_finds_its_question(tmp_path: Path) -> None:
    async def story(path: Path) -> None:
        async with table_at(path) as door:
            link = TableLink(path)
            link.start()
            line = await greeted(door)
            await until(lambda: link.up)
            loop = asyncio.get_running_loop()
            one, two = asyncio.create_task(link.request("arm")), asyncio.create_task(link.request("stop"))
            asked = [json.loads(await loop.sock_recv(line, 1 << 16)) for _ in range(2)]
            for question in reversed(asked):
                reply = {"re": question["id"], "ok": question["do"] == "stop"}
                await loop.sock_sendall(line, json.dumps(reply).encode())
            assert ((await one)["ok"], (await two)["ok"]) == (False, True)
            line.close()
            await link.close()

    run(story, tmp_path)


def test_no_table_is_said_at_once(tmp_path: Path) -> None:
    async def story(path: Path) -> None:
        with pytest.raises(TableAway):
            await TableLink(path).request("stop")

    run(story, tmp_path)


def test_a_table_that_goes_away_is_told_to_browsers_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opentraction.clinic.table_link.RETRY_S", 0.001)

    async def story(path: Path) -> None:
        async with table_at(path) as door:
            link = TableLink(path)
            link.start()
            line = await greeted(door)
            await until(lambda: link.up)
            with link.viewer() as viewer:
                assert viewer.take() == [("link", {"up": True})]
                waiting = asyncio.create_task(link.request("start"))
                await asyncio.sleep(0)
                line.close()
                with pytest.raises(TableAway):
                    await waiting
                await until(lambda: not link.up)
                assert ("link", {"up": False}) in viewer.take()
                again = await greeted(door)
                await until(lambda: link.up)
                assert ("link", {"up": True}) in viewer.take()
                again.close()
            await link.close()

    run(story, tmp_path)


@pytest.mark.parametrize(
    "packet", ['{"telemetry": {"seq": 1, "measured_n": NaN}}', '{"telemetry": {"a": Infinity}}', "[", "7"]
)
def test_a_message_that_is_not_clean_json_is_dropped_and_the_line_stays(tmp_path: Path, packet: str) -> None:
    async def story(path: Path) -> None:
        async with table_at(path) as door:
            link = TableLink(path)
            link.start()
            line = await greeted(door)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(line, packet.encode())
            await loop.sock_sendall(line, b'{"telemetry": {"seq": 2, "t": 1.0, "measured_n": 5.0}}')
            await until(lambda: link.up and link.telemetry is not None)
            assert link.telemetry == {"seq": 2, "t": 1.0, "measured_n": 5.0}
            assert link.up
            line.close()
            await link.close()

    run(story, tmp_path)


def test_a_slow_browser_gets_the_newest_numbers_and_every_document() -> None:
    async def story() -> None:
        viewer = Viewer()
        for number in range(100):
            viewer.put("telemetry", {"seq": number})
            viewer.put("document", {"doc": "event", "n": number})
        told = viewer.take()
        assert [body["n"] for kind, body in told if kind == "document"] == list(range(100))
        assert [body["seq"] for kind, body in told if kind == "telemetry"] == [99]
        assert viewer.take() == []

    asyncio.run(story())


def test_a_page_loaded_again_gets_two_minutes_back(tmp_path: Path) -> None:
    link = TableLink(tmp_path / "s")
    for tick in range(20 * 200):
        link._hear({"telemetry": {"seq": tick, "t": tick * 0.05, "measured_n": 1.0, "late_ms": 0.1}})
    span = link.history[-1]["t"] - link.history[0]["t"]
    assert 120.0 <= span <= 150.0
    assert "late_ms" not in link.history[0]
    link._hear({"telemetry": {"seq": 1, "t": 0.0}})
    assert len(link.history) <= 1


def test_what_a_lost_table_said_is_not_kept_even_before_its_hello(tmp_path: Path) -> None:
    link = TableLink(tmp_path / "s")
    link._hear({"telemetry": {"seq": 1, "t": 0.0, "bound": {"session": "one"}}})
    assert not link.up
    link._drop()
    assert link.telemetry is None


def test_one_link_for_all_browsers() -> None:
    assert shared_link() is shared_link()


async def still_signed_in() -> bool:
    return True


def test_a_closing_server_ends_every_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = TableLink(tmp_path / "s")
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)

    async def story() -> None:
        stream = events(still_signed_in)
        assert await anext(stream) == b'event: link\ndata: {"up": false}\n\n'
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        link.end_streams()
        with pytest.raises(StopAsyncIteration):
            await waiting

    asyncio.run(story())


def gone(user: User) -> None:
    Session.objects.all().delete()


def out_of_date(user: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def closed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def without_role(user: User) -> None:
    user.memberships.update(active=False)


def new_password(user: User) -> None:
    user.set_password("another password altogether")
    user.save()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [gone, out_of_date, closed, without_role, new_password])
def test_a_stream_ends_when_its_reader_may_not_look_any_more(
    clinician: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: Callable[[User], None]
) -> None:
    monkeypatch.setattr("opentraction.clinic.table_line.streaming.ASK_AGAIN_S", 0.0)
    link = TableLink(tmp_path / "s")
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)
    browser = AsyncClient()
    browser.force_login(clinician)

    async def story() -> list[bytes]:
        answer = await browser.get(reverse("table-stream"))
        stream = aiter(answer)
        told = [await anext(stream)]
        await sync_to_async(change)(clinician)
        async with asyncio.timeout(5.0):
            told += [said async for said in stream]
        return told

    told = async_to_sync(story)()
    assert told[0].startswith(b"event: link")
    assert told[-1] == b'event: over\ndata: {"why": "signed out"}\n\n'
    assert not link._viewers


@pytest.mark.django_db
@pytest.mark.parametrize("change", [gone, out_of_date, closed, without_role, new_password])
def test_a_signed_out_page_keeps_no_lease(
    session: TreatmentSession, clinician: User, link: MockLink, change: Callable[[User], None]
) -> None:
    browser = Client()
    browser.force_login(clinician)
    lease = {"do": "lease", "session": str(session.pk)}
    assert browser.post(reverse("table-act"), lease).status_code == 200
    change(clinician)
    assert browser.post(reverse("table-act"), lease).status_code in {302, 403}
    assert len(link.sent) == 1


def test_a_stream_goes_on_while_the_database_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_database(request: Any) -> User:
        raise OperationalError("the database is gone")

    monkeypatch.setattr("opentraction.clinic.signed_in.get_user", no_database)
    assert asyncio.run(may_still_look("key")) is True


def test_a_stream_ends_when_nobody_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = TableLink(tmp_path / "s")
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)

    async def fails() -> bool:
        raise KeyError("a mistake of ours")

    async def story() -> list[bytes]:
        return [said async for said in events(fails)]

    assert asyncio.run(story())[-1].startswith(b"event: over")


def test_who_was_seen_a_minute_ago_is_looked_up_again() -> None:
    now = [0.0]
    seen = LastSeen(lambda: now[0])
    seen.saw("key", "ada")
    seen.saw(None, "nobody")
    now[0] = 59.0
    assert (seen.who("key"), seen.who("other"), seen.who(None), seen.who("")) == ("ada", "", "", "")
    now[0] = 60.0
    assert seen.who("key") == ""
    seen.saw("key", "ada")
    seen.forget("key")
    assert seen.who("key") == ""


@pytest.mark.django_db
def test_a_browser_that_signed_out_is_not_remembered(
    clinician: User, session: TreatmentSession, link: MockLink
) -> None:
    browser = Client()
    browser.force_login(clinician)
    browser.post(reverse("table-act"), {"do": "lease", "session": str(session.pk)})
    key = str(browser.session.session_key)
    assert last_seen.who(key) == "a clinician"
    browser.post(reverse("sign-out"))
    assert last_seen.who(key) == ""
    browser.cookies["sessionid"] = key
    assert browser.post(reverse("table-act"), {"do": "stop"}).status_code == 302
    assert [one["do"] for one in link.sent] == ["lease"]
