"""Outcomes: the instruments, what is due, what was answered, and handing a form in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field, StrictBool, StrictFloat, StrictInt

from opentraction.care.outcomes import Form, Instrument, instruments
from opentraction.care.outcomes.score import PSYCHOSOCIAL, TOTAL
from opentraction.clinic import roles
from opentraction.clinic.api.operations.shapes import Day, Document, Line, Told, Written
from opentraction.clinic.api.problems import Refused
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import hand_in
from opentraction.clinic.outcomes.courses import courses_of, due_now, forms_of
from opentraction.clinic.outcomes.forms.answers import AnswerForm
from opentraction.clinic.outcomes.models import COUNTS, OutcomeForm
from opentraction.clinic.outcomes.views.asking import known_activities
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

router = Router()
Answer = StrictBool | StrictInt | StrictFloat


class Asks(Told):
    """One question: its range. The words of a licensed instrument are not ours to give."""

    id: str
    low: float
    high: float
    whole: bool
    text: str


class Instrument_(Told):
    """One way to ask. With `total`, a total from paper may be sent instead of the items."""

    id: str
    name: str
    measures: str
    region: str
    low: float
    high: float
    better: Literal["lower", "higher"]
    tick: bool
    own: bool
    total: bool
    items: list[Asks]


class Instruments(Told):
    """Every instrument that can be handed in."""

    instruments: list[Instrument_]


class DueTold(Told):
    """Something to ask today."""

    instrument: str
    occasion: str
    due: date
    closes: date
    late_days: int


class FormTold(Told):
    """A form that counts. `value` is null where the answers give no score."""

    id: int
    patient: int
    instrument: str
    occasion: str
    taken: date
    way: str
    value: float | None


class Outcomes(Told):
    """What is due, and every form that counts, oldest first."""

    patient: int
    due: list[DueTold]
    forms: list[FormTold]


class FormInFull(FormTold):
    """With its answers."""

    form: Document


class ToHandIn(Written):
    """Answers by item; what is left out was not answered, which is never 0. `own` names a patient's own activities."""

    instrument: Annotated[str, Field(max_length=40)]
    taken: Day
    way: Literal["patient", "clinician", "paper", "import"] = "patient"
    answers: dict[str, Answer]
    own: dict[str, Line] = Field(default_factory=dict)


@router.get("/instruments", response=Instruments, url_name="instruments", summary="What can be asked")
def all_instruments(request: HttpRequest) -> Any:
    """List the instruments with the range of each answer."""
    return {"instruments": list(instruments().values())}


@router.get("/patients/{int:pk}/outcomes", response=Outcomes, url_name="outcomes", summary="Outcomes of a patient")
def outcomes(request: HttpRequest, pk: int) -> Any:
    """List what is due today, and the scores so far."""
    one = _of(request, pk, roles.LOOK)
    reading(request, one, "outcomes")
    now = timezone.now()
    due = due_now(one, courses_of(one, now), forms_of(one), day_at(one.clinic, now))
    rows = OutcomeForm.objects.filter(patient=one, **COUNTS)
    return {"patient": one.pk, "due": due, "forms": [_told(row) for row in rows]}


@router.post("/patients/{int:pk}/outcomes", response={201: FormInFull}, url_name="outcomes", summary="Hand a form in")
def hand_in_form(request: HttpRequest, pk: int, written: ToHandIn) -> Any:
    """Keep one filled-in form. It stays as it was handed in; a page corrects it."""
    user = roles.require(request.user, roles.OUTCOMES)
    one = _of(request, pk, roles.OUTCOMES)
    about = instruments().get(written.instrument)
    if about is None:
        raise BadInput("instrument", written.instrument, "one of " + ", ".join(instruments()))
    values, own = _read(about, written, one)
    form = Form(about.id, written.taken, values, own, written.way, user.get_username())
    return Status(201, _whole(hand_in(one, form, by=user)))


@router.get("/outcome-forms/{int:pk}", response=FormInFull, url_name="form", summary="One form")
def form(request: HttpRequest, pk: int) -> Any:
    """Give one form with its answers, as they were handed in."""
    row = get_object_or_404(OutcomeForm.objects.seen_by(request.user).select_related("patient__clinic"), pk=pk)
    reading(request, row.patient, f"form {row.instrument}", form=row.pk)
    return _whole(row)


def _of(request: HttpRequest, pk: int, act: str) -> Patient:
    return get_object_or_404(Patient.objects.seen_by(request.user, act).select_related("clinic"), pk=pk)


def _read(about: Instrument, written: ToHandIn, one: Patient) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers as the same form on a page reads them."""
    known = {item.id for item in about.items} | ({TOTAL, PSYCHOSOCIAL} if about.total else set())
    strange = sorted((written.answers.keys() | written.own.keys()) - known)
    if strange:
        raise BadInput("answers", strange[0], "items of this instrument: " + ", ".join(sorted(known)))
    posted = {key: _as_written(value) for key, value in written.answers.items()}
    page = AnswerForm(about, known=known_activities(one, about), plain=True)
    page.take_all(posted | {f"own-{key}": words for key, words in written.own.items()})
    values = page.values()
    if page.refusals:
        raise Refused(422, " ".join(f"{key}: {said}" for key, said in page.refusals.items()))
    return values, page.words()


def _as_written(value: bool | int | float) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)


def _told(row: OutcomeForm) -> dict[str, Any]:
    plain = ("instrument", "occasion", "taken", "way", "value")
    return {name: getattr(row, name) for name in plain} | {"id": row.pk, "patient": row.patient_id}


def _whole(row: OutcomeForm) -> dict[str, Any]:
    return _told(row) | {"form": row.form.document()}
