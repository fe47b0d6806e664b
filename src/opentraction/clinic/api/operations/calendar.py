"""The calendar: who comes when, free times, booking, moving, and what becomes of an appointment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import BeforeValidator, Field, StrictInt

from opentraction.care import booking
from opentraction.clinic import roles
from opentraction.clinic.agenda.actions import appointments as acts
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.diary import between, diary_of, resources_of, today_of, zone_of
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.api.operations.shapes import LARGEST, Day, Moment, Told, Whole, Written, plain_number
from opentraction.clinic.models import Clinic, Patient
from opentraction.clinic.reading import reading, reading_list
from opentraction.quantities import BadInput

router = Router()
AHEAD: Final = 14  # [days]
MOST: Final = 200
Kind = Literal["session", "intake", "reassessment", "home"]
Days = Annotated[int, BeforeValidator(plain_number), Field(ge=1, le=31)]
Number = Annotated[StrictInt, Field(ge=0, le=LARGEST)]


class Visit(Told):
    """An appointment. Nothing clinical stands here."""

    id: int
    uid: UUID
    patient: int
    pseudonym: str
    kind: Kind
    starts: datetime
    ends: datetime
    state: Literal["booked", "arrived", "done", "cancelled", "no-show"]
    takes: list[str]
    cancelled_why: str


class Visits(Told):
    """In the order of their beginnings."""

    appointments: list[Visit]


class Free(Told):
    """A time that could be booked now, and what it would take."""

    start: datetime
    takes: list[str]


class FreeTimes(Told):
    """The first 200."""

    free: list[Free]


class ToBook(Written):
    """`resource` is the table, room or person that must be among what it takes."""

    patient: Number
    kind: Kind = "session"
    start: Moment
    resource: Number | None = None


class ToMove(Written):
    """Where to."""

    start: Moment
    resource: Number | None = None


class ToDo(Written):
    """What became of it; a cancellation says why."""

    act: Literal["arrive", "finish", "cancel", "no-show", "back"]
    why: Annotated[str, Field(max_length=20)] = ""


@router.get("/calendar", response=Visits, url_name="calendar", summary="Who comes when")
def calendar(request: HttpRequest, first: Annotated[Day, Query()], days: Days = 1) -> Any:
    """List the appointments of some days, in whatever state, from `first` on the clinic's own calendar."""
    clinic = _clinic(request)
    begin, end = _span(clinic, first, days)
    rows = list(between(clinic, begin, end).order_by("starts", "pk"))
    reading_list(request, "agenda", [row.patient for row in rows], day=first.isoformat(), days=days)
    return {"appointments": [_told(row) for row in rows]}


@router.get("/calendar/free", response=FreeTimes, url_name="free", summary="Free times")
def free(
    request: HttpRequest, patient: Whole, first: Annotated[Day, Query()], kind: Kind = "session",
    resource: Whole | None = None,
) -> Any:  # fmt: skip
    """List times of the next 14 days from `first` that could be booked for a patient."""
    one = get_object_or_404(Patient.objects.seen_by(request.user, roles.BOOK).select_related("clinic"), pk=patient)
    reading(request, one, "appointments")
    _span(one.clinic, first, AHEAD)
    last = first + timedelta(days=AHEAD)
    slots = booking.free_slots(
        diary_of(one.clinic, first, last), booking.kind(kind), first, last,
        patient=str(one.pk), now=timezone.now(), only=_only(resource, one.clinic),
    )  # fmt: skip
    shown = islice(slots, MOST)
    return {"free": [{"start": slot.start, "takes": [one.name for one in slot.resources]} for slot in shown]}


@router.post("/appointments", response={201: Visit}, url_name="appointments", summary="Book")
def book(request: HttpRequest, written: ToBook) -> Any:
    """Book a time. 409 says why it is not free."""
    user = roles.require(request.user, roles.BOOK)
    rows = Patient.objects.seen_by(user, roles.BOOK).select_related("clinic")
    one = get_object_or_404(rows, pk=written.patient)
    only = _only(written.resource, one.clinic)
    return Status(201, _told(books.book(one, written.kind, written.start, by=user, now=timezone.now(), only=only)))


@router.get("/appointments/{int:pk}", response=Visit, url_name="appointment", summary="One appointment")
def appointment(request: HttpRequest, pk: int) -> Any:
    """Give one appointment."""
    row = _of(request, pk)
    reading(request, row, "appointment")
    return _told(row)


@router.post("/appointments/{int:pk}/move", response=Visit, url_name="move", summary="Move")
def move(request: HttpRequest, pk: int, written: ToMove) -> Any:
    """Move an appointment to another time or another table."""
    user = roles.require(request.user, roles.BOOK)
    row = _of(request, pk)
    only = _only(written.resource, row.patient.clinic)
    return _told(books.move(row, written.start, by=user, now=timezone.now(), only=only))


@router.post(
    "/appointments/{int:pk}/act", response=Visit, url_name="act", summary="Cancel, and what else becomes of it"
)
def act(request: HttpRequest, pk: int, written: ToDo) -> Any:
    """Cancel, or say that the patient has come, was treated, did not come; `back` undoes a slip."""
    user = roles.require(request.user, roles.BOOK)
    return _told(acts.act(_of(request, pk), written.act, by=user, now=timezone.now(), why=written.why))


def _clinic(request: HttpRequest) -> Clinic:
    place = roles.place_of(roles.require(request.user, roles.BOOK))
    assert place is not None
    return place.clinic


def _span(clinic: Clinic, first: date, days: int) -> tuple[datetime, datetime]:
    if not date(2000, 1, 1) <= first <= date(2099, 1, 1):
        raise BadInput(
            "first", first.isoformat(), f"a day from 2000 to 2099, such as {today_of(clinic, timezone.now())}"
        )
    zone = zone_of(clinic)
    return booking.moment(first, 0, zone), booking.moment(first + timedelta(days=days), 0, zone)


def _only(resource: int | None, clinic: Clinic) -> frozenset[int]:
    if resource is None:
        return frozenset()
    if resource not in {one.pk for one in resources_of(clinic)}:
        raise BadInput("resource", resource, "a table, room or somebody of this clinic")
    return frozenset({resource})


def _of(request: HttpRequest, pk: int) -> Appointment:
    rows = Appointment.objects.seen_by(request.user, roles.BOOK).select_related("patient__clinic", "made_by")
    return get_object_or_404(rows.prefetch_related("holds__resource"), pk=pk)


def _told(row: Appointment) -> dict[str, Any]:
    plain = ("uid", "kind", "starts", "ends", "state", "cancelled_why")
    return {name: getattr(row, name) for name in plain} | {
        "id": row.pk, "patient": row.patient_id, "pseudonym": row.patient.pseudonym,
        "takes": [one.name for one in row.taken],
    }  # fmt: skip
