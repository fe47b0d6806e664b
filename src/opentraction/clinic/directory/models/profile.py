"""What somebody here has found out or was told about a specialist. An import never touches it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from opentraction.care.specialists import wilson_lower
from opentraction.clinic.directory.models.specialist import Specialist


class Profile(models.Model):
    """Evidence of competence, and what it costs. What is unknown is null, never zero."""

    specialist = models.OneToOneField(Specialist, on_delete=models.CASCADE, related_name="profile")
    works_here = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="listing"
    )
    device_training = models.CharField(max_length=120, blank=True)
    device_training_on = models.DateField(null=True, blank=True)
    board = models.CharField(max_length=120, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions_a_year = models.PositiveIntegerField(null=True, blank=True)
    outcomes_n = models.PositiveIntegerField(null=True, blank=True)
    outcomes_better = models.PositiveIntegerField(null=True, blank=True)
    adverse_n = models.PositiveIntegerField(null=True, blank=True)
    fee = models.CharField(max_length=80, blank=True)
    refund = models.BooleanField(null=True)
    changed = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcomes_better__isnull=True)
                | models.Q(outcomes_better__lte=models.F("outcomes_n")),
                name="no_more_better_than_treated",
            )
        ]

    def __str__(self) -> str:
        return str(self.specialist)

    @property
    def better_at_least(self) -> float | None:
        """Lower end of the 95 % interval of the share with a worthwhile change; None without both counts."""
        if self.outcomes_n is None or self.outcomes_better is None:
            return None
        return wilson_lower(self.outcomes_better, self.outcomes_n)


class Offer(models.Model):
    """A thing one can search by: a language spoken, an insurer taken, a fee published, a refund for stopping early."""

    LANGUAGE, INSURANCE, FEE, REFUND = "language", "insurance", "fee", "refund"
    KINDS = [(kind, kind) for kind in (LANGUAGE, INSURANCE, FEE, REFUND)]

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=10, choices=KINDS)
    value = models.CharField(max_length=60, blank=True)
    from_file = models.BooleanField(default=False)
    """Came with an import, and the next one replaces it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["specialist", "kind", "value"], name="one_offer_a_thing")]
        indexes = [models.Index(fields=["kind", "value", "specialist"], name="offer_by_value")]
        ordering = ["kind", "value"]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}".strip()
