"""Patients: who they are, taking one in, keeping it right, and the road each is on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from opentraction.clinic import roles
from opentraction.clinic.actions.patients import add_patient, change_patient
from opentraction.clinic.api.operations.shapes import A_PAGE, Day, Line, Page, Told, Written, plain
from opentraction.clinic.api.problems import Refused
from opentraction.clinic.forms.patient import PatientForm
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading, reading_list
from opentraction.clinic.road import steps_of
from opentraction.patient import LEVELS
from opentraction.quantities import quantity

router = Router()


def _bounded(key: str) -> Any:
    """The bounds of the shared dictionary, so that the document says them too."""
    bounds = quantity(key).bounds
    return Field(ge=bounds.low, le=bounds.high)


Name = Annotated[StrictStr, Field(min_length=1, max_length=80)]
Phone = Annotated[StrictStr, Field(max_length=40)]
Email = Annotated[StrictStr, Field(max_length=254)]
Mass = Annotated[StrictFloat, _bounded("body_mass")]
Stature = Annotated[StrictFloat, _bounded("stature")]
Ceiling = Annotated[StrictFloat, _bounded("force_ceiling")]
Grade = Annotated[StrictInt, Field(ge=1, le=5)]
Level = Literal[LEVELS]  # type: ignore[valid-type]
Sex = Literal["female", "male", "unstated"]
Region = Literal["lumbar", "cervical", "unstated"]
UNITS: Final = {"mass_kg": ("mass", "kg"), "stature_m": ("stature", "m"), "ceiling_n": ("ceiling", "N")}


class Who(Told):
    """A patient in a list. `pseudonym` is what recordings and the table know."""

    id: int
    pseudonym: str
    given_name: str
    family_name: str
    birth_date: date
    sex: Sex


class Body(Told):
    """What the therapy rests on."""

    mass_kg: float
    stature_m: float
    disc_grade: int | None
    region: Region
    levels: list[str]
    complaint: str
    ceiling_n: float | None


class PatientTold(Who):
    """One patient. An unknown `phone` or `email` is empty; `body` is null for a key that may not look at records."""

    phone: str
    email: str
    body: Body | None


class Patients(Told):
    """A page of patients; `next` is the next page's number, null on the last."""

    count: int
    next: int | None
    patients: list[Who]


class NewPatient(Written):
    """Somebody to take in. `mass_confirmed` says that an unusual weight was weighed twice."""

    given_name: Name
    family_name: Name
    birth_date: Day
    sex: Sex = "unstated"
    phone: Phone = ""
    email: Email = ""
    mass_kg: Mass
    stature_m: Stature
    region: Region = "lumbar"
    levels: list[Level] = Field(default_factory=list)
    complaint: Line = ""
    disc_grade: Grade | None = None
    ceiling_n: Ceiling | None = None
    mass_confirmed: StrictBool = False


class PatientAmended(Written):
    """What is to be different. What is left out stays."""

    given_name: Name | None = None
    family_name: Name | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    phone: Phone | None = None
    email: Email | None = None
    mass_kg: Mass | None = None
    stature_m: Stature | None = None
    region: Region | None = None
    levels: list[Level] | None = None
    complaint: Line | None = None
    disc_grade: Grade | None = None
    ceiling_n: Ceiling | None = None
    mass_confirmed: StrictBool = False


class Step(Told):
    """One step of the road: how it stands, in a word and in a few."""

    key: str
    title: str
    state: Literal["done", "next", "look", "stop", "open"]
    words: str


class Road(Told):
    """Every step that the key may open, in order."""

    patient: int
    steps: list[Step]


@router.get("/patients", response=Patients, url_name="patients", summary="Find patients")
def patients(request: HttpRequest, search: Line = "", page: Page = 1) -> Any:
    """List the clinic's patients, 50 a page; `search` is part of a name, or a pseudonym."""
    rows = _found(Patient.objects.seen_by(request.user, roles.FIND), plain(search, "search"))
    count, first = rows.count(), (page - 1) * A_PAGE
    shown = list(rows[first : first + A_PAGE])
    reading_list(request, "patients", shown)
    return {"count": count, "next": page + 1 if first + A_PAGE < count else None, "patients": shown}


@router.post("/patients", response={201: PatientTold}, url_name="patients", summary="Take a patient in")
def new_patient(request: HttpRequest, written: NewPatient) -> Any:
    """Take somebody in. `disc_grade` and `ceiling_n` are for those who treat."""
    user = roles.require(request.user, roles.REGISTER)
    form = PatientForm.read(_as_form(written.model_dump()))
    return Status(201, _told(request, add_patient(_values(form), by=user)))


@router.get("/patients/{int:pk}", response=PatientTold, url_name="patient", summary="One patient")
def patient(request: HttpRequest, pk: int) -> Any:
    """Say who a patient is; with the body for a key that may look at records."""
    look = roles.may(request.user, roles.LOOK)
    one = _of(request, pk, roles.LOOK if look else roles.FIND)
    reading(request, one, "particulars")
    return _told(request, one)


@router.post("/patients/{int:pk}", response=PatientTold, url_name="patient", summary="Amend a patient")
def amend_patient(request: HttpRequest, pk: int, written: PatientAmended) -> Any:
    """Change what is sent, and nothing else. A null empties `disc_grade` and `ceiling_n`; elsewhere it is refused."""
    user = roles.require(request.user, roles.REGISTER)
    one = _of(request, pk, roles.REGISTER)
    sent = written.model_dump(exclude_unset=True)
    empty = [name for name, value in sent.items() if value is None and name not in {"disc_grade", "ceiling_n"}]
    if empty:
        raise Refused(422, f"{empty[0]} cannot be null; leave it out to keep it.")
    weighed = {} if sent.keys() & {"mass_kg", "stature_m"} else {"mass_confirmed": "yes"}
    values = _values(PatientForm.read(PatientForm.of(one).written | weighed | _as_form(sent)))
    changes = {name: value for name, value in values.items() if name in sent}
    return _told(request, change_patient(one, changes, by=user))


@router.get("/patients/{int:pk}/road", response=Road, url_name="road", summary="The road of a patient")
def road(request: HttpRequest, pk: int) -> Any:
    """Say how each step stands, from the intake to the bill: what is done, what is next, what stops."""
    look = roles.may(request.user, roles.LOOK)
    one = _of(request, pk, roles.LOOK if look else roles.FIND)
    reading(request, one, "road")
    return {"patient": one.pk, "steps": steps_of(one, request.user, timezone.now())}


def _of(request: HttpRequest, pk: int, act: str) -> Patient:
    return get_object_or_404(Patient.objects.seen_by(request.user, act).select_related("clinic"), pk=pk)


def _found(rows: QuerySet[Patient], words: str) -> QuerySet[Patient]:
    if not words:
        return rows.order_by("pk")
    number = words.upper().removeprefix("P-")
    found = Q(given_name__icontains=words) | Q(family_name__icontains=words)
    if number.isascii() and number.isdecimal() and len(number) < 10:
        found |= Q(number=int(number))
    return rows.filter(found).order_by("pk")


def _as_form(sent: dict[str, Any]) -> dict[str, str]:
    """The same as a page would post it."""
    posted: dict[str, str] = {}
    for name, value in sent.items():
        key, unit = UNITS.get(name, (name, ""))
        posted[key] = _written(value, unit)
    return posted


def _written(value: Any, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return " ".join(value)
    return f"{value!r} {unit}" if unit else str(value)


def _values(form: PatientForm) -> dict[str, Any]:
    """What the form means, or 422 with what is wrong in it."""
    if form.refusals:
        raise Refused(422, " ".join(form.refusals.values()))
    return form.values


def _told(request: HttpRequest, one: Patient) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(one, name) for name in PatientTold.model_fields if name not in {"id", "body"}}
    told |= {"id": one.pk, "body": None}
    if roles.may(request.user, roles.LOOK):
        told["body"] = {name: getattr(one, name) for name in Body.model_fields} | {"levels": one.levels.split()}
    return told
