"""The console's side of a locked table: it says why, a clinician resets it with a reason, and the act is on record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow
from tests.clinic_ground import user_with
from tests.mock_link import MockLink

pytestmark = pytest.mark.django_db
WHY = "two faults in a row: force sensors disagree, then drive fault"
REASON = "Load cell B replaced; both compared at 0 N and 300 N."


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> MockLink:
    mock = MockLink({"lockout": {"why": WHY, "since_utc": None}, "bound": None}, {"ok": True})
    for place in ("context", "views.lockout"):
        monkeypatch.setattr(f"opentraction.clinic.{place}.shared_link", lambda: mock)
    return mock


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_every_page_says_that_the_table_is_locked(link: MockLink, clinician: User) -> None:
    page = signed_in(clinician).get(reverse("patients")).content.decode()
    assert f'href="{reverse("lockout")}">Table locked' in page
    link.telemetry = {}
    assert "Table locked" not in signed_in(clinician).get(reverse("patients")).content.decode()


def test_a_clinician_resets_with_a_reason_and_it_is_on_record(link: MockLink, clinician: User) -> None:
    browser = signed_in(clinician)
    assert WHY in browser.get(reverse("lockout")).content.decode()
    assert browser.post(reverse("lockout"), {"reason": REASON}).status_code == 302
    assert link.sent == [{"do": "reset", "operator": clinician.get_username(), "reason": REASON}]
    row = AuditRow.objects.latest("id")
    assert (row.act, row.by) == ("reset locked table", clinician)
    assert row.detail == {"why": WHY, "reason": REASON, "ok": True}


def test_a_session_that_is_still_bound_is_named(link: MockLink, clinician: User) -> None:
    link.telemetry["bound"] = {"session": "3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77"}
    signed_in(clinician).post(reverse("lockout"), {"reason": REASON})
    assert link.sent[0]["session"] == "3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77"


def test_what_the_table_refuses_is_said_and_on_record_too(link: MockLink, clinician: User) -> None:
    link.answer = {"ok": False, "why": "reason = 'ok' cannot be used."}
    answer = signed_in(clinician).post(reverse("lockout"), {"reason": "ok <b>"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "reason = &#x27;ok&#x27; cannot be used." in page
    assert "ok &lt;b&gt;" in page
    assert AuditRow.objects.latest("id").detail["ok"] is False


def test_a_table_that_does_not_answer_is_said(link: MockLink, clinician: User) -> None:
    link.away = True
    assert signed_in(clinician).post(reverse("lockout"), {"reason": REASON}).status_code == 503
    row = AuditRow.objects.latest("id")
    assert (row.act, row.by) == ("ask for reset of locked table", clinician), "asked, and what came of it is not known"


def test_an_assistant_sees_why_but_cannot_reset(link: MockLink) -> None:
    browser = signed_in(user_with(roles.THERAPIST))
    page = browser.get(reverse("lockout")).content.decode()
    assert WHY in page
    assert "Ask a clinician." in page
    assert browser.post(reverse("lockout"), {"reason": REASON}).status_code == 403
    assert link.sent == []
