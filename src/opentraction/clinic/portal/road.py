"""The step of the portal on a patient's road: whether they can sign in. For those who take patients in."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.portal.actions.access import account_of, open_invitation
from opentraction.clinic.road import State, Step


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    state: State = "open"
    words = _("no access")
    if account_of(patient) is not None:
        state, words = "done", _("can sign in")
    elif open_invitation(patient, when) is not None:
        words = _("invited")
    url = reverse("portal:access", args=[patient.pk])
    return [Step("portal", _("Portal"), url, state, words, roles.REGISTER)]
