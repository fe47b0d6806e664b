"""The road is remembered for two minutes, and forgotten with whatever happens to its patient."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation

from opentraction.clinic import road_memory as module
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.patients import add_patient, change_patient
from opentraction.clinic.models import Patient
from opentraction.clinic.models.audit import READ
from opentraction.clinic.road_memory import SECONDS, RoadMemory
from tests.clinic_ground import ADA, user_with

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Asking:
    """Counts how often the road was asked for."""

    def __init__(self, patient: Patient, user: User, *, on: bool = True) -> None:
        self.patient, self.user, self.times = patient, user, 0
        self.memory = RoadMemory()
        self.memory.on = on

    def at(self, when: datetime = NOON, user: User | None = None, patient: Patient | None = None) -> int:
        """The number of the asking that the answer comes from."""
        self.memory_says = self.memory.recall(patient or self.patient, user or self.user, when, self._ask)
        return int(self.memory_says[0])

    def _ask(self) -> list[Any]:
        self.times += 1
        return [self.times]


def test_pages_turned_soon_ask_once_and_later_ones_again(ada: Patient, clinician: User) -> None:
    asking = Asking(ada, clinician)
    assert [asking.at(), asking.at(NOON + timedelta(seconds=SECONDS - 1))] == [1, 1]
    assert asking.at(NOON + timedelta(seconds=SECONDS)) == 2


def test_a_look_changes_nothing_and_an_act_is_seen_at_once(ada: Patient, clinician: User) -> None:
    asking = Asking(ada, clinician)
    asking.at()
    with transaction.atomic():
        record(READ, ada, by=clinician)
    assert asking.at() == 1
    change_patient(ada, {"mass_kg": 71.0}, by=clinician)
    assert asking.at() == 2


def test_another_patient_reader_or_language_has_a_road_of_its_own(ada: Patient, clinician: User) -> None:
    asking = Asking(ada, clinician)
    assert asking.at() == 1
    assert asking.at(patient=add_patient(dict(ADA), by=clinician)) == 2
    assert asking.at(user=user_with(roles.FRONT_DESK)) == 3
    with translation.override("es"):
        assert asking.at() == 4
    assert asking.at() == 1


def test_what_is_bound_to_the_table_counts(ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(ada, clinician)
    asking.at()
    monkeypatch.setattr("opentraction.clinic.context.bound_now", lambda: "a session")
    assert asking.at() == 2


def test_it_does_not_grow_without_end(ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    asking = Asking(ada, clinician)
    other = add_patient(dict(ADA), by=clinician)
    assert [asking.at(), asking.at(patient=other), asking.at()] == [1, 2, 3]


def test_it_remembers_nothing_unless_a_web_process_turns_it_on(ada: Patient, clinician: User) -> None:
    asking = Asking(ada, clinician, on=False)
    assert [asking.at(), asking.at()] == [1, 2]
