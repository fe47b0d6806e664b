"""A database that does not answer is told as such, with when to come again, to people and to programs."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client

from opentraction.clinic import roles
from opentraction.clinic.views.failed import AT_ONCE, NO_ANSWER
from tests.api_ground import HERE, with_key
from tests.clinic_ground import user_with

pytestmark = pytest.mark.django_db
GONE = [OperationalError("couldn't get a connection after 5.00 sec"), InterfaceError("connection already closed")]
PAGE, OPERATION = "opentraction.clinic.views.patients.reading_list", "opentraction.clinic.api.operations.patients"


def failing(monkeypatch: pytest.MonkeyPatch, where: str, trouble: Exception) -> None:
    def fails(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(where, fails)


@pytest.mark.parametrize("trouble", GONE, ids=["no connection", "closed"])
def test_a_page_says_that_it_was_the_database(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    failing(monkeypatch, PAGE, trouble)
    client = Client(raise_request_exception=False)
    client.force_login(user_with(roles.CLINICIAN))
    answer = client.get("/patients")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert NO_ANSWER in answer.content.decode()
    assert "stop still work" in answer.content.decode()
    assert "couldn't get" not in answer.content.decode()


@pytest.mark.parametrize("trouble", GONE, ids=["no connection", "closed"])
def test_a_program_is_told_too(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    failing(monkeypatch, f"{OPERATION}.reading_list", trouble)
    answer = with_key(user_with(roles.CLINICIAN)).get(f"{HERE}/patients")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["detail"] == NO_ANSWER


def test_a_program_whose_key_cannot_be_looked_up_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "opentraction.clinic.api.keyed.key_of", GONE[0])
    answer = with_key(user_with(roles.CLINICIAN)).get(f"{HERE}/patients")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["detail"] == NO_ANSWER


def test_anything_else_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, PAGE, ZeroDivisionError("ours"))
    client = Client(raise_request_exception=False)
    client.force_login(user_with(roles.CLINICIAN))
    answer = client.get("/patients")
    assert answer.status_code == 500
    assert "Something failed in the console" in answer.content.decode()
    assert "ours" not in answer.content.decode()


def test_who_comes_too_late_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two did the same at once and the database let one of them through."""
    failing(monkeypatch, PAGE, IntegrityError("duplicate key"))
    failing(monkeypatch, f"{OPERATION}.reading_list", IntegrityError("duplicate key"))
    user = user_with(roles.CLINICIAN)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    page, program = client.get("/patients"), with_key(user).get(f"{HERE}/patients")
    assert (page.status_code, program.status_code) == (409, 409)
    assert AT_ONCE in page.content.decode()
    assert program.json()["detail"] == AT_ONCE
