"""A patient who has signed: what other tests need where consent must hold, and where it waits for its witness."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.clinic.consents.actions import signing as acts
from opentraction.clinic.consents.actions.witnessing import witness
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.models import Patient
from tests.clinic_ground import confirmed

YES = {"share-gp": True, "research": False, "review": False}


def signing_of(patient: Patient, by: User, now: datetime | None = None, region: str = "lumbar") -> Signing:
    """Signed by the patient on the tablet, not yet witnessed; the one there is, where there is one."""
    known = Signing.objects.filter(patient=patient, region=region, consent=None, signed__isnull=False, closed=None)
    return known.first() or signed(begun(patient, by, now, region)[0], now)


def begun(
    patient: Patient, by: User, now: datetime | None = None, region: str = "lumbar", place: str = "tablet"
) -> tuple[Signing, str]:
    """An open address, and its word."""
    return acts.begin(patient, region, "en", place, by=by, now=now or timezone.now())


def signed(one: Signing, now: datetime | None = None, **other: str) -> Signing:
    """The whole way, answered rightly and signed."""
    when = now or timezone.now()
    acts.read_on(one, now=when)
    for question in one.words.questions:
        acts.answer(one, question.id, str(question.right), now=when)
    acts.say(one, dict(YES), now=when)
    told = {"given_by": "patient", "representative": "", "name": "Ada Example", "drawing": ""} | other
    return acts.sign(one, **told, now=when)


def consent_of(patient: Patient, by: User, now: datetime | None = None, region: str = "lumbar") -> SignedConsent:
    """Signed and witnessed; a minute ago, unless said. The one there is, where there is one."""
    known = SignedConsent.objects.filter(patient=patient, region=region, withdrawal=None).first()
    when = now or timezone.now() - timedelta(minutes=1)
    return known or witness(signing_of(patient, by, when, region), by=by, confirmed=confirmed(by), now=when)
