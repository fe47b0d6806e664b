"""What an appointment takes: a table, a room, somebody of the staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.care.booking import RESOURCES, Resource
from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class ResourceRow(models.Model):
    """Out of service, it takes no bookings; closed (`active` false), it stands on no page any more."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in RESOURCES])
    name = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_columns"
    )
    takes = models.JSONField(default=list, blank=True)
    """Kinds of appointments it serves; empty is all."""
    active = models.BooleanField(default=True)
    out_since = models.DateTimeField(null=True, blank=True)
    out_why = models.CharField(max_length=120, blank=True)

    clinic_path = "clinic"
    objects = ClinicalManager["ResourceRow"]()

    class Meta:
        verbose_name = "resource"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], condition=models.Q(active=True), name="one_name_once"),
            models.CheckConstraint(
                name="out_of_service_says_why",
                condition=models.Q(out_since=None, out_why="")
                | models.Q(out_since__isnull=False) & ~models.Q(out_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: object, **options: object) -> tuple[int, dict[str, int]]:
        raise Frozen("resources are kept; close one")

    @property
    def in_service(self) -> bool:
        return self.active and self.out_since is None

    @property
    def resource(self) -> Resource:
        """As the diary knows it."""
        return Resource(self.pk, self.kind, self.name, frozenset(self.takes), self.in_service)
