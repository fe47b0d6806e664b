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
from opentraction.clinic.alarms import EMERGENCY_NUMBER, alarms_of
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.days import day_at
from opentraction.clinic.home.standing import Standing, standing
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient
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


def on_hold(patient: Patient, now: datetime) -> bool:
    """Whether no visit to the table lies ahead: something stops the patient, or they took consent back."""
    return bool(alarms_of(patient, now)) or _taken_back(patient, now)


def alarms(patient: Patient, now: datetime) -> Iterator[Waiting]:
    """What stops the treatment, in words for the patient, above all else: what to do, never what somebody found."""
    levels, phone = {one.level for one in alarms_of(patient, now)}, patient.clinic.phone
    if "emergency" in levels:
        said = _(
            "There was a sign that cannot wait. If nobody has looked at you since, "
            "go to a hospital or call {n} (in Europe 112)."
        )
        yield Waiting(_("Get help now"), said.format(n=EMERGENCY_NUMBER), f"tel:{EMERGENCY_NUMBER}", grave=True)
    elif levels:
        said = _("Call your clinic before you come. They tell you how it goes on.")
        yield Waiting(_("Your treatment is on hold"), said, f"tel:{phone}" if phone else "", grave=True)


def forms_due(patient: Patient, now: datetime) -> list[tuple[Due, Instrument]]:
    """The forms that can be answered here: those whose questions we may show. Raises BadInput."""
    every = due_now(patient, courses_of(patient, now), forms_of(patient), day_at(patient.clinic, now))
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
        words = ngettext("{n} exercise left today", "{n} exercises left today", left).format(n=left)
        yield Waiting(_("Your exercises"), words, url)


def left_today(here: Standing) -> int:
    """Exercises of today that are not done as often as asked; packs are as needed."""
    from opentraction.care.home import exercises

    items = here.programme.items if here.programme else ()
    asked = [one for one in items if not exercises()[one.exercise].as_needed]
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


def _taken_back(patient: Patient, now: datetime) -> bool:
    """Whether the newest consent was taken back, and the clinic has not asked again since."""
    newest = SignedConsent.objects.filter(patient=patient, region=patient.region).select_related("withdrawal").first()
    if newest is None or not hasattr(newest, "withdrawal"):
        return False
    since = newest.withdrawal.at
    asked = Signing.objects.filter(patient=patient, region=patient.region, begun__gt=since, expires__gt=now)
    return not asked.exclude(begun_by__patient_account__patient=patient).exists()


def _consent(patient: Patient, now: datetime) -> Iterator[Waiting]:
    try:
        holds = consent_today(patient, patient.region, now).holds
    except BadInput:
        return
    if not holds and not on_hold(patient, now):
        said = _("Read it, answer three questions, sign. Then we talk about it.")
        yield Waiting(_("Consent"), said, reverse("portal:consent"))
