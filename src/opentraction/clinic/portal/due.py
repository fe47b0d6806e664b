"""What waits for the patient, as lines to tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opentraction.care.outcomes import Instrument, instrument
from opentraction.care.outcomes.schedule import Due
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.home.standing import Standing, standing
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.clock import day_of
from opentraction.clinic.outcomes.courses import courses_of, due_now, forms_of
from opentraction.quantities import BadInput


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, a few more words, where; `grave` is shown first and in red; `begins` is a button."""

    title: str
    words: str
    url: str = ""
    grave: bool = False
    begins: bool = False


def waiting(patient: Patient, now: datetime) -> list[Waiting]:
    """Everything, the gravest first."""
    found = [*_home(patient, now), *_forms(patient, now), *_intake(patient), *_consent(patient, now)]
    return sorted(found, key=lambda one: not one.grave)


def forms_due(patient: Patient, now: datetime) -> list[tuple[Due, Instrument]]:
    """The forms that can be answered here: those whose questions we may show. Raises BadInput."""
    every = due_now(patient, courses_of(patient, now), forms_of(patient), day_of(now, patient.clinic))
    return [(one, instrument(one.instrument)) for one in every if instrument(one.instrument).item_text]


def _home(patient: Patient, now: datetime) -> Iterator[Waiting]:
    try:
        here = standing(patient, now)
    except BadInput:
        return
    if here.programme is None:
        return
    url = reverse("portal:home")
    if here.everything_stopped:
        said = _("Get help now.") if here.programme.emergency else _("Call your clinic before you go on.")
        yield Waiting(_("Your exercises are stopped"), said, url, grave=True)
    elif (left := left_today(here)) > 0:
        words = ngettext("{n} left today", "{n} left today", left).format(n=left)
        yield Waiting(_("Your exercises"), words, url)


def left_today(here: Standing) -> int:
    """Exercises of today that are not done as often as asked; packs are as needed."""
    from opentraction.care.home import exercises

    items = here.programme.items if here.programme else ()
    asked = [one for one in items if exercises()[one.exercise].group != "pack"]
    return sum(one.done_today < one.per_day for one in asked)


def _forms(patient: Patient, now: datetime) -> Iterator[Waiting]:
    try:
        due = forms_due(patient, now)
    except BadInput:
        return
    if due:
        words = ngettext("{n} form to fill in", "{n} forms to fill in", len(due)).format(n=len(due))
        yield Waiting(_("How are you?"), words, reverse("portal:forms"))


def _intake(patient: Patient) -> Iterator[Waiting]:
    if open_intake(patient) is not None:
        said = _("About ten minutes. You can stop and go on later.")
        yield Waiting(_("Questions before your visit"), said, reverse("portal:questions"), begins=True)


def open_intake(patient: Patient) -> Intake | None:
    """The newest intake in which the patient's own part is not done; None where none is."""
    return Intake.objects.filter(patient=patient, completed=None, patient_done=None).order_by("-id").first()


def _consent(patient: Patient, now: datetime) -> Iterator[Waiting]:
    try:
        holds = consent_today(patient, patient.region, now).holds
    except BadInput:
        return
    if not holds:
        said = _("Read it, answer three questions, sign. Then we talk about it.")
        yield Waiting(_("Consent"), said, reverse("portal:consent"))
