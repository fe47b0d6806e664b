"""How a patient stands with consent: what the gate at the table asks, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from opentraction.care.consent import Consent, since_consent, standing_of
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.consents.refusals import to_be_witnessed, why_of
from opentraction.clinic.days import day_at, zone_of
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.standing import serious_event_since
from opentraction.clinic.tokens import LASTS


@dataclass(frozen=True, slots=True)
class Standing:
    """`consent` is the one that holds, or None; `why` then says in a sentence what is wanted.

    `withdrawn` says that the patient took it back and has signed nothing since.
    """

    consent: Consent | None
    why: str = ""
    withdrawn: bool = False

    @property
    def holds(self) -> bool:
        return self.consent is not None


@asked_once
def consent_today(patient: Patient, region: str, now: datetime) -> Standing:
    """Whether the patient's consent holds for a treatment of `region` at `now`, and why not.

    Counted are the sessions of the region pulled since it was signed and a serious adverse event since. What was signed
    on a screen counts once it is witnessed. Raises BadInput where a stored consent was altered.
    """
    rows = SignedConsent.objects.filter(patient=patient).select_related("withdrawal")
    consents = [row.given for row in rows]
    ours = [one.signed for one in consents if one.region == region]
    since = since_consent(0, False)
    if ours:
        signed = max(ours)
        since = since_consent(sessions_since(patient, region, signed), serious_event_since(patient, signed))
    found = standing_of(consents, region, day_at(patient.clinic, now), since, zone_of(patient.clinic))
    if found.lapse is None:
        return Standing(found.consent)
    waits = to_witness(patient, region, now) is not None
    if waits:
        return Standing(None, to_be_witnessed())
    return Standing(None, why_of(found.lapse), found.lapse.reason == "withdrawn")


def sessions_since(patient: Patient, region: str, moment: datetime) -> int:
    """How many sessions of `region` were pulled since."""
    rows = TreatmentSession.objects.filter(patient=patient, created__gte=moment).select_related("plan")
    return sum(row.pulled and json.loads(row.plan.canonical)["region"] == region for row in rows)


@asked_once
def to_witness(patient: Patient, region: str, now: datetime) -> Signing | None:
    """What the patient has signed on a screen lately and nobody has witnessed yet."""
    rows = Signing.objects.filter(patient=patient, region=region, closed=None, consent=None)
    return rows.filter(signed__gt=now - LASTS, signed__lte=now).order_by("-signed").first()
