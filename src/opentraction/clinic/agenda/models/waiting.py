"""Who waits for an earlier or another time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.care import booking
from opentraction.care.booking import Waiting
from opentraction.clinic.agenda.models.appointment import Appointment
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class WaitingRow(models.Model):
    """Open until a time was given (`given`) or nobody waits any more (`closed`)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="waiting")
    kind = models.CharField(max_length=20)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    weekdays = models.JSONField(default=list, blank=True)
    earliest = models.PositiveSmallIntegerField(default=0)
    latest = models.PositiveSmallIntegerField(default=1440)
    given = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="+")
    closed = models.DateTimeField(null=True, blank=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["WaitingRow"]()

    class Meta:
        verbose_name = "waiting"
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} for {self.kind}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("the waiting list is kept; close an entry")

    @property
    def waiting(self) -> Waiting:
        """As the diary knows it. Raises BadInput."""
        return Waiting(
            key=str(self.pk),
            patient=str(self.patient_id),
            kind=booking.kind(self.kind),
            since=self.since,
            first=self.first,
            last=self.last,
            weekdays=frozenset(self.weekdays),
            earliest=self.earliest,
            latest=self.latest,
        )
