"""Lists ask the database as often for many rows as for few: a clinic that grows does not get slower by the row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.agenda.actions.booking import book
from tests import money_ground
from tests.agenda_ground import at, ready
from tests.clinic_ground import ADA, user_with
from tests.outcomes_ground import event_of, form_of
from tests.unit.test_clinics import browser_of

pytestmark = pytest.mark.django_db
FEW, MORE = 2, 7
DAY = timezone.now().date() + timedelta(days=2)
ON = f"?day={DAY.isoformat()}"
LISTS = (
    "/patients", "/patients?q=ada", f"/agenda{ON}", f"/agenda/week{ON}", f"/agenda/tomorrow{ON}", "/money",
    "/adverse-events", "/acts", "/results", "/reminders",
)  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement, in order."""
    asked: list[str] = []

    def keep(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(keep):
        yield asked


def filled(by: User, names: range) -> None:
    """Patients with a session's worth of everything that lists show."""
    for n in names:
        patient = add_patient(ADA | {"given_name": f"Ada {n}"}, by=by)
        event_of(patient, by)
        form_of(patient, by)
        money_ground.signed_for(patient, by)
        money_ground.given(patient, by)
        money_ground.invoice_of(patient, by)
        ready(patient.clinic)
        book(patient, "session", at(8 + n, day=DAY), by=by, now=timezone.now())


def everybody() -> tuple[User, Client]:
    clinician = user_with(roles.CLINICIAN)
    roles.give(clinician, roles.ADMINISTRATOR)
    return clinician, browser_of(clinician)


def test_who_is_signed_in_and_where_is_one_question_and_a_role_taken_away_is_gone_at_once() -> None:
    clinician, browser = everybody()
    with counted() as asked:
        assert browser.get("/patients").status_code == 200
    assert len([sql for sql in asked if "JOIN" not in sql and 'FROM "auth_user"' in sql]) == 0
    assert len([sql for sql in asked if 'FROM "clinic_membership"' in sql]) == 1
    clinician.memberships.update(active=False)
    assert browser.get("/patients").status_code == 403


def test_the_bills_of_a_patient_ask_for_each_kind_of_paper_once() -> None:
    clinician, browser = everybody()
    patient = add_patient(ADA, by=clinician)
    money_ground.invoice_of(patient, clinician)
    with counted() as asked:
        assert browser.get(f"/patients/{patient.pk}/bills").status_code == 200
    for kind in ("invoicerow", "creditnoterow", "paymentrow", "packagerow"):
        alone = [sql for sql in asked if f'FROM "billing_{kind}"' in sql]
        assert len(alone) == 1, alone


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, tuple[int, int]]]:
    """Statements of each list with few and with more rows; the rows are rolled back afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by, browser = everybody()
        few = {}
        filled(by, range(FEW))
        for path in LISTS:
            few[path] = _asked(browser, path)
        filled(by, range(FEW, FEW + MORE))
        yield {path: (few[path], _asked(browser, path)) for path in LISTS}
        transaction.set_rollback(True)


def _asked(browser: Client, path: str) -> int:
    assert browser.get(path).status_code == 200  # what is looked up once and kept is not counted
    with counted() as asked:
        browser.get(path)
    return len(asked)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_no_oftener_for_more_rows(path: str, counts: dict[str, tuple[int, int]]) -> None:
    few, more = counts[path]
    assert 0 < more <= few
