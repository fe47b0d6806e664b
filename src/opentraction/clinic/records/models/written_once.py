"""A row that is written once: the database refuses a change too (migration 0002)."""

from __future__ import annotations

from typing import Any

from django.db import models

from opentraction.clinic.models.clinical import Frozen


class WrittenOnce(models.Model):
    """Base of what is asked, decided and held."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Once."""
        if self.pk is not None:
            raise Frozen(f"a {self._meta.verbose_name} stays as it was written")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen(f"a {self._meta.verbose_name} is kept")
