"""Signed consents for the demo's patients, so that their treatment can begin. All of it is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.consents.actions import signing as acts
from opentraction.clinic.consents.actions.witnessing import witness
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.models.signing import TABLET
from opentraction.clinic.models import Patient

ADA: Final = 1
BEN: Final = 2
LANGUAGE: Final = {ADA: "en", BEN: "es"}
DRAWN: Final = (
    "M60 130L82 62L96 40L104 74L110 128M72 96L118 90M150 70L136 100L146 128L168 118L176 92L178 40L176 126"
    "M214 84L198 104L206 128L230 110L232 86L236 126L250 122M290 60L286 130L300 100L326 92L338 110L330 128L306 130"
)
"""A scrawl, of nobody's name."""


@transaction.atomic
def demo_consents(by: User, confirmed: Confirmed, now: datetime) -> None:
    """Each of the first two patients signed an hour ago, one of them in Spanish, and was witnessed."""
    for patient in Patient.objects.filter(number__in=LANGUAGE):
        demo_consent(patient, by, confirmed, now - timedelta(hours=1))


@transaction.atomic
def demo_consent(patient: Patient, by: User, confirmed: Confirmed, when: datetime) -> None:
    """One of them, signed and witnessed at `when`, where there is none yet."""
    if not SignedConsent.objects.filter(patient=patient).exists():
        _sign(patient, by, confirmed, when)


def _sign(patient: Patient, by: User, confirmed: Confirmed, when: datetime) -> None:
    one, _ = acts.begin(patient, "lumbar", LANGUAGE.get(patient.number, "en"), TABLET, by=by, now=when)
    acts.read_on(one, now=when)
    for question in one.words.questions:
        if patient.number == ADA and question.id == "works":
            acts.answer(one, question.id, str(1 - question.right), now=when)
        acts.answer(one, question.id, str(question.right), now=when)
    acts.say(one, {each.id: each.id == "share-gp" for each in one.words.purposes}, now=when)
    drawing = DRAWN if patient.number == ADA else ""
    signed = acts.sign(one, given_by="patient", representative="", name=patient.name, drawing=drawing, now=when)
    witness(signed, by=by, confirmed=confirmed, now=when)
