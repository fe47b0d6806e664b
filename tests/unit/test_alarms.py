"""One function says what stops or alarms a patient now; every page that matters asks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction import screening
from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.alarms import (
    Told,
    alarms_of,
    emergencies_in,
    in_emergency,
    read_told,
    seen_to,
    stopped_among,
    told_in,
    written,
)  # fmt: skip
from opentraction.clinic.home.actions.clearing import let_on
from opentraction.clinic.home.models import HomeEntry
from opentraction.clinic.intake.actions.emergencies import see_to
from opentraction.clinic.intake.actions.intakes import answer, begin
from opentraction.clinic.intake.models import Intake, Screening, SeenAlarm, SeenTo
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.outcomes.actions.events import follow_up
from opentraction.quantities import BadInput
from tests.cleared import screened, visited
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.unit.home_wing.ground import logged, ordered
from tests.unit.outcomes_wing.ground import ago, event, strength

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)
SADDLE: dict[str, Any] = {"signs": ["saddle-or-bladder"]}


@pytest.fixture
def clinician() -> User:
    return user_with(roles.CLINICIAN)


@pytest.fixture
def ada(clinician: User) -> Patient:
    return add_patient(ADA, by=clinician)


def said(patient: Patient) -> list[tuple[str, str]]:
    return [(one.step, one.level) for one in alarms_of(patient, timezone.now())]


def red(patient: Patient) -> list[str]:
    return [one.patient.pseudonym for one in emergencies_in(patient.clinic, timezone.now())]


def stopped(patient: Patient) -> bool:
    return patient.pk in stopped_among([patient.pk], timezone.now())


def cauda(patient: Patient, by: User) -> Any:
    return event(patient, by, "cauda_equina", severity=3)


def test_nothing_is_said_of_somebody_against_whom_nothing_speaks(ada: Patient, clinician: User) -> None:
    screened(ada, clinician, timezone.now() - AN_HOUR)
    visited(ada, clinician, timezone.now() - AN_HOUR)
    event(ada, clinician)
    ordered(ada, clinician, timezone.now() - AN_HOUR)
    logged(ada, "1", timezone.now() - AN_HOUR, nrs_after=9)
    assert (said(ada), red(ada), stopped(ada)) == ([], [], False)


@pytest.mark.parametrize(
    ("answers", "level"),
    [({"saddle_numb": "yes"}, "emergency"), ({"spine_history": ["fracture"]}, "stop"), ({"fever": "unknown"}, "")],
)
def test_a_verdict_alarms_until_a_newer_one_of_the_region(
    ada: Patient, clinician: User, answers: dict[str, Any], level: str
) -> None:
    row = screened(ada, clinician, timezone.now() - AN_HOUR, **answers)
    assert said(ada) == ([("intake", level)] if level else []), row.action
    assert red(ada) == (["P-001"] if level == "emergency" else [])
    screened(ada, clinician, timezone.now() - timedelta(minutes=5))
    assert (said(ada), red(ada), stopped(ada)) == ([], [], False)


def test_a_check_of_the_day_alarms_until_its_region_is_screened_again(ada: Patient, clinician: User) -> None:
    screened(ada, clinician, timezone.now() - 2 * AN_HOUR)
    visited(ada, clinician, timezone.now() - AN_HOUR, today_bladder_bowel_saddle="yes")
    visited(ada, clinician, timezone.now() - timedelta(minutes=9))
    assert said(ada) == [("visit", "emergency")]
    assert red(ada) == ["P-001"]
    screened(ada, clinician, timezone.now() - timedelta(minutes=5))
    assert (said(ada), stopped(ada)) == ([], False)


def test_an_adverse_event_alarms_until_a_clinician_closes_it(ada: Patient, clinician: User) -> None:
    row = cauda(ada, clinician)
    assert said(ada) == [("outcomes", "emergency")]
    assert (red(ada), stopped(ada)) == (["P-001"], True)
    follow_up(row, looked=ago(0), outcome="recovered", status="closed", words="Seen, no sign left.", by=clinician)
    assert (said(ada), red(ada), stopped(ada)) == ([], [], False)


def test_an_examination_stops_and_is_urgent(ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(3), clinician)
    strength(ada, 3, ago(0), clinician)
    assert said(ada) == [("outcomes", "urgent")]
    assert (red(ada), stopped(ada)) == ([], True)


def test_what_is_told_at_home_alarms_like_an_answer_of_the_intake(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - AN_HOUR)
    logged(ada, "1", now - timedelta(minutes=20), leg="weak")
    assert (said(ada), red(ada), stopped(ada)) == ([("home", "urgent")], [], True)
    logged(ada, "2", now - timedelta(minutes=10), **SADDLE)
    assert (said(ada), red(ada), stopped(ada)) == ([("home", "emergency")], ["P-001"], True)
    let_on(ada, "all", "Examined: no sign is left, all strong.", by=clinician, now=timezone.now())
    assert (said(ada), red(ada), stopped(ada)) == ([], [], False)


def test_the_gravest_comes_first_and_other_clinics_see_nothing(ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(3), clinician)
    strength(ada, 3, ago(0), clinician)
    cauda(ada, clinician)
    assert [level for _, level in said(ada)] == ["emergency", "urgent"]
    assert in_emergency(ada, timezone.now())
    assert emergencies_in(ada.clinic_id + 1, timezone.now()) == []


def acted(patient: Patient, by: User, words: str = "Ambulance called at 10:05, sent to the hospital.") -> SeenTo:
    now = timezone.now()
    return see_to(patient, words, told_in(alarms_of(patient, now)), by=by, now=now)


@pytest.mark.parametrize("by_what", ["verdict", "check", "event", "home"])
def test_whoever_was_seen_to_leaves_the_red_line_until_something_new_is_told_and_stays_stopped(
    ada: Patient, clinician: User, by_what: str
) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - AN_HOUR)
    tell: dict[str, Any] = {
        "verdict": lambda: screened(ada, clinician, timezone.now(), saddle_numb="yes"),
        "check": lambda: visited(ada, clinician, timezone.now(), today_bladder_bowel_saddle="yes"),
        "event": lambda: cauda(ada, clinician),
        "home": lambda: logged(ada, str(HomeEntry.objects.count()), timezone.now(), **SADDLE),
    }
    tell[by_what]()
    assert (red(ada), seen_to(ada, timezone.now())) == (["P-001"], None)
    row = acted(ada, user_with(roles.THERAPIST))
    assert (red(ada), stopped(ada), in_emergency(ada, timezone.now())) == ([], True, True)
    assert seen_to(ada, timezone.now()) == row
    tell[by_what]()
    assert (red(ada), seen_to(ada, timezone.now())) == (["P-001"], None)


def test_what_came_late_from_home_was_not_known_to_whoever_acted(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - AN_HOUR)
    cauda(ada, clinician)
    acted(ada, clinician)
    logged(ada, "late", now - timedelta(minutes=30), received=timezone.now(), **SADDLE)
    assert red(ada) == ["P-001"]


def test_nor_was_a_second_one_that_came_late_behind_the_first(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - AN_HOUR)
    logged(ada, "1", now - timedelta(minutes=20), **SADDLE)
    acted(ada, clinician)
    assert red(ada) == []
    logged(ada, "2", now - timedelta(minutes=30), received=timezone.now(), **SADDLE)
    assert red(ada) == ["P-001"]
    acted(ada, clinician)
    assert red(ada) == []
    assert SeenAlarm.objects.filter(kind="home").count() == 3


def test_what_was_written_at_the_same_time_was_not_known_either(ada: Patient, clinician: User) -> None:
    """Whoever reports took their time of the clock before and waited at the row of the patient."""
    cauda(ada, clinician)
    before = timezone.now()
    acted(ada, clinician)
    visited(ada, clinician, before, today_bladder_bowel_saddle="yes")
    assert (red(ada), seen_to(ada, timezone.now())) == (["P-001"], None)


def test_an_event_that_is_opened_again_is_red_again(ada: Patient, clinician: User) -> None:
    row = cauda(ada, clinician)
    acted(ada, clinician)
    follow_up(row, looked=ago(0), outcome="recovering", status="open", words="In the hospital now.", by=clinician)
    assert red(ada) == []
    follow_up(row, looked=ago(0), outcome="recovered", status="closed", words="Seen, no sign left.", by=clinician)
    look = follow_up(row, looked=ago(0), outcome="recovering", status="open", words="Numb again.", by=clinician)
    assert (red(ada), seen_to(ada, timezone.now())) == (["P-001"], None)
    assert [one.at for one in alarms_of(ada, timezone.now())] == [look.at]
    acted(ada, clinician)
    assert red(ada) == []


def test_a_further_sign_in_the_same_intake_is_red_again_and_so_is_one_told_again(ada: Patient, clinician: User) -> None:
    begin(ada, "lumbar", by=clinician, now=timezone.now())

    def tell(**answers: str) -> Screening | None:
        by_id = screening.intake_questions().by_id
        read = {key: screening.read_answer(by_id[key], said) for key, said in answers.items()}
        return answer(Intake.objects.get(), list(read), read, {}, "", by=None, now=timezone.now())

    first = tell(saddle_numb="yes")
    acted(ada, clinician)
    assert tell(fever="no") == first
    assert red(ada) == []
    second = tell(saddle_numb="no", bladder_bowel="yes")
    assert second is not None
    assert second != first
    assert (red(ada), "bladder" in alarms_of(ada, timezone.now())[0].because) == (["P-001"], True)
    acted(ada, clinician)
    assert tell(bladder_bowel="no") is None
    assert red(ada) == []
    tell(bladder_bowel="yes")
    assert red(ada) == ["P-001"]


@pytest.mark.parametrize(
    "words", ["", "called", " a   b   c ", "x" * 501, "\u200b" * 12, "\u202e" * 12, "." * 24, "Sent \x07 to hospital."]
)
def test_what_was_done_is_said_in_words(ada: Patient, clinician: User, words: str) -> None:
    cauda(ada, clinician)
    with pytest.raises(BadInput, match="words"):
        acted(ada, clinician, words)
    assert red(ada) == ["P-001"]


def test_what_stood_on_a_page_is_read_as_it_was_written() -> None:
    told = {Told("event", 12, 1), Told("screening", 3)}
    assert read_told(written(told)) == told
    for text in (
        "",
        "event",
        "event-1",
        "event-1-x",
        "event-\u0661-0",
        "event-1-0 2999-01-01",
        "event-1-0 " * 1001 + "x",
    ):
        with pytest.raises(BadInput, match="told"):
            read_told(text)


def test_nobody_sees_to_what_they_have_not_read_or_what_is_not_there(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    with pytest.raises(BadInput, match="not in an emergency"):
        see_to(ada, "Sent to the hospital.", frozenset(), by=clinician, now=now)
    cauda(ada, clinician)
    with pytest.raises(BadInput, match="told more since"):
        see_to(ada, "Sent to the hospital.", {Told("event", 999)}, by=clinician, now=timezone.now())
    with pytest.raises(PermissionDenied):
        see_to(ada, "Sent to the hospital.", frozenset(), by=user_with(roles.FRONT_DESK), now=timezone.now())
    assert not SeenTo.objects.exists()
    acted(ada, clinician)
    row = AuditRow.objects.get(act="saw to emergency", patient=ada)
    assert "Ambulance" not in str(row.detail)  # a record of acts outlives the record


def test_the_page_says_what_was_told_and_keeps_what_was_done(ada: Patient, clinician: User, client: Client) -> None:
    cauda(ada, clinician)
    client.force_login(user_with(roles.THERAPIST))
    address = reverse("intake:emergency", args=[ada.pk])
    assert address in client.get(ada.get_absolute_url()).text
    form = {"told": client.get(address).context["told"], "words": "no"}
    refused = client.post(address, form)
    assert (refused.status_code, "what was done" in refused.text) == (400, True)
    assert client.post(address, form | {"told": "yesterday"}).status_code == 400
    kept = client.post(address, form | {"words": "Brought to the hospital by car, 10:20."}, follow=True)
    assert "Brought to the hospital by car" in kept.text
    assert "Act on it now" not in kept.text + client.get(reverse("patients")).text
    assert "Brought to the hospital by car" in client.get(address).text


def test_every_page_of_the_patient_leads_to_where_it_is_written_and_says_who_acted(
    ada: Patient, clinician: User, client: Client
) -> None:
    now = timezone.now()
    ordered(ada, clinician, now - AN_HOUR)
    row = cauda(ada, clinician)
    logged(ada, "1", now, **SADDLE)
    client.force_login(clinician)
    address = reverse("intake:emergency", args=[ada.pk])
    pages = [ada.get_absolute_url(), row.get_absolute_url(), reverse("outcomes:outcomes", args=[ada.pk])]
    pages += [reverse("home_programme:programme", args=[ada.pk]), reverse("pathways:pathways", args=[ada.pk])]
    for page in pages:
        told = client.get(page).text
        assert (page, "EMERGENCY" in told, address in told) == (page, True, True)
    acted(ada, clinician)
    for page in pages:
        assert (page, "Ambulance called at 10:05" in client.get(page).text) == (page, True)


def test_a_page_that_stays_open_asks_whether_something_came_and_is_told_nothing_of_whom(
    ada: Patient, clinician: User, client: Client
) -> None:
    client.force_login(user_with(roles.FRONT_DESK))
    row = cauda(ada, clinician)
    asked = client.get(reverse("intake:red-line"))
    assert asked.json() == {"told": [f"event-{row.pk}-0"]}
    assert f'data-told="event-{row.pk}-0"' in client.get(reverse("patients")).text
    acted(ada, clinician)
    assert client.get(reverse("intake:red-line")).json() == {"told": []}
    assert 'data-told=""' in client.get(reverse("patients")).text
    client.force_login(user_with(roles.CLINICIAN, another_clinic()))
    cauda(ada, clinician)
    assert client.get(reverse("intake:red-line")).json() == {"told": []}
