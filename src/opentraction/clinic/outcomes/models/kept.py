"""Rows that are written once. What was wrong stays; a new row replaces it and says why."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models

from opentraction.clinic.models.clinical import Frozen
from opentraction.quantities import BadInput, State


class KeptRow(models.Model):
    """Written once; migration 0002 refuses a change in the database too."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Once."""
        if self.pk is not None:
            raise Frozen(f"the {self._meta.verbose_name} stays as it was written; write another one")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen(f"the {self._meta.verbose_name} is kept")


class CorrectableRow(KeptRow):
    """`replaces` is the row this one corrects, `because` why. `withdrawn`: nothing stands in its place.

    The rows that count are those that nothing replaces and that withdraw nothing: `filter(**COUNTS)`.
    """

    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    because = models.CharField(max_length=300, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_correction_says_why",
                condition=models.Q(replaces=None, because="", withdrawn=False)
                | models.Q(replaces__isnull=False) & ~models.Q(because=""),
            )
        ]


COUNTS: dict[str, Any] = {"replaced_by": None, "withdrawn": False}


def read_back(canonical: str, sha256: str, what: str) -> dict[str, Any]:
    """The document that a row keeps. Raises BadInput where somebody altered it."""
    if hashlib.sha256(canonical.encode()).hexdigest() != sha256:
        raise BadInput(what, State("altered"), "a document as it was written")
    document: dict[str, Any] = json.loads(canonical)
    return document
