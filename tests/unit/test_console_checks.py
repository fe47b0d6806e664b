"""The table's checks in the console: who may look, who may try a stop, and that no patient is reached from here."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow
from opentraction.clinic.table_link import TableAway
from tests.clinic_ground import user_with
from tests.mock_link import MockLink
from tests.unit.test_access import browser_of

pytestmark = pytest.mark.django_db
FOUND = [{"name": "load cell A at rest reads", "passed": False, "saw": "40.0 N", "allowed": "at most 10 N"}]
NEWEST = {"utc": "2026-11-20T08:00:00+00:00", "passed": False, "why": "x", "by": "ada", "findings": FOUND}
STOPS = {
    "patient remote": {"due_utc": "2026-11-21T08:00:00+00:00", "due": True, "newest": NEWEST},
    "clinician stop": {"due_utc": None, "due": True, "newest": None},
}
TOLD = {"ok": True, "testing": False, "trouble": "The power-on test failed: x.", "due": True, "unwritten": None}
TRIAL = {"trial": "patient remote", "bound": {"session": "trial-0001"}}
TREATING = {"trial": None, "bound": {"session": "somebody-0001"}}


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> MockLink:
    mock = MockLink({}, {**TOLD, "power_on": FOUND, "stops": STOPS})
    for place in ("context", "table_line.line"):
        monkeypatch.setattr(f"opentraction.clinic.{place}.shared_link", lambda: mock)
    return mock


def act(user: User, **words: str) -> Any:
    return browser_of(user).post(reverse("table-checks-act"), words)


def test_the_page_tells_what_the_table_found(link: MockLink, clinician: User) -> None:
    page = browser_of(clinician).get(reverse("table-checks")).content.decode()
    for words in ("No session may begin.", "load cell A at rest reads", "40.0 N", "✕ Failed", "Not tried yet."):
        assert words in page
    assert link.sent == [{"do": "checks", "operator": clinician.username}]


def test_a_table_that_does_not_answer_is_said(link: MockLink, clinician: User) -> None:
    link.away = True
    page = browser_of(clinician).get(reverse("table-checks")).content.decode()
    assert str(TableAway()) in page
    assert act(clinician, do="self-test").status_code == 503


def test_every_page_says_that_the_table_is_not_checked(link: MockLink, clinician: User) -> None:
    link.telemetry = {"checks": {"trouble": "The power-on test failed: x."}}
    page = browser_of(clinician).get(reverse("patients")).content.decode()
    assert f'href="{reverse("table-checks")}">Table not checked' in page


def test_who_may_not_treat_tries_nothing(link: MockLink) -> None:
    assert act(user_with(roles.FRONT_DESK), do="self-test").status_code == 403
    assert link.sent == []


def test_a_trial_gets_a_number_of_its_own_and_is_in_the_record_of_acts(link: MockLink, clinician: User) -> None:
    assert act(clinician, do="bind-trial", stop="patient remote").json() == {"ok": True}
    (sent,) = link.sent
    assert (sent["do"], sent["stop"], sent["instead_of"]) == ("bind-trial", "patient remote", None)
    assert len(sent["session"]) == 36
    assert [row.act for row in AuditRow.objects.order_by("pk")][-2:] == [
        "ask for check of table: bind-trial",
        "check of table: bind-trial",
    ]


@pytest.mark.parametrize("do", ["checklist", "arm", "start", "unbind", "simulate", "lease", "acknowledge"])
def test_a_patient_on_the_table_is_not_reached_from_here(link: MockLink, clinician: User, do: str) -> None:
    for now in ({}, TREATING):
        link.telemetry = now
        answer = act(clinician, do=do, item="cord_to_frame", what="remote-plug")
        assert answer.status_code == 400
        assert "none is on the table" in answer.json()["why"]
    assert link.sent == []
    link.telemetry = TREATING
    act(clinician, do="bind-trial", stop="patient remote")
    assert link.sent[0]["instead_of"] is None


def test_acts_of_a_trial_name_it(link: MockLink, clinician: User) -> None:
    link.telemetry = TRIAL
    for words in ({"do": "arm"}, {"do": "checklist", "item": "cord_to_frame", "done": "true"}, {"do": "lease"}):
        assert act(clinician, **words).json() == {"ok": True}
    assert {one["session"] for one in link.sent} == {"trial-0001"}
    assert link.sent[1]["done"] is True
    assert act(clinician, do="acknowledge", numbers="3 4").json() == {"ok": True}
    assert link.sent[-1]["numbers"] == [3, 4]


@pytest.mark.parametrize(
    "words",
    [{"do": "reset"}, {"do": "checklist", "item": "coffee"}, {"do": "simulate", "what": "coffee"}, {}],
)
def test_what_is_not_known_is_refused_with_what_is(link: MockLink, clinician: User, words: dict[str, str]) -> None:
    link.telemetry = TRIAL
    answer = act(clinician, **words)
    assert answer.status_code == 400
    assert answer.json()["why"].endswith(".")
    assert link.sent == []
