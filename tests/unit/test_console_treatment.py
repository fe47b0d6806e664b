"""The treatment page: whose it is, when it stays, and what it says before, during and after the pull."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic.acting import ITEMS, items_for
from opentraction.clinic.actions import treatments
from opentraction.clinic.models import TreatmentSession


class Link:
    """What the table says, without a table."""

    up = True

    def __init__(self, telemetry: dict[str, Any] | None = None) -> None:
        self.telemetry = telemetry


@pytest.fixture
def browser(clinician: User) -> Client:
    one = Client()
    one.force_login(clinician)
    return one


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Link:
    one = Link()
    monkeypatch.setattr("opentraction.clinic.context.shared_link", lambda: one)
    return one


def end(session: TreatmentSession, ending: str = "console stop") -> None:
    treatments.take_in(session, treatments.Outcome(ending, "", session.created, None, None, {"treatment_s": 30.0}, "x"))


@pytest.mark.parametrize(
    ("region", "position", "words"),
    [
        ("lumbar", "supine", "Patient placed supine, knees supported"),
        ("lumbar", "prone", "Patient placed prone"),
        ("cervical", "supine", "Patient placed supine, head and neck in line"),
    ],
)
def test_the_checklist_follows_the_prescribed_position(region: str, position: str, words: str) -> None:
    assert items_for(region, position)["position"] == words
    assert items_for(region, position).keys() == ITEMS.keys()


@pytest.mark.django_db
class TestStillBound:
    def test_a_session_that_ended_but_is_still_on_the_table_keeps_its_live_page(
        self, browser: Client, link: Link, session: TreatmentSession
    ) -> None:
        end(session)
        link.telemetry = {"phase": "safe", "bound": {"session": str(session.pk)}}
        page = browser.get(reverse("treatment", args=[session.pk]))
        assert page.status_code == 200
        assert b'id="unbind"' in page.content

    def test_the_bar_leads_back_to_it_until_it_is_unbound(
        self, browser: Client, link: Link, session: TreatmentSession
    ) -> None:
        end(session)
        tab = f'href="{reverse("treatment", args=[session.pk])}"'
        link.telemetry = {"phase": "safe", "bound": {"session": str(session.pk)}}
        assert tab in browser.get(reverse("patients")).content.decode()
        link.telemetry = {"phase": "idle", "bound": None}
        assert tab not in browser.get(reverse("patients")).content.decode()
        assert browser.get(reverse("treatment", args=[session.pk])).status_code == 302


@pytest.mark.django_db
def test_a_session_that_has_left_the_table_is_not_offered_to_be_bound_again(
    browser: Client, link: Link, session: TreatmentSession, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA = tmp_path
    assert live(browser, session)["been"] is False
    folder = tmp_path / "recordings" / str(session.pk)
    folder.mkdir(parents=True)
    (folder / "documents.jsonl").write_text(json.dumps({"doc": "start", "uid": str(session.pk)}) + "\n")
    assert live(browser, session)["been"] is True
    link.telemetry = {"phase": "hold", "bound": {"session": str(session.pk)}}
    assert live(browser, session)["been"] is False


def live(browser: Client, session: TreatmentSession) -> dict[str, Any]:
    """What the page's script is told."""
    told = browser.get(reverse("treatment", args=[session.pk])).context["live"]
    return dict(told)
