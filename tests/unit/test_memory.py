"""An answer is kept for two minutes for pages that look, and forgotten with whatever happens to what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation

from opentraction.clinic import memory as module
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.patients import add_patient, change_patient
from opentraction.clinic.alarms import alarms_of, emergencies_in, told_in
from opentraction.clinic.asked_once import one_page
from opentraction.clinic.home.actions.clearing import let_on
from opentraction.clinic.intake.actions.emergencies import see_to
from opentraction.clinic.intake.actions.visits import check_visit
from opentraction.clinic.memory import SECONDS, Acts, Memory, acts_in, acts_on, memory
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ
from opentraction.clinic.outcomes.actions.events import follow_up
from opentraction.clinic.outcomes.actions.examining import lift_stop
from opentraction.clinic.templatetags.road import steps_now
from tests.cleared import screened
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.home_wing.ground import logged, ordered
from tests.unit.outcomes_wing.ground import ago, event, strength

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on() -> Iterator[None]:
    """As in a web process."""
    memory.on = True
    yield
    memory.on = False
    memory._kept.clear()


class Asking:
    """Counts how often the question was asked."""

    def __init__(self, acts: Callable[[], Acts] = Acts) -> None:
        self.times, self.memory, self.acts = 0, Memory(), acts
        self.memory.on = True

    def at(self, when: datetime = NOON, about: str = "this") -> int:
        """The number of the asking that the answer comes from, on a page of its own."""
        with one_page():
            return self.memory.recall((about,), self.acts, when, self._ask)

    def _ask(self) -> int:
        self.times += 1
        return self.times


def test_pages_turned_soon_ask_once_and_later_ones_again() -> None:
    asking = Asking()
    assert [asking.at(), asking.at(NOON + timedelta(seconds=SECONDS - 1))] == [1, 1]
    assert asking.at(NOON + timedelta(seconds=SECONDS)) == 2


def test_a_look_changes_nothing_and_an_act_is_seen_at_once(ada: Patient, clinician: User) -> None:
    for acts in (lambda: acts_on(ada), lambda: acts_in(ada.clinic_id)):
        asking = Asking(acts)
        asking.at(timezone.now())
        with transaction.atomic():
            record(READ, ada, by=clinician)
        assert asking.at(timezone.now()) == 1
        change_patient(ada, {"mass_kg": 71.0 + acts_on(ada).number % 50}, by=clinician)
        assert asking.at(timezone.now()) == 2


def test_an_act_on_another_patient_or_in_another_clinic_is_not_this_one_s(ada: Patient, clinician: User) -> None:
    before = acts_on(ada), acts_in(ada.clinic_id)
    add_patient(dict(ADA), by=user_with(roles.THERAPIST, another_clinic()))
    assert (acts_on(ada), acts_in(ada.clinic_id)) == before
    add_patient(dict(ADA), by=clinician)
    assert acts_on(ada) == before[0]
    assert acts_in(ada.clinic_id) > before[1]


def test_another_question_or_language_has_an_answer_of_its_own() -> None:
    asking = Asking()
    assert [asking.at(), asking.at(about="that")] == [1, 2]
    with translation.override("es"):
        assert asking.at() == 3
    assert asking.at() == 1


def test_whatever_is_done_asks_anew() -> None:
    asking = Asking()
    asking.at()
    assert asking.memory.recall(("this",), asking.acts, NOON, asking._ask) == 2  # no page that looks


def test_it_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    asking = Asking()
    assert [asking.at(), asking.at(about="that"), asking.at()] == [1, 2, 3]


def test_it_remembers_nothing_unless_a_web_process_turns_it_on() -> None:
    asking = Asking()
    asking.memory.on = False
    assert [asking.at(), asking.at()] == [1, 2]


def test_what_is_bound_to_the_table_counts_for_the_road(
    ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("opentraction.clinic.templatetags.road.steps_of", lambda *who: [asked.append(who)])
    for bound in ("", "", "a session"):
        monkeypatch.setattr("opentraction.clinic.templatetags.road.bound_now", lambda bound=bound: bound)
        with one_page():
            steps_now(ada, clinician)
    assert len(asked) == 2
    with one_page():
        steps_now(ada, user_with(roles.FRONT_DESK))
    assert len(asked) == 3


def test_an_alarm_is_seen_by_the_next_page(ada: Patient, clinician: User) -> None:
    with one_page():
        assert (alarms_of(ada, timezone.now()), emergencies_in(ada.clinic, timezone.now())) == ((), [])
    screened(ada, clinician, timezone.now(), saddle_numb="yes")
    with transaction.atomic():
        record("screen", ada, by=clinician)
    with one_page():
        now = timezone.now()
        assert [one.level for one in (*alarms_of(ada, now), *emergencies_in(ada.clinic, now))] == ["emergency"] * 2


def test_a_page_begun_before_an_act_leaves_nothing_of_the_time_before(ada: Patient, clinician: User) -> None:
    """Somebody opens a page, and before it asks, somebody else reports: the next page must not be told of before."""
    begun = timezone.now()
    event(ada, clinician, "cauda_equina", severity=3)
    with one_page():
        assert (alarms_of(ada, begun), emergencies_in(ada.clinic, begun)) == ((), [])
    assert _levels(ada) == (["emergency"], ["emergency"])


def test_acts_are_written_down_in_the_order_of_their_times(ada: Patient, clinician: User) -> None:
    with transaction.atomic():
        for _ in range(5):
            record("screen", ada, by=clinician)
    times = list(AuditRow.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    assert acts_on(ada) == (AuditRow.objects.latest("id").pk, times[-1])


def test_every_act_that_changes_what_stops_a_patient_is_seen_by_the_next_page(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - timedelta(hours=1))
    strength(ada, 5, ago(3), clinician)
    assert _levels(ada) == ([], [])
    weaker = strength(ada, 3, ago(0), clinician)
    assert _levels(ada) == (["urgent"], [])
    lift_stop(weaker, "Read wrongly: full strength in both feet.", by=clinician)
    assert _levels(ada) == ([], [])
    logged(ada, "1", timezone.now(), signs=["saddle-or-bladder"])
    assert _levels(ada) == (["emergency"], ["emergency"])
    let_on(ada, "all", "Examined: no sign is left, all strong.", by=clinician, now=timezone.now())
    assert _levels(ada) == ([], [])
    row = event(ada, clinician, "cauda_equina", severity=3)
    assert _levels(ada) == (["emergency"], ["emergency"])
    told = told_in(alarms_of(ada, timezone.now()))
    see_to(ada, "Sent to the hospital at 10:05.", told, by=clinician, now=timezone.now())
    assert _levels(ada) == (["emergency"], [])
    follow_up(row, looked=ago(0), outcome="recovered", status="closed", words="Seen, no sign left.", by=clinician)
    assert _levels(ada) == ([], [])
    check_visit(ada, "lumbar", {"today_bladder_bowel_saddle": True}, by=clinician, now=timezone.now())
    assert _levels(ada) == (["emergency"], ["emergency"])


def _levels(patient: Patient) -> tuple[list[str], list[str]]:
    """What the next page says of the patient, and of their clinic."""
    with one_page():
        now = timezone.now()
        theirs, ours = alarms_of(patient, now), emergencies_in(patient.clinic, now)
        return [one.level for one in theirs], [one.level for one in ours]
