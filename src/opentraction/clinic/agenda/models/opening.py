"""When a clinic is open, and days on which it is not."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.care.booking import Closure, Hours, Span
from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class Opening(models.Model):
    """The hours of one clinic, by weekday, on its own clock."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, related_name="opening")
    document = models.JSONField(default=dict)
    changed = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    clinic_path = "clinic"
    objects = ClinicalManager["Opening"]()

    class Meta:
        verbose_name = "hours"

    def __str__(self) -> str:
        return str(self.clinic)

    @property
    def hours(self) -> Hours:
        """The hours as a value. Raises BadInput where the document was altered by hand."""
        return Hours.from_document(self.document)


class ClosureRow(models.Model):
    """Days, or some hours of each, on which the clinic is closed. Lifted, never deleted."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="closures")
    first = models.DateField()
    last = models.DateField()
    opens = models.PositiveSmallIntegerField(null=True, blank=True)
    closes = models.PositiveSmallIntegerField(null=True, blank=True)
    """Minutes of the day between which it is closed; null is the whole day."""
    why = models.CharField(max_length=80, blank=True)
    lifted = models.DateTimeField(null=True, blank=True)

    clinic_path = "clinic"
    objects = ClinicalManager["ClosureRow"]()

    class Meta:
        verbose_name = "closure"
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(name="closure_forward", condition=models.Q(last__gte=models.F("first"))),
            models.CheckConstraint(
                name="closure_hours_whole",
                condition=models.Q(opens=None, closes=None)
                | models.Q(opens__isnull=False, closes__isnull=False, closes__gt=models.F("opens")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    def delete(self, *args: object, **options: object) -> tuple[int, dict[str, int]]:
        raise Frozen("closures are kept; lift one")

    @property
    def closure(self) -> Closure:
        """As the diary knows it."""
        span = None if self.opens is None or self.closes is None else Span(self.opens, self.closes)
        return Closure(self.first, self.last, self.why, span)
