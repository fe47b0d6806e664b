"""Checks of the table, as the record of acts has them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record


@transaction.atomic
def note_check_asked(do: str, detail: dict[str, Any], *, by: User) -> None:
    """Before the table is asked: whatever becomes of the answer, the asking is in the record."""
    roles.require(by, roles.TREAT)
    record(f"ask for check of table: {do}", by, by=by, **detail)


@transaction.atomic
def note_check(do: str, detail: dict[str, Any], ok: bool, *, by: User) -> None:
    """What the table answered."""
    roles.require(by, roles.TREAT)
    record(f"check of table: {do}", by, by=by, ok=ok, **detail)
