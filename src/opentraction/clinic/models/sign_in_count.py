"""How often a name, an address or a known browser was tried with a wrong password lately."""

from __future__ import annotations

from django.db import models


class SignInCount(models.Model):
    """One count; `key` is a keyed hash, so that a password typed in the wrong field is not kept."""

    key = models.CharField(max_length=64, unique=True)
    tries = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField()

    class Meta:
        verbose_name = "sign-in"

    def __str__(self) -> str:
        return self.key[:12]
