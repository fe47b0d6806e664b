"""Booking, moving, cancelling, not coming: what the database keeps, who may, and what the record of acts says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import Error, IntegrityError, connection, transaction

from opentraction.care import booking
from opentraction.care.booking import Closure, NotFree
from opentraction.clinic import roles
from opentraction.clinic.actions import patients
from opentraction.clinic.agenda.actions import appointments, settings, waiting
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.actions.series import book_series, find_series
from opentraction.clinic.agenda.models import Appointment, Hold, ResourceRow
from opentraction.clinic.agenda.standing import next_appointment
from opentraction.clinic.models import AuditRow, Patient, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.prescription.progress import Visit
from opentraction.quantities import BadInput
from tests.agenda_ground import MONDAY, NOW, at, manager, ready
from tests.clinic_ground import ADA, another_clinic, user_with

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def desk(clinician: User) -> User:
    return user_with(roles.FRONT_DESK)


@pytest.fixture
def ben(ada: Patient, clinician: User) -> Patient:
    ready(ada.clinic)
    return patients.add_patient(ADA | {"given_name": "Ben"}, by=clinician)


def book(patient: Patient, by: User, hour: int, minute: int = 0, **more: Any) -> Appointment:
    return books.book(patient, "session", at(hour, minute, **more), by=by, now=NOW)


def acts_of(row: Appointment) -> list[str]:
    return list(AuditRow.objects.filter(patient=row.patient).values_list("act", flat=True))


def test_an_appointment_takes_a_table_and_a_therapist(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    table, _, nora = ready(ada.clinic)
    assert made.taken == [table, nora]
    assert {hold.resource_id: (hold.ends - hold.starts) for hold in made.holds.all()} == {
        table.pk: timedelta(minutes=50), nora.pk: timedelta(minutes=45),
    }  # fmt: skip
    assert (made.day, made.state, made.session) == (MONDAY, "booked", True)
    assert "book appointment" in acts_of(made)
    with pytest.raises(NotFree, match=r"Table 1 is taken then. Nora is taken then."):
        book(ben, desk, 9, 30)
    assert Appointment.objects.count() == 1


def test_one_session_a_day_and_twenty_hours_between(ada: Patient, ben: Patient, desk: User) -> None:
    book(ada, desk, 16)
    with pytest.raises(NotFree, match="One a day"):
        book(ada, desk, 9)
    with pytest.raises(NotFree, match="At least 20 h"):
        book(ada, desk, 9, day=TUESDAY)
    book(ada, desk, 13, day=TUESDAY)


def test_moving_keeps_one_appointment_and_gives_the_old_time_back(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    moved = books.move(made, at(9, 15), by=desk, now=NOW)
    assert (moved.pk, moved.starts, moved.sequence) == (made.pk, at(9, 15), 1)
    assert [hold.starts for hold in moved.holds.all() if hold.stands] == [at(9, 15)] * 2
    books.move(moved, at(11), by=desk, now=NOW)
    book(ben, desk, 9)
    row = AuditRow.objects.filter(act="move appointment").last()
    assert row is not None
    assert row.detail["was"]["starts"].startswith("2026-03-02T09:15")


def test_a_move_to_a_taken_or_past_or_closed_time_changes_nothing(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    book(ben, desk, 11)
    for start, now in ((at(11), NOW), (at(8), at(8, 30)), (at(20), NOW)):
        with pytest.raises(NotFree):
            books.move(made, start, by=desk, now=now)
    made.refresh_from_db()
    assert made.starts == at(9)
    assert Hold.objects.filter(appointment=made, stands=True).count() == 2


def test_a_cancelled_time_is_free_again_and_says_why_and_when(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    with pytest.raises(BadInput, match="why"):
        appointments.act(made, "cancel", by=desk, now=NOW)
    gone = appointments.act(made, "cancel", by=desk, now=NOW, why="ill")
    assert (gone.state, gone.cancelled_why, gone.notice_h) == ("cancelled", "ill", 2.0)
    book(ben, desk, 9)
    with pytest.raises(NotFree, match="taken"):
        appointments.act(gone, "back", by=desk, now=NOW)
    with pytest.raises(BadInput):
        appointments.act(gone, "arrive", by=desk, now=NOW)
    assert Appointment.objects.get(pk=made.pk).state == "cancelled"


def test_a_slip_can_be_taken_back_while_the_time_is_free(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    gone = appointments.act(made, "cancel", by=desk, now=NOW, why="ill")
    back = appointments.act(gone, "back", by=desk, now=NOW)
    assert (back.state, back.cancelled_why) == ("booked", "")
    with pytest.raises(NotFree):
        book(ben, desk, 9)


def test_late_done_and_not_come(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    with pytest.raises(NotFree, match="Wait until 10 minutes"):
        appointments.act(made, "no-show", by=desk, now=at(9, 5))
    here = appointments.act(made, "arrive", by=desk, now=at(9, 12))
    assert here.late_min == 12
    assert appointments.act(here, "finish", by=desk, now=at(10)).state == "done"
    other = book(ben, desk, 11)
    missed = appointments.act(other, "no-show", by=desk, now=at(11, 15))
    assert not missed.stands
    assert not missed.holds.filter(stands=True).exists()
    tomorrow = book(ada, desk, 15, day=TUESDAY)
    with pytest.raises(NotFree, match="another day"):
        appointments.act(tomorrow, "arrive", by=desk, now=at(15))


def test_a_series_is_booked_whole_or_not_at_all(ada: Patient, ben: Patient, desk: User) -> None:
    book(ben, desk, 9, day=TUESDAY)
    with pytest.raises(NotFree):
        book_series(ada, [at(9), at(9, day=TUESDAY)], by=desk, now=NOW)
    assert not Appointment.objects.filter(patient=ada).exists()
    made = book_series(ada, [at(9), at(11, day=TUESDAY)], by=desk, now=NOW)
    assert len(made) == 2
    assert next_appointment(ada, NOW, session=True) == made[0]


def test_a_table_out_of_service_takes_nobody_until_it_is_back(ada: Patient, ben: Patient, desk: User) -> None:
    table = ready(ada.clinic)[0]
    with pytest.raises(BadInput, match="why"):
        settings.out_of_service(table, " ", by=desk, now=NOW)
    settings.out_of_service(table, "cable worn", by=desk, now=NOW)
    with pytest.raises(NotFree, match="needs one table"):
        book(ada, desk, 9)
    settings.into_service(table, by=desk)
    book(ada, desk, 9)


def test_the_waiting_list_gives_a_freed_time_once(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    row = waiting.wait(ben, "session", (MONDAY, MONDAY), by=desk, now=NOW, times=(540, 600))
    assert waiting.who_fits(ada.clinic, (made.starts, made.ends), NOW) == []
    appointments.act(made, "cancel", by=desk, now=NOW, why="ill")
    [(found, slot)] = waiting.who_fits(ada.clinic, (made.starts, made.ends), NOW)
    assert (found, slot.start) == (row, at(9))
    given = waiting.give(row, slot.start, by=desk, now=NOW)
    assert given.patient == ben
    with pytest.raises(BadInput, match="is over"):
        waiting.give(row, at(11), by=desk, now=NOW)
    assert waiting.open_waits(ada.clinic) == []


def test_closures_and_hours_bind_what_is_booked_next(ada: Patient, ben: Patient, desk: User) -> None:
    boss = manager(ada.clinic)
    row = settings.close_days(ada.clinic, Closure(MONDAY, MONDAY, "painting"), by=boss)
    with pytest.raises(NotFree, match="closed"):
        book(ada, desk, 9)
    settings.lift_closure(row, by=boss, now=NOW)
    book(ada, desk, 9)
    settings.write_hours(ada.clinic, {"mon": "12:00-13:00"}, by=boss, now=NOW)
    with pytest.raises(NotFree, match="closed"):
        book(ben, desk, 9)


def test_what_is_booked_cannot_be_closed_away(ada: Patient, ben: Patient, desk: User) -> None:
    made, boss = book(ada, desk, 9), manager(ada.clinic)
    with pytest.raises(BadInput, match="is booked"):
        settings.close_resource(made.taken[0], by=boss)
    with pytest.raises(BadInput, match="not taken"):
        settings.add_resource(ada.clinic, "table", "Table 1", by=boss)


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.ADMINISTRATOR])
def test_who_does_not_book_may_not(role: str, ada: Patient, ben: Patient, desk: User) -> None:
    made, other = book(ada, desk, 9), user_with(role)
    for act in (
        lambda: book(ben, other, 11),
        lambda: books.move(made, at(11), by=other, now=NOW),
        lambda: appointments.act(made, "arrive", by=other, now=at(9)),
        lambda: waiting.wait(ben, "session", (MONDAY, MONDAY), by=other, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_another_clinics_desk_may_not_touch_it(ada: Patient, ben: Patient, desk: User) -> None:
    made, north = book(ada, desk, 9), user_with(roles.FRONT_DESK, another_clinic())
    with pytest.raises(PermissionDenied, match="another clinic"):
        appointments.act(made, "arrive", by=north, now=at(9))
    with pytest.raises(PermissionDenied):
        settings.write_hours(ada.clinic, {}, by=desk, now=NOW)


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except (IntegrityError, Error):
        return True
    return False


def test_the_database_refuses_what_overlaps_whoever_writes(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    table = made.taken[0]
    other = book(ben, desk, 11)

    def hold(minute: int, long: int) -> Hold:
        start = at(9) + timedelta(minutes=minute)
        return Hold(appointment=other, resource=table, starts=start, ends=start + timedelta(minutes=long))

    for minute, long in ((0, 10), (49, 5), (-5, 6), (-10, 90), (10, 5)):
        with pytest.raises(IntegrityError, match="taken"), transaction.atomic():
            hold(minute, long).save()
    hold(50, 5).save()
    hold(-5, 5).save()
    free = hold(10, 5)
    free.stands = False
    free.save()
    free.stands = True
    with pytest.raises(IntegrityError, match="taken"), transaction.atomic():
        free.save()


def test_the_database_refuses_two_sessions_a_day_and_deletions(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    twin = Appointment(
        patient=ada,
        kind="session",
        session=True,
        starts=at(15),
        ends=at(16),
        day=MONDAY,
        made=NOW,
        made_by=desk,
        changed=NOW,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(Frozen):
        made.delete()
    with pytest.raises(Frozen):
        Appointment.objects.all().delete()
    for table in ("appointment", "hold", "resourcerow", "opening"):
        assert refused(f"DELETE FROM agenda_{table}")
    assert refused("UPDATE agenda_hold SET ends = starts")


def test_a_reminder_is_noted_and_a_move_asks_for_another(ada: Patient, ben: Patient, desk: User) -> None:
    made = book(ada, desk, 9)
    told = appointments.remind(made, by=desk, now=NOW)
    assert told.reminded_by == desk
    moved = books.move(told, at(10), by=desk, now=NOW)
    assert moved.reminded is None
    gone = appointments.act(moved, "cancel", by=desk, now=NOW, why="ill")
    with pytest.raises(BadInput):
        appointments.remind(gone, by=desk, now=NOW)


def test_a_kind_that_needs_a_room_takes_the_room(ada: Patient, ben: Patient, desk: User) -> None:
    made = books.book(ada, "intake", at(9), by=desk, now=NOW)
    assert [one.kind for one in made.taken] == ["room", "staff"]
    assert not made.session
    with pytest.raises(BadInput, match="massage"):
        books.book(ada, "massage", at(9), by=desk, now=NOW)
    assert booking.kind(made.kind).minutes == 60
    assert ResourceRow.objects.filter(clinic=ada.clinic).count() == 3


def given(session: TreatmentSession, hour: int, minute: int = 0, treated_s: float = 1800.0) -> TreatmentSession:
    """The session as one that was pulled for half an hour on Monday, with no appointment."""
    session.started = at(hour, minute)
    session.ended = session.started + timedelta(minutes=30)
    session.ending, session.summary = "completed", {"treatment_s": treated_s}
    session.save()
    return session


TREATED = "The patient was treated that day. One session a day is the most."


@pytest.fixture
def treated(session: TreatmentSession, ben: Patient) -> Patient:
    """Ada, who was pulled at two minutes past midnight without an appointment."""
    return given(session, 0, 2).patient


class TestASessionGivenWithoutAnAppointment:
    """It counts as a booked one does: one a day, and hours between."""

    def test_by_hand(self, treated: Patient, ben: Patient, desk: User) -> None:
        with pytest.raises(NotFree) as refusal:
            book(treated, desk, 17)
        assert str(refusal.value) == TREATED
        assert book(treated, desk, 8, day=TUESDAY).day == TUESDAY
        assert book(ben, desk, 9).day == MONDAY, "it takes nobody else's time"

    def test_hours_between(self, session: TreatmentSession, ben: Patient, desk: User) -> None:
        ada = given(session, 13, 0).patient
        with pytest.raises(NotFree, match="At least 20 h belong between two sessions"):
            book(ada, desk, 9, 15, day=TUESDAY)
        assert book(ada, desk, 9, 30, day=TUESDAY).day == TUESDAY

    def test_what_pulled_nothing_does_not_count(self, session: TreatmentSession, ben: Patient, desk: User) -> None:
        assert book(given(session, 0, 2, treated_s=0.0).patient, desk, 9).day == MONDAY

    def test_series(self, treated: Patient, desk: User) -> None:
        visits = [Visit(n, 1, day, False) for n, day in ((1, MONDAY), (2, TUESDAY))]
        placed = find_series(treated, visits, 9 * 60, NOW)
        days = [booking.day_of(one.slot.start, ZoneInfo("UTC")) for one in placed if one.slot]
        assert days == [TUESDAY, TUESDAY + timedelta(days=1)]
        with pytest.raises(NotFree, match="was treated that day"):
            book_series(treated, [at(9)], by=desk, now=NOW)

    def test_moving(self, treated: Patient, desk: User) -> None:
        row = book(treated, desk, 9, day=TUESDAY)
        with pytest.raises(NotFree, match="was treated that day"):
            books.move(row, at(9), by=desk, now=NOW)
        assert books.move(row, at(10, day=TUESDAY), by=desk, now=NOW).starts == at(10, day=TUESDAY)

    def test_the_waiting_list(self, treated: Patient, ben: Patient, desk: User) -> None:
        for patient in (treated, ben):
            waiting.wait(patient, "session", (MONDAY, TUESDAY), by=desk, now=NOW)
        found = waiting.who_fits(treated.clinic, (at(9), at(10)), NOW)
        assert [row.patient for row, _ in found] == [ben]

    def test_a_slip_about_its_own_appointment_can_be_taken_back(
        self, session: TreatmentSession, ben: Patient, desk: User
    ) -> None:
        row = book(session.patient, desk, 9)
        appointments.act(row, "no-show", by=desk, now=at(9, 30))
        given(session, 9, 35)
        assert appointments.act(row, "back", by=desk, now=at(10, 30)).state == booking.BOOKED
