"""A consent taken back while its session runs: the table hears of it with the next lease, and nothing pulls on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.consents.actions.taking_back import withdraw
from opentraction.clinic.consents.in_session import PATIENT, taken_back, told_by
from opentraction.clinic.models import AuditRow, Patient, PatientAccount, TreatmentSession
from opentraction.clinic.table_line import line, telling
from tests.cleared import consented


class Link:
    """Says yes, and remembers."""

    def __init__(self, session: TreatmentSession) -> None:
        self.telemetry: dict[str, Any] = {"limit_n": 400.0, "bound": {"session": str(session.pk)}, "phase": "hold"}
        self.sent: list[dict[str, Any]] = []

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        self.sent.append({"do": do, **more})
        return {"re": 1, "ok": True}


@pytest.fixture
def link(session: TreatmentSession, monkeypatch: pytest.MonkeyPatch) -> Link:
    one = Link(session)
    monkeypatch.setattr(line, "shared_link", lambda: one)
    monkeypatch.setattr(telling, "_told", set())
    return one


def post(user: User, session: TreatmentSession, do: str) -> Any:
    browser = Client()
    browser.force_login(user)
    return browser.post(reverse("table-act"), {"session": str(session.pk), "do": do})


def patient_user(ada: Patient) -> User:
    own = User.objects.create_user("P-000")
    PatientAccount.objects.create(user=own, patient=ada)
    roles.give(own, roles.PATIENT, ada.clinic)
    return own


def test_the_table_hears_of_it_with_the_next_lease_and_once(
    link: Link, session: TreatmentSession, clinician: User, ada: Patient
) -> None:
    post(clinician, session, "lease")
    assert [sent["do"] for sent in link.sent] == ["lease"]
    withdraw(ada, "lumbar", by=clinician, now=timezone.now())
    post(clinician, session, "lease")
    post(clinician, session, "lease")
    assert [sent["do"] for sent in link.sent] == ["lease", "withdrawn", "lease", "lease"]
    assert link.sent[1] == {"do": "withdrawn", "session": str(session.pk), "operator": clinician.get_username()}
    assert AuditRow.objects.filter(act="ask table: consent withdrawn").count() == 1


@pytest.mark.parametrize("do", ["arm", "start", "resume"])
def test_it_goes_before_whatever_would_bring_force_which_is_not_sent(
    do: str, link: Link, session: TreatmentSession, clinician: User, ada: Patient
) -> None:
    withdraw(ada, "lumbar", by=clinician, now=timezone.now())
    answer = post(clinician, session, do)
    assert [sent["do"] for sent in link.sent] == ["withdrawn"]
    assert answer.status_code == 400
    assert "withdrawn" in answer.json()["why"]


def test_a_recording_hears_no_patients_account(session: TreatmentSession, ada: Patient) -> None:
    withdraw(ada, "lumbar", by=patient_user(ada), now=timezone.now())
    taken = taken_back(session)
    assert taken is not None
    assert told_by(taken) == PATIENT


def test_another_region_or_an_earlier_time_does_not_count(
    session: TreatmentSession, ada: Patient, clinician: User
) -> None:
    consented(ada, clinician, timezone.now(), "cervical")
    withdraw(ada, "cervical", by=clinician, now=timezone.now())
    assert taken_back(session) is None
    withdraw(ada, "lumbar", by=clinician, now=session.created - timedelta(seconds=1))
    assert taken_back(session) is None


def test_signed_again_it_stands_again(session: TreatmentSession, ada: Patient, clinician: User) -> None:
    withdraw(ada, "lumbar", by=clinician, now=timezone.now())
    assert taken_back(session) is not None
    consented(ada, clinician, timezone.now())
    assert taken_back(session) is None


def test_that_somebody_has_seen_it_is_kept(link: Link, session: TreatmentSession, clinician: User) -> None:
    assert post(clinician, session, "seen").json() == {"ok": True}
    assert link.sent == [{"do": "seen", "session": str(session.pk), "operator": clinician.get_username()}]
    assert AuditRow.objects.filter(act="ask table: seen").exists()
