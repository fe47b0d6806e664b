"""Adverse events, when somebody looked again, and who was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import models
from django.urls import reverse

from opentraction.care import adverse
from opentraction.care.adverse import AdverseEvent
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import CorrectableRow, KeptRow, read_back

OPEN, CLOSED = "open", "closed"


class AdverseEventRow(CorrectableRow):
    """One event as it was reported. A correction keeps its `uid`, so that its follow-ups stay with it."""

    uid = models.UUIDField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, null=True, related_name="adverse_events")
    kind = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    serious = models.BooleanField()
    onset = models.DateTimeField()
    reported = models.DateTimeField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    known_looks: list[FollowUp] | None = None
    """What `with_looks` found; None where each asks for itself."""

    clinic_path = "patient__clinic"
    objects = ClinicalManager["AdverseEventRow"]()

    class Meta(CorrectableRow.Meta):
        abstract = False
        ordering = ["-onset", "-id"]
        verbose_name = "adverse event"
        indexes = [models.Index(fields=["uid"]), models.Index(fields=["patient", "serious"])]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.kind} of {self.onset:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:event", args=[self.uid])

    @property
    def event(self) -> AdverseEvent:
        """As it was reported. Raises BadInput where the row was altered."""
        return AdverseEvent.from_document(read_back(self.canonical, self.sha256, "adverse event"))

    @property
    def looks(self) -> list[FollowUp]:
        """The follow-ups of the event, whichever of its corrections they were written under."""
        if self.known_looks is not None:
            return self.known_looks
        return list(FollowUp.objects.filter(event__uid=self.uid).select_related("by").order_by("at", "id"))

    @property
    def now(self) -> AdverseEvent:
        """As it stands after the last follow-up."""
        looks = self.looks
        return replace(self.event, outcome=looks[-1].outcome) if looks else self.event

    @property
    def holds(self) -> bool:
        """Whether nothing is pulled while it is open, and a clinician alone closes it."""
        return adverse.holds(self.kind, self.severity, self.serious)

    @property
    def is_open(self) -> bool:
        """Until a follow-up closes it. One that holds nothing up, and was over when it was told, is closed by that."""
        looks = self.looks
        if looks:
            return looks[-1].status == OPEN
        return self.holds or not self.event.ended

    def due(self, today: date) -> list[adverse.FollowUp]:
        """The days on which to look again that nobody has yet; none once it is closed."""
        if not self.is_open:
            return []
        return adverse.follow_ups(self.event, [one.looked for one in self.looks], today)


class FollowUp(KeptRow):
    """Somebody looked again. The last one says how the event stands."""

    event = models.ForeignKey(AdverseEventRow, on_delete=models.PROTECT, related_name="+")
    looked = models.DateField()
    status = models.CharField(max_length=6, choices=[(OPEN, OPEN), (CLOSED, CLOSED)])
    outcome = models.CharField(max_length=20)
    words = models.CharField(max_length=2000)

    clinic_path = "event__patient__clinic"
    patient_path = "event__patient"
    objects = ClinicalManager["FollowUp"]()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = "follow-up"

    def __str__(self) -> str:
        return f"{self.event} on {self.looked}"


def with_looks(rows: Iterable[AdverseEventRow]) -> list[AdverseEventRow]:
    """The rows with all their follow-ups, in one question for a whole list."""
    listed = list(rows)
    found: dict[UUID, list[FollowUp]] = {row.uid: [] for row in listed}
    looks = FollowUp.objects.filter(event__uid__in=found).select_related("by", "event").order_by("at", "id")
    for look in looks:
        found[look.event.uid].append(look)
    for row in listed:
        row.known_looks = found[row.uid]
    return listed


class ReportMade(KeptRow):
    """Somebody was told of an event because a duty may ask for it: which duty, whom, on which day."""

    event = models.ForeignKey(AdverseEventRow, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=40)
    told = models.DateField()
    words = models.CharField(max_length=300)

    clinic_path = "event__patient__clinic"
    patient_path = "event__patient"
    objects = ClinicalManager["ReportMade"]()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = "report"

    def __str__(self) -> str:
        return f"{self.event} {self.duty}"
