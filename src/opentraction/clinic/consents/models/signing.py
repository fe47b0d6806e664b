"""One patient's way through the words: read, asked, agreed, signed. Saved page by page, frozen by the signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import models

from opentraction.care.consent import Consent, ConsentText, drawing_hash, version_of
from opentraction.clinic.consents.names import NameTyped
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.tokens import TRIES
from opentraction.screening import REGIONS

LANGUAGES: Final = [("en", "English"), ("es", "Español")]
TABLET: Final = "tablet"
OWN: Final = "own"
PLACES: Final = [(TABLET, "the clinic's tablet"), (OWN, "the patient's own phone")]


class Signing(NameTyped, models.Model):
    """Open until signed, closed, out of date, or tried with a wrong birth date too often.

    `answers` and `wrong` are by question, `purposes` by purpose. From `signed` on, what was signed stays (migration
    0002); a signature counts once somebody of the clinic has witnessed it (`SignedConsent`).
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="signings")
    region = models.CharField(max_length=10, choices=[(region, region) for region in REGIONS])
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")
    version = models.CharField(max_length=20)
    place = models.CharField(max_length=8, choices=PLACES)
    token_sha256 = models.CharField(max_length=64, unique=True)
    begun = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    read = models.BooleanField(default=False)
    """The patient went on from the words to the questions; nobody claims more."""
    answers = models.JSONField(default=dict, blank=True)
    wrong = models.JSONField(default=dict, blank=True)
    """How often each question was answered wrongly before it was right."""
    purposes = models.JSONField(default=dict, blank=True)
    given_by = models.CharField(max_length=16, blank=True)
    representative = models.CharField(max_length=240, blank=True)
    name = models.CharField(max_length=120, blank=True)
    drawing = models.TextField(blank=True)
    """A drawn signature as the path of an SVG, in a box of 600 by 200."""
    signed = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of what was signed, with no witness yet."""
    closed = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Signing"]()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "region"],
                condition=models.Q(closed=None, signed=None),
                name="one_open_signing_a_region",
            )
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region}"

    def save(self, *args: Any, **options: Any) -> None:
        """Once it is signed it can only be closed."""
        stored = Signing.objects.filter(pk=self.pk, signed__isnull=False).first() if self.pk else None
        if stored is not None and any(getattr(self, name) != getattr(stored, name) for name in _SIGNED):
            raise Frozen("what a patient signed never changes")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("signings are kept")

    def is_open(self, now: datetime) -> bool:
        """Whether the patient can go on with it."""
        return self.closed is None and self.signed is None and self.tries < TRIES and now < self.expires

    @property
    def as_signed(self) -> Consent:
        """What the patient signed, before anybody witnessed it. Raises BadInput."""
        assert self.signed is not None
        return self.to_sign(self.signed)

    def to_sign(self, now: datetime, witness: str = "") -> Consent:
        """The consent that these answers make. Raises BadInput where they make none."""
        return Consent(
            pseudonym=self.patient.pseudonym,
            version=self.version,
            language=self.language,
            region=self.region,
            text_sha256=self.words.sha256(self.region),
            signed=now,
            name=self.name,
            given_by="representative" if self.given_by == "representative" else "patient",
            witness=witness,
            purposes=tuple(one for one, yes in self.purposes.items() if yes),
            representative=self.representative,
            drawing_sha256=drawing_hash(self.drawing),
        )

    @property
    def words(self) -> ConsentText:
        """The words that are read."""
        return version_of(self.version, self.language)


_SIGNED: Final = (
    "patient_id",
    "region",
    "language",
    "version",
    "place",
    "answers",
    "wrong",
    "purposes",
    "given_by",
    "representative",
    "name",
    "drawing",
    "signed",
    "sha256",
)
