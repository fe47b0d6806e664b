"""The step of consent on a patient's road."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.regions import region_of
from opentraction.clinic.consents.standing import consent_today, to_witness
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput


def steps(patient: Patient, when: datetime) -> list[Step]:
    """Consent for the region of the plan, or of the complaint."""
    region = region_of(patient)
    state, words = _stands(patient, region, when)
    return [Step("consent", _("Consent"), reverse("consents:consent", args=[patient.pk]), state, words)]


def _stands(patient: Patient, region: str, when: datetime) -> tuple[State, str]:
    try:
        standing = consent_today(patient, region, when)
    except BadInput:
        return "stop", _("altered")
    if standing.consent is not None:
        return "done", _("signed {day}").format(day=f"{standing.consent.signed:%-d %b %Y}")
    if to_witness(patient, region, when) is not None:
        return "look", _("witness it")
    latest = SignedConsent.objects.filter(patient=patient, region=region).select_related("withdrawal").first()
    if latest is None:
        return "next", _("not signed yet")
    return ("stop", _("withdrawn")) if hasattr(latest, "withdrawal") else ("next", _("ask again"))
