"""Whatever page is open, an alarm of high priority at the table is told on it; and what a page may acknowledge."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.acting import arguments
from opentraction.clinic.models import TreatmentSession
from opentraction.quantities import BadInput
from tests.clinic_ground import another_clinic, user_with
from tests.unit.test_access import browser_of

pytestmark = pytest.mark.django_db
STOP = {"id": "A1", "number": 7, "priority": "high", "text": "PATIENT STOP", "act": "Go.", "acknowledged": False}


def told(user: User) -> Any:
    return browser_of(user).get(reverse("table-alarms")).json()


@pytest.fixture
def link(session: TreatmentSession, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    bound = {"session": str(session.pk), "pseudonym": "P-001"}
    made = SimpleNamespace(telemetry={"bound": bound, "alarms": [STOP]}, up=True)
    monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: made)
    return made


def test_what_is_high_and_unseen_is_told_with_where_to_go(link: SimpleNamespace, clinician: User) -> None:
    where = reverse("treatment", args=[link.telemetry["bound"]["session"]])
    assert told(clinician) == {"alarms": [{"number": 7, "text": "PATIENT STOP", "act": "Go."}], "where": where}
    link.telemetry["alarms"] = [STOP | {"acknowledged": True}, STOP | {"priority": "medium"}]
    assert told(clinician) == {"alarms": [], "where": ""}


def test_of_another_clinics_patient_only_the_machine_is_told(link: SimpleNamespace) -> None:
    eve = user_with(roles.CLINICIAN, another_clinic())
    assert told(eve) == {"alarms": [{"number": 7, "text": "PATIENT STOP", "act": "Go."}], "where": ""}


@pytest.mark.parametrize("now", [{"up": False}, {"telemetry": None}, {"telemetry": {}}])
def test_a_table_that_is_away_tells_nothing_old(link: SimpleNamespace, clinician: User, now: dict[str, Any]) -> None:
    link.__dict__.update(now)
    assert told(clinician) == {"alarms": [], "where": ""}


def test_who_may_not_look_is_told_nothing(link: SimpleNamespace) -> None:
    assert browser_of(user_with(roles.FRONT_DESK)).get(reverse("table-alarms")).status_code == 403


def test_a_page_acknowledges_the_raises_it_shows(session: TreatmentSession) -> None:
    assert arguments("acknowledge", {"numbers": "3 12"}, {}, session)["numbers"] == [3, 12]
    assert arguments("acknowledge", {}, {}, session)["numbers"] is None
    for text in ("A1", "-1", "1.5", "9" * 12, "\u0661"):
        with pytest.raises(BadInput, match="what this page shows as alarms"):
            arguments("acknowledge", {"numbers": text}, {}, session)
