"""Who did and who read what, when: written in the same transaction as the act, chained so that a missing row shows."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from opentraction.clinic.models.audit_head import AuditHead
from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.clinical import ClinicalManager, Frozen
from opentraction.clinic.models.patient import Patient

READ, READ_LIST = "read", "read list"
_CHAIN_LOCK = 60601
_FORM = 2
"""What a digest covers. Rows from before there were clinics have none, and their digest covers less."""


class AuditRow(models.Model):
    """One act. `sha256` covers the row and the hash before it."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    form = models.PositiveSmallIntegerField(null=True, default=None)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.CharField(max_length=200, null=True)
    """The address that was opened, where a page was."""
    prev = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)

    clinic_path = "clinic"
    patient_path = "patient"
    objects = ClinicalManager["AuditRow"]()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["patient", "id"], condition=~models.Q(act__in=[READ, READ_LIST]), name="acts_on_a_patient"
            ),
            models.Index(
                fields=["clinic", "id"], condition=~models.Q(act__in=[READ, READ_LIST]), name="acts_in_a_clinic"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.subject}"

    def save(self, *args: Any, **options: Any) -> None:
        """Append only: link to the row before and move the head on, then never again."""
        if self.pk is not None:
            raise Frozen("audit rows never change")
        with transaction.atomic(savepoint=False):
            head = _head()
            self.at = timezone.now()  # not before its turn: a later row is never the earlier act
            self.form, self.prev = _FORM, head.sha256
            self.sha256 = digest(self.said())
            super().save(*args, **options)
            head.move_on(self.sha256)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("audit rows are kept")

    def said(self) -> dict[str, Any]:
        """Everything the row says, as its digest and an export have it."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = ("id", "form", "at", "by_id", "act", "subject", "detail", "clinic_id", "patient_id", "page", "prev", "sha256")


def digest(said: dict[str, Any]) -> str:
    """SHA-256 of what a row says and of the row before it."""
    words = [said["prev"], said["at"].isoformat(), said["by_id"], said["act"], said["subject"], said["detail"]]
    if said["form"] is not None:
        words += [said["form"], said["clinic_id"], said["patient_id"], said["page"]]
    return hashlib.sha256(json.dumps(words, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _head() -> AuditHead:
    """The head of the chain, begun with the first row. Without one, nothing is written behind what may be missing.

    Its row is the queue of all writers: whoever reads it holds it until the act is committed.
    """
    head = AuditHead.objects.select_for_update().first()
    if head is not None:
        return head
    _queue_the_first()
    head = AuditHead.objects.select_for_update().first()
    if head is None and AuditRow.objects.exists():
        raise RuntimeError("the record of acts has lost its head; opentraction audit check says more")
    return head or AuditHead.objects.create()


def _queue_the_first() -> None:
    """Two who write the first row at once have no head to wait at. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
