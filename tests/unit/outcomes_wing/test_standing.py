"""What stops a treatment: a new deficit until a clinician lifts it in writing, a serious event until it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.outcomes.actions.events import follow_up, report_event, withdraw_event
from opentraction.clinic.outcomes.actions.examining import lift_stop
from opentraction.clinic.outcomes.road import stands
from opentraction.clinic.outcomes.standing import serious_event_since, stops_today
from opentraction.quantities import BadInput
from tests.clinic_ground import user_with
from tests.unit.outcomes_wing.ground import TODAY, ago, event, strength

pytestmark = pytest.mark.django_db
WHY = "Dr Vale examined her today: old foot drop, traction may go on."


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def test_nothing_known_stops_nothing(ada: Patient) -> None:
    assert stops_today(ada, now()) == ""


def test_a_grade_lost_stops_until_a_clinician_lifts_it_in_writing(ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(3), clinician)
    assert stops_today(ada, now()) == ""
    row = strength(ada, 4, TODAY, clinician)
    assert row.stops
    assert "4 of 5, was 5 (R02)" in stops_today(ada, now())
    assert stands(ada, now()) == ("stop", "new deficit")
    lift_stop(row, WHY, by=clinician)
    assert stops_today(ada, now()) == ""
    assert AuditRow.objects.filter(act="lift stop", by=clinician).count() == 1


def test_a_later_examination_that_shows_nothing_new_lifts_nothing(ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(9), clinician)
    strength(ada, 4, ago(5), clinician)
    assert not strength(ada, 4, TODAY, clinician).stops
    assert stops_today(ada, now())


def test_three_of_five_stops_at_the_first_examination_too(ada: Patient, clinician: User) -> None:
    strength(ada, 3, TODAY, clinician)
    assert stops_today(ada, now())


def test_only_a_clinician_lifts_a_stop_and_only_with_words(ada: Patient, clinician: User) -> None:
    row = strength(ada, 2, TODAY, clinician)
    with pytest.raises(PermissionDenied):
        lift_stop(row, WHY, by=user_with(roles.THERAPIST))
    with pytest.raises(BadInput, match="who examined the patient"):
        lift_stop(row, "all right", by=clinician)
    lift_stop(row, WHY, by=clinician)
    with pytest.raises(BadInput, match="has no stop to lift"):
        lift_stop(row, WHY, by=clinician)


def test_a_correction_that_takes_a_stop_away_is_a_clinicians(ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(4), clinician)
    row = strength(ada, 1, TODAY, clinician)
    with pytest.raises(PermissionDenied):
        strength(ada, 5, TODAY, user_with(roles.THERAPIST), replaces=row, because="a slip of the pen")
    assert stops_today(ada, now())
    strength(ada, 5, TODAY, clinician, replaces=row, because="a slip of the pen")
    assert stops_today(ada, now()) == ""


def test_a_corrected_examination_is_compared_with_the_one_before_it(ada: Patient, clinician: User) -> None:
    first = strength(ada, 5, ago(4), clinician)
    row = strength(ada, 5, TODAY, clinician)
    again = strength(ada, 4, TODAY, clinician, replaces=row, because="the other side was meant")
    assert again.against == first
    assert again.stops


def test_examinations_are_written_in_order_and_only_the_newest_is_corrected(ada: Patient, clinician: User) -> None:
    first = strength(ada, 5, ago(4), clinician)
    strength(ada, 5, ago(1), clinician)
    with pytest.raises(BadInput, match="the day of the one before"):
        strength(ada, 4, ago(2), clinician)
    with pytest.raises(BadInput, match="the newest examination"):
        strength(ada, 4, ago(4), clinician, replaces=first, because="meant four")


def test_a_serious_event_stops_until_a_follow_up_closes_it(ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, "new_deficit", days=2, severity=2)
    assert "is open: New or worse weakness" in stops_today(ada, now())
    assert stands(ada, now()) == ("stop", "event open")
    follow_up(row, looked=TODAY, outcome="recovering", status="open", words="Seen by the surgeon.", by=clinician)
    assert stops_today(ada, now())
    follow_up(row, looked=TODAY, outcome="recovered", status="closed", words="Full strength.", by=clinician)
    assert stops_today(ada, now()) == ""


def test_a_serious_event_that_was_over_when_told_is_open_all_the_same(ada: Patient, clinician: User) -> None:
    event(ada, clinician, "syncope", outcome="recovered", criteria=("hospital",))
    assert stops_today(ada, now())


def test_who_is_no_clinician_closes_no_serious_event(ada: Patient, clinician: User) -> None:
    therapist = user_with(roles.THERAPIST)
    row = event(ada, clinician, "cauda_equina", severity=3)
    said: dict[str, Any] = {"looked": TODAY, "outcome": "recovered", "status": "closed", "words": "All well."}
    with pytest.raises(PermissionDenied):
        follow_up(row, **said, by=therapist)
    with pytest.raises(PermissionDenied):
        withdraw_event(row, "was somebody else", by=therapist)
    with pytest.raises(BadInput, match="an outcome that ends it"):
        follow_up(row, **(said | {"outcome": "not_recovered"}), by=clinician)
    assert stops_today(ada, now())


def test_a_correction_to_what_is_not_serious_is_a_clinicians(ada: Patient, clinician: User) -> None:
    from dataclasses import replace

    row = event(ada, clinician, "spasm", criteria=("hospital",))
    mild = replace(row.event, criteria=())
    with pytest.raises(PermissionDenied):
        report_event(ada, mild, None, by=user_with(roles.THERAPIST), replaces=row, because="no hospital")
    report_event(ada, mild, None, by=clinician, replaces=row, because="no hospital")
    assert stops_today(ada, now()) == ""


def test_a_death_is_never_closed(ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, "other", severity=5, criteria=("death",), outcome="fatal", relatedness="unlikely")
    follow_up(row, looked=TODAY, outcome="fatal", status="closed", words="Told to the family.", by=clinician)
    assert stops_today(ada, now())


def test_another_patients_event_stops_nobody_else(ada: Patient, clinician: User) -> None:
    from opentraction.clinic.actions.patients import add_patient
    from tests.clinic_ground import ADA

    other = add_patient(ADA | {"given_name": "Ben"}, by=clinician)
    event(other, clinician, "cauda_equina", severity=3)
    assert stops_today(ada, now()) == ""
    assert not serious_event_since(ada, datetime(2000, 1, 1, tzinfo=UTC))


def test_serious_event_since_counts_onset_and_report_closed_or_not(ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, "new_deficit", days=10, severity=2)
    follow_up(row, looked=TODAY, outcome="recovered", status="closed", words="Over.", by=clinician)
    event(ada, clinician, "soreness", days=1)
    assert serious_event_since(ada, datetime.now(UTC) - timedelta(days=11))
    assert not serious_event_since(ada, datetime.now(UTC) - timedelta(days=9))
