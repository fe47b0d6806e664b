"""Who did what, when: written in the same transaction as the act, chained so that a missing row shows."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import connection, models

from opentraction.clinic.models.clinical import ClinicalManager, Frozen

_CHAIN_LOCK = 60601


class AuditRow(models.Model):
    """One act. `sha256` covers the row and the hash before it."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)

    clinic_path = ""
    objects = ClinicalManager["AuditRow"]()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.subject}"

    def save(self, *args: Any, **options: Any) -> None:
        """Append only: link to the row before, then never again."""
        if self.pk is not None:
            raise Frozen("audit rows never change")
        _queue_writers()
        last = AuditRow.objects.order_by("-id").first()
        self.prev = last.sha256 if last else ""
        self.sha256 = self.digest()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("audit rows are kept")

    def digest(self) -> str:
        """SHA-256 of what this row says and of the row before it."""
        said = [self.prev, self.at.isoformat(), self.by_id, self.act, self.subject, self.detail]
        return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _queue_writers() -> None:
    """One writer of the chain at a time: SQLite does so by itself, PostgreSQL when asked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


def broken_link() -> AuditRow | None:
    """The first row whose hash or link does not hold; None when the chain is whole."""
    prev = ""
    for row in AuditRow.objects.order_by("id").iterator():
        if row.prev != prev or row.sha256 != row.digest():
            return row
        prev = row.sha256
    return None
