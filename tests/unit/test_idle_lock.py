"""A console nobody touches opens no record and asks nothing of the table, but stops it and keeps its lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import access, idle, roles
from opentraction.clinic.acting import ACTS
from opentraction.clinic.models import AuditRow, Patient, Seat, TreatmentSession
from opentraction.clinic.models.clinic import first_clinic
from opentraction.clinic.table_link import TableLink
from tests.clinic_ground import PASSWORD, user_with
from tests.page_words import words_of
from tests.specimens import Ground, address, urls

pytestmark = pytest.mark.django_db


class Watch:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


class MockLink:
    up = True

    def __init__(self) -> None:
        self.telemetry: dict[str, Any] = {"limit_n": 400.0, "bound": None}
        self.sent: list[str] = []

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        self.sent.append(do)
        return {"ok": True}


def here(work: Callable[..., Any], *asked: Any) -> asyncio.Future[Any]:
    return asyncio.ensure_future(sync_to_async(work)(*asked))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    one = Watch()
    monkeypatch.setattr(idle, "clock", one)
    monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)
    return one


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> MockLink:
    mock = MockLink()
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: mock)
    return mock


@pytest.fixture
def browser(clinician: User, watch: Watch) -> Client:
    client = Client()
    client.force_login(clinician)
    client.get(reverse("account"))  # sits down
    return client


@pytest.fixture
def locked(browser: Client, watch: Watch) -> Client:
    watch.wait(minutes=10)
    return browser


class TestLocked:
    @pytest.mark.parametrize("name", sorted(access.table().keys() - idle.STAYS_OPEN))
    def test_no_address_is_opened_by_any_method(self, name: str, locked: Client, session: TreatmentSession) -> None:
        """Of the core and of every wing; what anybody may open without signing in has no lock before it."""
        known = {one for one, _ in urls()}
        for method in access.methods(name):
            if access.needed(name, method) == access.ANYONE or name not in known:
                continue
            where = address(name, Ground(session.patient, session))
            rows = AuditRow.objects.exclude(act="lock console").count()
            answer = getattr(locked, method.lower())(where)
            assert answer.status_code == 423, f"{method} {name}"
            page = answer.content.decode()
            assert "Ada" not in words_of(page)
            assert "P-001" not in page
            assert AuditRow.objects.exclude(act="lock console").count() == rows, "nothing was read or done"

    def test_a_page_that_asks_for_json_is_told_so(self, locked: Client, session: TreatmentSession) -> None:
        answer = locked.get(reverse("table-history"), headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["locked"]) == (423, True)

    def test_why_is_said_in_the_language_of_the_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.translation._trans.gettext", lambda text: f"¡{text}")
        assert str(idle.WHY).startswith("¡This console is locked.")

    def test_of_the_table_only_stop_and_lease(self, locked: Client, link: MockLink, session: TreatmentSession) -> None:
        for do in ACTS:
            answer = locked.post(reverse("table-act"), {"do": do, "session": str(session.pk), "identity": "confirmed"})
            allowed = do in {"stop", "lease"}
            assert answer.status_code == (200 if allowed else 409), do
            assert answer.json()["ok"] is allowed
            assert answer.json().get("locked") is (None if allowed else True), "its page covers itself"
        assert sorted(link.sent) == ["lease", "stop"]

    def test_the_stop_is_in_reach_on_the_locked_page(self, locked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("opentraction.clinic.context.shared_link", MockLink)
        page = locked.get(reverse("patients")).content.decode()
        assert '<input type="hidden" name="do" value="stop">' in page
        assert page.count("Your password, or a code from your phone") == 1

    def test_it_is_one_act_on_record_whoever_asks(self, locked: Client, clinician: User) -> None:
        for _ in range(3):
            locked.get(reverse("patients"))
        row = AuditRow.objects.get(act="lock console")
        assert (row.by, row.detail) == (clinician, {"idle": True})

    def test_the_stream_goes_on_without_documents(
        self, clinician: User, watch: Watch, session: TreatmentSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        link = TableLink(tmp_path / "s")
        monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)
        monkeypatch.setattr("opentraction.clinic.sight.apart", here)
        link.documents.append({"doc": "start", "uid": str(session.pk), "patient": {"mass_kg": 70.0}})
        link.telemetry, link.up = {"seq": 1, "measured_n": 300.0, "bound": {"session": str(session.pk)}}, True
        watching = AsyncClient()
        watching.force_login(clinician)

        async def told() -> list[bytes]:
            answer = await watching.get(reverse("table-stream"))
            stream = aiter(answer)
            return [await anext(stream) for _ in range(2 if watch.now > start else 3)]

        start = watch.now
        assert [said.split(b"\n")[0] for said in async_to_sync(told)()] == [
            b"event: link",
            b"event: document",
            b"event: telemetry",
        ]
        watch.wait(minutes=10)
        seen = async_to_sync(told)()
        assert [said.split(b"\n")[0] for said in seen] == [b"event: link", b"event: telemetry"]
        assert b"mass_kg" not in b"".join(seen)


class TestUnlocking:
    def test_the_password_opens_again(self, locked: Client, ada: Patient) -> None:
        assert locked.get(ada.get_absolute_url()).status_code == 423
        answer = locked.post(reverse("unlock"), {"password": PASSWORD, "next": ada.get_absolute_url()})
        assert answer["Location"] == ada.get_absolute_url()
        assert locked.get(ada.get_absolute_url()).status_code == 200
        assert AuditRow.objects.filter(act="unlock console").count() == 1

    def test_a_covered_page_unlocks_without_being_left(self, locked: Client) -> None:
        as_json = {"accept": "application/json"}
        refused = locked.post(reverse("unlock"), {"password": "wrong"}, headers=as_json)
        assert (refused.status_code, refused.json()["ok"]) == (400, False)
        assert "not right" in refused.json()["why"]
        assert locked.post(reverse("unlock"), {"password": PASSWORD}, headers=as_json).json() == {"ok": True}
        assert locked.get(reverse("seat")).json()["locked"] is False

    def test_guessing_takes_ever_longer(self, locked: Client) -> None:
        said = [locked.post(reverse("unlock"), {"password": "wrong"}).content.decode() for _ in range(7)]
        assert "tried too often" in said[-1]
        assert locked.post(reverse("unlock"), {"password": PASSWORD}).status_code == 400
        assert locked.get(reverse("patients")).status_code == 423

    def test_a_code_from_the_phone_opens_too(self, locked: Client, clinician: User) -> None:
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from opentraction.clinic.models import RecoveryCode
        from opentraction.clinic.models.recovery_code import hash_of

        RecoveryCode.objects.create(user=clinician, sha256=hash_of("aaaa-bbbb-cccc-dddd"))
        assert locked.post(reverse("unlock"), {"password": "aaaa-bbbb-cccc-dddd"}).status_code == 400
        TOTPDevice.objects.create(user=clinician, confirmed=True)
        assert locked.post(reverse("unlock"), {"password": "aaaa-bbbb-cccc-dddd"}).status_code == 302

    def test_signing_out_needs_no_password(self, locked: Client) -> None:
        assert locked.post(reverse("sign-out")).status_code == 302
        assert not Seat.objects.exists()

    def test_elsewhere_the_same_user_is_not_locked(self, locked: Client, clinician: User) -> None:
        other = Client()
        other.force_login(clinician)
        Seat.objects.update(last_input=idle.clock())
        assert locked.get(reverse("seat")).json()["locked"] is False
        locked.post(reverse("seat"), {"act": "lock"})
        assert locked.get(reverse("patients")).status_code == 423
        assert other.get(reverse("patients")).status_code == 200


class TestInput:
    def test_a_hand_that_moves_keeps_it_open(self, browser: Client, watch: Watch) -> None:
        for _ in range(20):
            watch.wait(minutes=9)
            assert browser.post(reverse("seat"), {"act": "input"}).json() == {"locked": False, "left_s": 600.0}
        watch.wait(minutes=9)
        assert browser.get(reverse("patients")).status_code == 200
        watch.wait(minutes=9)
        assert browser.get(reverse("patients")).status_code == 200, "a page that is opened is input"

    def test_what_a_page_does_by_itself_is_no_input(
        self, browser: Client, watch: Watch, link: MockLink, session: TreatmentSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link.history = []  # type: ignore[attr-defined]
        watch.wait(minutes=9)
        browser.post(reverse("table-act"), {"do": "lease", "session": str(session.pk)})
        browser.get(reverse("table-history"))
        browser.get(reverse("plan", args=[session.pk]))
        browser.get(reverse("seat"))
        watch.wait(minutes=1)
        assert browser.get(reverse("patients")).status_code == 423

    def test_a_moved_hand_opens_nothing_that_is_locked(self, locked: Client) -> None:
        assert locked.post(reverse("seat"), {"act": "input"}).json() == {"locked": True, "left_s": 0.0}
        assert locked.get(reverse("patients")).status_code == 423

    def test_the_clinic_says_after_how_long(self, browser: Client, watch: Watch) -> None:
        clinic = first_clinic()
        clinic.idle_min = 2
        clinic.save()
        watch.wait(seconds=119)
        assert browser.get(reverse("seat")).json() == {"locked": False, "left_s": 1.0}
        watch.wait(seconds=1)
        assert browser.get(reverse("patients")).status_code == 423

    def test_a_page_is_told_when_it_locks(self, browser: Client) -> None:
        assert 'data-idle-min="10"' in browser.get(reverse("patients")).content.decode()

    def test_input_is_written_down_no_oftener_than_every_half_minute(self, browser: Client, watch: Watch) -> None:
        before = Seat.objects.get().last_input
        watch.wait(seconds=20)
        browser.get(reverse("patients"))
        assert Seat.objects.get().last_input == before
        watch.wait(seconds=20)
        browser.get(reverse("patients"))
        assert Seat.objects.get().last_input > before


def test_a_patients_portal_locks_like_the_rest(watch: Watch) -> None:
    browser = Client()
    browser.force_login(user_with(roles.PATIENT))
    browser.get(reverse("account"))
    watch.wait(minutes=11)
    assert browser.get(reverse("account")).status_code == 423
