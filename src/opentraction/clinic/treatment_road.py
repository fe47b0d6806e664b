"""Two steps of the road: the prescription that counts, and the sessions given under it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opentraction.clinic.actions.treatments import newest_signed
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step
from opentraction.clinic.sessions_of import sessions_of


def steps(patient: Patient, when: datetime) -> list[Step]:
    """Prescription and sessions; both are told on the patient's own page."""
    return [_prescription(patient), _sessions(patient)]


def _prescription(patient: Patient) -> Step:
    signed = newest_signed(patient)
    drafted = signed is None and patient.prescriptions.exists()
    words = _("version {n} signed").format(n=signed.version) if signed else _("draft") if drafted else _("none yet")
    url = f"{patient.get_absolute_url()}#prescriptions"
    return Step("prescription", _("Plan"), url, "done" if signed else "next", words)


def _sessions(patient: Patient) -> Step:
    given = sum(one.pulled for one in sessions_of(patient))
    waiting = any(not one.ending for one in sessions_of(patient))
    words = ngettext("{n} given", "{n} given", given).format(n=given) if given else _("none yet")
    state: State = "look" if waiting else "done" if given else "open"
    return Step("sessions", _("Sessions"), f"{patient.get_absolute_url()}#course", state, words)
