"""What is counted by days is counted by the clinic's: late in the evening there it is tomorrow in UTC already."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from opentraction.clinic import rehearsing
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.courses import road
from opentraction.clinic.directory.actions.profiles import says_works_here
from opentraction.clinic.directory.visits import treated_here
from opentraction.clinic.models import Clinic, Patient, TreatmentSession
from tests.agenda_ground import course_for
from tests.consent_ground import consent_of
from tests.unit.directory.ground import Ground, listing

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
"""In Chicago the evening of 1 December."""


@pytest.fixture
def chicago(ada: Patient) -> Patient:
    Clinic.objects.filter(pk=ada.clinic_id).update(time_zone="America/Chicago")
    return Patient.objects.get(pk=ada.pk)


def test_a_patient_is_as_old_as_the_day_at_the_clinic_says(chicago: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, age in ((3, 54), (7, 55)):  # the birthday begins in Chicago at five in UTC
        moment = datetime(2026, 5, 23, hour, 0, tzinfo=UTC)
        monkeypatch.setattr(rehearsing.timezone, "now", lambda moment=moment: moment)
        assert rehearsing.person_today(chicago).body.age == age


def test_the_session_of_the_evening_before_is_none_of_a_course(
    chicago: Patient, session: TreatmentSession, clinician: User
) -> None:
    session.created, session.summary = EVENING, {"treatment_s": 60.0}
    session.save()
    row = course_for(chicago, clinician, EVENING + timedelta(hours=12))
    assert row.start == date(2026, 12, 2)
    [step] = road.steps(Patient.objects.get(pk=chicago.pk), EVENING + timedelta(hours=12))
    assert step.words.startswith("session 1 of ")


def test_a_visit_is_dated_where_it_was(chicago: Patient, session: TreatmentSession, clinician: User) -> None:
    [one] = Ground().put(listing("1", "Ann", "78701"))
    says_works_here(one, clinician.username, by=clinician, now=EVENING)
    session.created, session.summary = EVENING, {"treatment_s": 60.0}
    session.save()
    [visit] = treated_here(one, clinician)
    assert visit.day == date(2026, 12, 1)


@pytest.fixture
def unsigned(clinician: User) -> Patient:
    from opentraction.clinic.actions import patients
    from tests.clinic_ground import ADA

    one = patients.add_patient(dict(ADA), by=clinician)
    Clinic.objects.filter(pk=one.clinic_id).update(time_zone="America/Chicago")
    return Patient.objects.get(pk=one.pk)


def test_a_consent_signed_in_the_evening_holds_that_evening(unsigned: Patient, clinician: User) -> None:
    consent_of(unsigned, clinician, EVENING)
    assert consent_today(unsigned, "lumbar", EVENING + timedelta(minutes=1)).holds


def test_a_consent_lapses_at_midnight_of_the_clinic(unsigned: Patient, clinician: User) -> None:
    consent_of(unsigned, clinician, EVENING)
    midnight = datetime(2027, 12, 1, 6, 0, tzinfo=UTC)
    assert consent_today(unsigned, "lumbar", midnight - timedelta(minutes=1)).holds
    lapsed = consent_today(unsigned, "lumbar", midnight)
    assert not lapsed.holds
    assert "12 months" in lapsed.why
