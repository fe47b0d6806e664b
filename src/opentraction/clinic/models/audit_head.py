"""How long the record of acts is and with which hash it ends: rows cut off its end are missed here, and in a file."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from opentraction.clinic import head_file
from opentraction.clinic.models.clinical import Frozen


class AuditHead(models.Model):
    """One row. A trigger lets it move on by one row at a time, and never back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    length = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    filed = models.BooleanField(default=False)
    """Whether the file beside the database has been written; from then on it must be there."""

    class Meta:
        constraints = [models.CheckConstraint(name="one_head", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.length} rows"

    def move_on(self, sha256: str) -> None:
        """One row more. The file follows once the row is committed."""
        self.length, self.sha256 = self.length + 1, sha256
        self.save(update_fields=["length", "sha256"])
        transaction.on_commit(self._file)

    def _file(self) -> None:
        if head_file.write(head_file.Head(self.length, self.sha256)) and not self.filed:
            AuditHead.objects.filter(filed=False).update(filed=True)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("the head of the record of acts is kept")
