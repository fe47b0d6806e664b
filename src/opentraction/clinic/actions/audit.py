"""The one way to write an audit row."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from opentraction.clinic.models import AuditRow, Clinic


def record(
    act: str, subject: models.Model, *, by: User | None, clinic: Clinic | None = None, **detail: Any
) -> AuditRow:
    """Write who did what to which row. Refuses to run outside the act's own transaction.

    `by=None` is the system itself, as when a finished recording is taken in.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of its act")
    about = f"{subject._meta.verbose_name} {subject}"[:80]
    row = AuditRow(at=timezone.now(), by=by, act=act, subject=about, detail=detail)
    row.save()
    return row
