"""A record opened in an emergency: by whom, why, for how long, and who was told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.patient import Patient

LASTS = timedelta(minutes=60)


class Emergency(models.Model):
    """One user, one patient of another clinic, one reason; it ends by itself. Only `seen` is written later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergencies")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies")
    of_clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    """Where the user works."""
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    seen_by_administrator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True)

    clinic_path = "patient__clinic"
    objects = ClinicalManager["Emergency"]()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.patient} by {self.user.get_username()}"

    def save(self, *args: Any, **options: Any) -> None:
        """Who, what, why and how long never change; that an administrator has seen it is written once."""
        old = Emergency.objects.filter(pk=self.pk).first() if self.pk else None
        if old is not None:
            said = ("user_id", "patient_id", "of_clinic_id", "reason", "at", "until")
            if old.seen_at is not None or any(getattr(old, name) != getattr(self, name) for name in said):
                raise Frozen("an emergency stays as it was written")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("emergencies are kept")
