"""The one way to write an audit row."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction

from opentraction.clinic import roles
from opentraction.clinic.asked_once import forget
from opentraction.clinic.models import AuditRow, Clinic
from opentraction.clinic.models.audit import READ, READ_LIST


def record(
    act: str,
    subject: models.Model,
    *,
    by: User | None,
    clinic: Clinic | None = None,
    page: str | None = None,
    **detail: Any,
) -> AuditRow:
    """Write who did what to which row. Refuses to run outside the act's own transaction.

    `by=None` is the system itself, as when a finished recording is taken in. Patient and clinic are those of the row
    acted on; where it has no clinic (a user), that where `by` acts. `page` is the address that was opened. Of a program
    the name of its key is written along.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of its act")
    key = getattr(getattr(by, "place", None), "key", "")  # a program's place is always looked up before it acts
    if key:
        detail = {"key": key, **detail}
    about = f"{subject._meta.verbose_name} {subject}"[:80]
    row = AuditRow(by=by, act=act, subject=about, detail=detail, page=page)
    row.patient_id = roles.patient_of(subject)
    row.clinic_id = clinic.pk if clinic else roles.clinic_of(subject) or _where(by)
    row.save()
    if act not in {READ, READ_LIST}:
        forget()
    return row


def _where(by: User | None) -> int | None:
    place = roles.place_of(by) if by else None
    return place.clinic.pk if place else None
