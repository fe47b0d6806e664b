"""One import of one file: how far it has come, so that it can go on after a kill."""

from __future__ import annotations

from django.db import models

from opentraction.care.specialists import Report

COUNTS = ("line", "offset", "rows", "listed", "deactivated", "others", "bad")


class ImportRun(models.Model):
    """The checkpoint is written in the transaction of the rows before it: both are there, or neither."""

    fingerprint = models.CharField(max_length=64, db_index=True)
    file = models.CharField(max_length=255)
    size = models.BigIntegerField()
    line = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    listed = models.BigIntegerField(default=0)
    deactivated = models.BigIntegerField(default=0)
    others = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=list)
    author = models.CharField(max_length=150)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started", "-id"]

    def __str__(self) -> str:
        return f"{self.file} {self.rows} rows"

    @property
    def percent(self) -> int:
        """How much of the file is in, in whole per cent."""
        return int(100 * self.offset / self.size) if self.size else 100

    def report(self) -> Report:
        """Where it stands, to go on from."""
        return Report(**{name: getattr(self, name) for name in COUNTS}, reasons=list(self.reasons))

    def keep(self, report: Report) -> None:
        """Write the checkpoint."""
        for name in COUNTS:
            setattr(self, name, getattr(report, name))
        self.reasons = list(report.reasons)
        self.save(update_fields=[*COUNTS, "reasons"])
