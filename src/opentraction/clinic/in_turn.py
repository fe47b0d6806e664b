"""Whoever does what must not be done twice at once holds a row first: the others wait, and then see what was done.

PostgreSQL lets two writers read the same last number; SQLite has one writer at a time anyway. Hold the row before
anything of the act is read, and before its row in the record of acts is written.
"""

from __future__ import annotations

from django.db import models

from opentraction.clinic.models.clinic import Clinic


def hold(row: models.Model) -> None:
    """Until this transaction ends. Rows that only point at it may still be written."""
    type(row)._default_manager.select_for_update(no_key=True).values_list("pk").get(pk=row.pk)


def hold_installation() -> None:
    """For what is counted through every clinic: the one row that all of them have is that of the first clinic."""
    list(Clinic.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")[:1])
