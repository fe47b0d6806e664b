"""The first step of the road: may this person be treated?"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opentraction.clinic.days import day_at
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.intake.standing import newest_screening
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput
from opentraction.screening import Overridden

SOON: Final = 5
"""From so many days before a verdict ends the road says so."""


def steps(patient: Patient, when: datetime) -> list[Step]:
    """The intake of the patient's region."""
    url = reverse("intake:intake", args=[patient.pk])
    row = newest_screening(patient, patient.region, when)
    draft = Intake.objects.filter(patient=patient, region=patient.region, completed=None).first()
    state, words = _stands(row, draft, patient, when)
    return [Step("intake", _("Intake"), url, state, words)]


def _stands(row: Screening | None, draft: Intake | None, patient: Patient, when: datetime) -> tuple[State, str]:
    if row is None or row.valid_until < day_at(patient.clinic, when):
        if draft is not None:
            return "next", _("the patient is done; go on") if draft.patient_done else _("begun")
        return "next", _("not begun") if row is None else _("out of date")
    try:
        counts = row.counts
    except BadInput:
        return "stop", _("altered: screen again")
    if not (isinstance(counts, Overridden) or counts.may_treat):
        return "stop", _said(row)
    if draft is not None and draft.because:
        return "look", _("changed: {what}").format(what=draft.because)
    left = (row.valid_until - day_at(patient.clinic, when)).days
    if left <= SOON:
        return "look", ngettext("expires in {n} day", "expires in {n} days", left).format(n=left)
    day = f"{row.valid_until.day} {row.valid_until:%b}"
    return "done", _("{word} until {day}").format(word=counts.action.name.lower(), day=day)


def _said(row: Screening) -> str:
    return row.action.replace("_", " ").lower()
