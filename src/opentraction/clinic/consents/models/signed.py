"""A consent as it was signed and witnessed, to the letter."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.urls import reverse

from opentraction.care.consent import Consent
from opentraction.clinic.consents.models.signing import Signing
from opentraction.clinic.consents.models.written_once import WrittenOnce
from opentraction.clinic.consents.names import NameTyped
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.quantities import BadInput, State


class SignedConsent(NameTyped, WrittenOnce):
    """What the patient signed, `signed`, and who of the clinic witnessed it, `witnessed`.

    `signing` is the way there on a screen; none for a form signed by hand, whose place in the files `note` tells.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    signing = models.OneToOneField(Signing, on_delete=models.PROTECT, null=True, related_name="consent")
    region = models.CharField(max_length=10)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    text_sha256 = models.CharField(max_length=64)
    given_by = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    purposes = models.JSONField(default=list, blank=True)
    drawing = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)
    signed = models.DateTimeField()
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    witnessed = models.DateTimeField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["SignedConsent"]()

    class Meta:
        ordering = ["-signed", "-id"]
        verbose_name = "consent"

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("consents:signed", args=[self.pk])

    @property
    def given(self) -> Consent:
        """The consent as it was signed, with its withdrawal. Raises BadInput where the row was altered."""
        withdrawal = getattr(self, "withdrawal", None)
        consent = Consent.from_document(json.loads(self.canonical), withdrawal.at if withdrawal else None)
        if consent.sha256 != self.sha256 or consent.canonical() != self.canonical:
            raise BadInput("consent", State("altered"), "a consent as it was signed")
        return consent
