"""A browser at which somebody is signed in: which clinic they chose there, and when a hand last moved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from opentraction.clinic.models.clinic import Clinic


class Seat(models.Model):
    """Beside Django's session, in a row of its own: two requests at once never overwrite a lock with an older state."""

    key = models.CharField(max_length=64, unique=True)
    """SHA-256 of the session key, which itself is a secret."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True, related_name="+")
    last_input = models.DateTimeField(default=timezone.now, db_index=True)
    locked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    """When the password was last given here."""

    def __str__(self) -> str:
        return self.key[:12]
