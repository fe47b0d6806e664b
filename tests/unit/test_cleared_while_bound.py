"""What is recorded after the binding: nothing brings force against it, and what eases or ends a pull never waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction import screening
from opentraction.app.table_requests import LONGEST_REASON
from opentraction.clinic import roles
from opentraction.clinic.clearance import NotCleared
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.models import AuditRow, Clinic, Patient, TreatmentSession
from opentraction.clinic.models.clinic import first_clinic
from opentraction.clinic.table_line import line, permitted, telling
from opentraction.clinic.table_line.permitted import SECOND_FACTOR
from opentraction.clinic.table_line.stops_now import stops_now
from opentraction.quantities import BadInput, check_line
from tests.cleared import screened, visited
from tests.clinic_ground import user_with
from tests.one_thread import here

pytestmark = pytest.mark.django_db
BRING_FORCE = ("arm", "start", "resume")
EASE = ("pause", "reduce", "unbind", "acknowledge", "lease", "stop")


class Link:
    """A table that says yes, and remembers; this session is bound to it."""

    def __init__(self, session: TreatmentSession) -> None:
        self.telemetry: dict[str, Any] = {"limit_n": 400.0, "bound": {"session": str(session.pk)}, "phase": "stop test"}
        self.sent: list[dict[str, Any]] = []

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        self.sent.append({"do": do, **more})
        return {"re": 1, "ok": True}

    @property
    def did(self) -> list[str]:
        return [one["do"] for one in self.sent]


class Watch:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(telling, "clock", made)
    return made


@pytest.fixture
def link(session: TreatmentSession, monkeypatch: pytest.MonkeyPatch, watch: Watch) -> Link:
    one = Link(session)
    monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)
    monkeypatch.setattr(line, "shared_link", lambda: one)
    monkeypatch.setattr(telling, "_told", set())
    monkeypatch.setattr(telling, "_looked", {})
    return one


@pytest.fixture
def post(session: TreatmentSession, clinician: User) -> Callable[[str], Any]:
    browser = Client()
    browser.force_login(clinician)
    return lambda do: browser.post(reverse("table-act"), {"session": str(session.pk), "do": do})


def emergency(patient: Patient, by: User) -> None:
    """On the patient's own phone: an intake begun, and two answers that screen at once."""
    intake = intakes.begin(patient, "lumbar", by=by, now=timezone.now())
    by_id = screening.intake_questions().by_id
    told = {key: screening.read_answer(by_id[key], "yes") for key in ("bladder_bowel", "saddle_numb")}
    assert intakes.answer(intake, set(told), told, {}, "", by=None, now=timezone.now()) is not None


class TestArmStartResume:
    @pytest.mark.parametrize("do", BRING_FORCE)
    def test_who_is_still_cleared_goes_on(self, do: str, link: Link, post: Callable[[str], Any]) -> None:
        assert post(do).json() == {"ok": True}
        assert link.did == [do]

    @pytest.mark.parametrize("do", BRING_FORCE)
    def test_an_emergency_told_on_the_phone_ends_it(
        self, do: str, link: Link, post: Callable[[str], Any], ada: Patient, clinician: User
    ) -> None:
        emergency(ada, clinician)
        answer = post(do)
        assert (answer.status_code, answer.json()["ok"], answer.json()["where"]) == (400, False, "intake")
        assert "screening says" in answer.json()["why"]
        assert link.sent == []

    @pytest.mark.parametrize("do", EASE)
    def test_what_eases_or_ends_it_does_not_ask(
        self, do: str, link: Link, post: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(*asked: Any) -> None:
            raise AssertionError("this act waits for no clearance")

        monkeypatch.setattr(permitted, "clearance_for", never)
        monkeypatch.setattr(telling, "stops_now", never)
        assert post(do).status_code == 200
        assert link.did == [do]

    def test_the_set_up_is_unbound_all_the_same(
        self, link: Link, post: Callable[[str], Any], ada: Patient, clinician: User
    ) -> None:
        emergency(ada, clinician)
        assert [post(do).status_code for do in ("start", "unbind", "stop")] == [400, 200, 200]
        assert link.did == ["unbind", "stop"]

    def test_a_check_of_today_that_forbids_is_said_and_settled_with_the_same_set_up(
        self, link: Link, post: Callable[[str], Any], ada: Patient, clinician: User
    ) -> None:
        visited(ada, clinician, timezone.now(), today_pain=8)
        assert "not to treat" in post("start").json()["why"]
        visited(ada, clinician, timezone.now())
        assert post("start").json() == {"ok": True}

    def test_the_check_of_yesterday_does_not_count_on(
        self, link: Link, post: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tomorrow = timezone.now() + timedelta(hours=20)
        monkeypatch.setattr("opentraction.clinic.table_line.permitted.timezone.now", lambda: tomorrow)
        with pytest.raises(NotCleared) as said:
            permitted.still_cleared(TreatmentSession.objects.get())
        assert said.value.step == "visit"


class TestWhileItPulls:
    @pytest.fixture(autouse=True)
    def pulling(self, link: Link) -> None:
        link.telemetry["phase"] = "hold"

    def test_the_table_hears_of_an_emergency_with_the_next_lease_and_once(
        self, link: Link, watch: Watch, post: Callable[[str], Any], ada: Patient, clinician: User
    ) -> None:
        post("lease")
        emergency(ada, clinician)
        for _ in range(4):
            watch.now += telling.LOOKED_EVERY_S
            post("lease")
        assert link.did == ["lease", "uncleared", "lease", "lease", "lease", "lease"]
        told = link.sent[1]
        assert told["operator"] == telling.RECORD
        assert told["why"] == "The screening of the low back says emergency: to a hospital now. Open its verdict."
        row = AuditRow.objects.get(act="ask table: no longer cleared")
        assert (row.by, row.detail) == (None, {"ok": True, "why": told["why"]})

    def test_whatever_the_record_says_is_one_line_that_the_table_takes(
        self, link: Link, post: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        odd = "Felt\u200b faint.\n\x07 " + "x" * 900
        monkeypatch.setattr(telling, "stops_now", lambda session, now: odd)
        post("lease")
        why = link.sent[0]["why"]
        assert why.startswith("Felt faint. xxx")
        assert check_line(why, "why", LONGEST_REASON) == why

    def test_a_record_that_cannot_be_read_permits_no_pull(
        self, session: TreatmentSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def altered(*asked: Any) -> None:
            raise BadInput("screening", "altered", "as it was signed")

        monkeypatch.setattr("opentraction.clinic.table_line.stops_now.screened", altered)
        assert "as it was signed" in stops_now(session, timezone.now())

    def test_the_record_is_not_asked_with_every_lease(
        self, link: Link, watch: Watch, post: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[float] = []

        def ask(session: TreatmentSession, now: Any) -> str:
            asked.append(watch.now)
            return ""

        monkeypatch.setattr(telling, "stops_now", ask)
        for _ in range(11):
            post("lease")
            watch.now += 1.0
        assert asked == [100.0, 105.0, 110.0]

    def test_who_is_cleared_is_pulled_on(self, link: Link, post: Callable[[str], Any]) -> None:
        post("lease")
        assert link.did == ["lease"]

    def test_in_set_up_the_table_is_not_told(
        self, link: Link, post: Callable[[str], Any], ada: Patient, clinician: User
    ) -> None:
        link.telemetry["phase"] = "stop test"
        emergency(ada, clinician)
        post("lease")
        assert link.did == ["lease"]

    def test_a_check_or_a_screening_that_says_no_counts_and_time_alone_does_not(
        self, session: TreatmentSession, ada: Patient, clinician: User
    ) -> None:
        assert stops_now(session, timezone.now()) == ""
        assert stops_now(session, timezone.now() + timedelta(hours=13)) == ""
        visited(ada, clinician, timezone.now(), today_pain=8)
        assert stops_now(session, timezone.now()) == "The check of the day says not to treat."
        visited(ada, clinician, timezone.now())
        assert stops_now(session, timezone.now()) == ""
        screened(ada, clinician, timezone.now(), fever="unknown")
        assert stops_now(session, timezone.now()) == "The screening says not to treat."


class TestSecondFactor:
    """Where the clinic asks for one, who has none does nothing at the table either, but for a stop."""

    @pytest.fixture(autouse=True)
    def clinic(self) -> Clinic:
        clinic = first_clinic()
        clinic.second_factor_for = [roles.CLINICIAN]
        clinic.save()
        return clinic

    @pytest.mark.parametrize("do", [*BRING_FORCE, "reduce", "pause", "bind", "checklist", "unbind", "comfort", "seen"])
    def test_nothing_is_sent(self, do: str, link: Link, post: Callable[[str], Any]) -> None:
        answer = post(do)
        assert (answer.status_code, answer.json()) == (403, {"ok": False, "why": SECOND_FACTOR})
        assert link.sent == []

    @pytest.mark.parametrize("do", ["stop", "lease"])
    def test_a_stop_goes_out_and_what_runs_is_watched_on(self, do: str, link: Link, post: Callable[[str], Any]) -> None:
        assert post(do).json() == {"ok": True}
        assert link.did == [do]

    def test_a_role_that_is_not_asked_acts(self, link: Link, session: TreatmentSession) -> None:
        browser = Client()
        browser.force_login(user_with(roles.THERAPIST))
        answer = browser.post(reverse("table-act"), {"session": str(session.pk), "do": "pause"})
        assert answer.status_code == 200
