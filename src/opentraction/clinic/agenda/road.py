"""One step of the road: when the patient comes next."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.care import booking
from opentraction.clinic import roles
from opentraction.clinic.agenda.diary import zone_of
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.agenda.saying import when as said
from opentraction.clinic.agenda.standing import next_appointment
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step


def steps(patient: Patient, when: datetime) -> list[Step]:
    """Visits; the front desk sees this step too."""
    url = reverse("agenda:patient", args=[patient.pk])
    return [Step("visits", _("Visits"), url, *_stands(patient, when), act=roles.BOOK)]


def _stands(patient: Patient, when: datetime) -> tuple[State, str]:
    coming = next_appointment(patient, when)
    if coming is not None:
        return "done", said(coming.starts, zone_of(patient.clinic))
    last = Appointment.objects.filter(patient=patient).order_by("-starts").first()
    if last is not None and last.state == booking.NO_SHOW:
        return "look", _("did not come")
    return "next", _("nothing booked")
