"""The step of the day: six questions before the strap is on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.models import Screening
from opentraction.clinic.intake.standing import newest_visit
from opentraction.clinic.models import Clinic, Patient
from opentraction.clinic.road import State, Step
from opentraction.screening import TREATS, Action, validity


def steps(patient: Patient, when: datetime) -> list[Step]:
    """The check of today in the patient's region."""
    state, words = _stands(patient, when)
    return [Step("visit", _("Today"), reverse("intake:visit-check", args=[patient.pk]), state, words, roles.LOOK)]


def _stands(patient: Patient, when: datetime) -> tuple[State, str]:
    row = newest_visit(patient, patient.region, when)
    if row is None or when - row.at > timedelta(hours=validity().visit_hours):
        screened = Screening.objects.filter(patient=patient, region=patient.region).exists()
        return ("next", _("check of the day")) if screened else ("open", _("check of the day"))
    if Action[row.action] not in TREATS:
        return "stop", row.action.replace("_", " ").lower()
    return "done", _asked(patient.clinic, row.at, when)


def _asked(clinic: Clinic, at: datetime, now: datetime) -> str:
    """With the day where it is not the clinic's today."""
    day = "" if day_at(clinic, at) == day_at(clinic, now) else f"{at:%-d %b}, "
    return _("asked {time} UTC").format(time=f"{day}{at:%H:%M}")
