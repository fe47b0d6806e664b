"""Within a page that looks, a question is asked once; an act, another language or another second asks anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.patients import add_patient, change_patient
from opentraction.clinic.asked_once import asked_once, asking_once, one_page
from opentraction.clinic.models import Patient
from opentraction.clinic.models.audit import READ, READ_LIST
from tests.clinic_ground import ADA

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
asked: list[tuple[Patient, datetime, bool]] = []


@asked_once
def how_many(patient: Patient, now: datetime, *, session: bool = False) -> int:
    asked.append((patient, now, session))
    return len(asked)


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def test_a_page_asks_once_and_the_next_page_anew(ada: Patient) -> None:
    same = Patient.objects.get(pk=ada.pk)
    with one_page():
        assert [how_many(ada, NOON), how_many(same, NOON + timedelta(milliseconds=900))] == [1, 1]
    with one_page():
        assert how_many(ada, NOON) == 2


def test_without_a_page_everything_is_asked(ada: Patient) -> None:
    assert [how_many(ada, NOON), how_many(ada, NOON)] == [1, 2]


def test_another_patient_moment_wish_or_language_is_another_question(ada: Patient, clinician: User) -> None:
    other = add_patient(dict(ADA), by=clinician)
    with one_page():
        assert how_many(ada, NOON) == 1
        assert how_many(other, NOON) == 2
        assert how_many(ada, NOON + timedelta(seconds=1)) == 3
        assert how_many(ada, NOON, session=True) == 4
        with translation.override("es"):
            assert how_many(ada, NOON) == 5
        assert how_many(ada, NOON) == 1


def test_an_act_forgets_and_a_look_does_not(ada: Patient, clinician: User) -> None:
    with one_page():
        how_many(ada, NOON)
        for look in (READ, READ_LIST):
            with transaction.atomic():
                record(look, ada, by=clinician)
        assert how_many(ada, NOON) == 1
        change_patient(ada, {"mass_kg": 71.0}, by=clinician)
        assert how_many(ada, NOON) == 2


def test_what_could_not_be_answered_is_asked_again() -> None:
    tried: list[int] = []

    @asked_once
    def fails() -> int:
        tried.append(1)
        raise ValueError

    with one_page():
        for _ in range(2):
            with pytest.raises(ValueError):  # noqa: PT011 (any will do)
                fails()
    assert len(tried) == 2


@pytest.mark.parametrize(("method", "times"), [("GET", 1), ("HEAD", 1), ("POST", 2), ("PUT", 2)])
def test_a_request_that_only_looks_is_one_page(ada: Patient, method: str, times: int) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{how_many(ada, NOON)} {how_many(ada, NOON)}")

    request = HttpRequest()
    request.method = method
    asking_once(view)(request)
    assert len(asked) == times
    how_many(ada, NOON)
    assert len(asked) == times + 1, "the page is over"
