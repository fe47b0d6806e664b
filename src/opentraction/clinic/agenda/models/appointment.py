"""An appointment and what it takes. Nothing clinical stands here: a kind, a time, a state."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse

from opentraction.care import booking
from opentraction.care.booking import Booked, Kind
from opentraction.clinic.agenda.models.resource import ResourceRow
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager, Frozen

STANDS = models.Q(state__in=list(booking.STANDS))


class Appointment(models.Model):
    """Who comes for what, when. `day` is the clinic's own day of it; `starts` and `ends` are moments."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=20)
    session = models.BooleanField()
    """Whether a pull belongs to it."""
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    day = models.DateField()
    state = models.CharField(max_length=10, choices=[(one, one) for one in booking.STATES], default=booking.BOOKED)
    made = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    """Grows with every change, for calendars that already know it."""
    arrived = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=10, blank=True)
    notice_h = models.FloatField(null=True, blank=True)
    reminded = models.DateTimeField(null=True, blank=True)
    reminded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    held = False
    """Whether something stops the patient, so that it cannot take place as it stands (`agenda/held.py` marks it)."""

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Appointment"]()

    class Meta:
        verbose_name = "appointment"
        ordering = ["starts", "id"]
        indexes = [models.Index(fields=["patient", "starts"]), models.Index(fields=["day"])]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "day"], condition=models.Q(session=True) & STANDS, name="one_session_a_day"
            ),
            models.CheckConstraint(name="appointment_forward", condition=models.Q(ends__gt=models.F("starts"))),
            models.CheckConstraint(
                name="cancelled_says_why",
                condition=models.Q(state=booking.CANCELLED) & ~models.Q(cancelled_why="")
                | ~models.Q(state=booking.CANCELLED) & models.Q(cancelled_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.starts:%Y-%m-%d %H:%M} UTC"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("appointments are kept; cancel one")

    def get_absolute_url(self) -> str:
        return reverse("agenda:appointment", args=[self.pk])

    @property
    def about(self) -> Kind:
        """Its kind, with all that belongs to it."""
        return booking.kind(self.kind)

    @property
    def stands(self) -> bool:
        return self.state in booking.STANDS

    @property
    def taken(self) -> list[ResourceRow]:
        """What it takes, or took when it stood last."""
        holds = list(self.holds.all())
        newest = max((hold.sequence for hold in holds), default=0)
        return [hold.resource for hold in holds if hold.sequence == newest]

    @property
    def booked(self) -> Booked:
        """As the diary knows it."""
        resources = tuple(one.resource for one in self.taken)
        return Booked(
            key=str(self.pk), patient=str(self.patient_id), kind=self.about, start=self.starts, resources=resources
        )

    @property
    def late_min(self) -> int:
        """Whole minutes the patient came late; 0 for in time or not come."""
        return booking.late_by(self.starts, self.arrived) if self.arrived else 0

    @property
    def lasted(self) -> timedelta:
        return self.ends - self.starts

    def wall(self, zone: ZoneInfo) -> datetime:
        """Its beginning on the clinic's clock."""
        return self.starts.astimezone(zone)


class Hold(models.Model):
    """One resource taken from one moment to another. The database lets no two that stand overlap (migration 0002)."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="holds")
    resource = models.ForeignKey(ResourceRow, on_delete=models.PROTECT, related_name="holds")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    stands = models.BooleanField(default=True)
    sequence = models.PositiveIntegerField(default=0)
    """The appointment's when this was written: the newest are where it is now."""

    clinic_path = "appointment__patient__clinic"
    patient_path = "appointment__patient"
    objects = ClinicalManager["Hold"]()

    class Meta:
        verbose_name = "hold"
        ordering = ["id"]
        indexes = [models.Index(fields=["resource", "starts"], condition=models.Q(stands=True), name="held")]
        constraints = [models.CheckConstraint(name="hold_forward", condition=models.Q(ends__gt=models.F("starts")))]

    def __str__(self) -> str:
        return f"{self.resource} for {self.appointment}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("holds are kept")
