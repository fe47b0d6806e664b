"""Clinical rows change one at a time, through `save`, so that no rule about them can be walked around."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from opentraction.clinic import roles

Row = TypeVar("Row", bound=models.Model)


class Frozen(Exception):
    """Somebody tried to change what must stay as it was written."""


class ClinicalQuerySet(models.QuerySet[Row]):
    """Rows without back doors: no update, delete or bulk write past `save`."""

    def update(self, **changes: Any) -> NoReturn:
        raise Frozen("clinical rows change one at a time, through save()")

    def delete(self) -> NoReturn:
        raise Frozen("clinical rows are kept")

    def bulk_create(self, *rows: Any, **options: Any) -> NoReturn:
        raise Frozen("clinical rows are written one at a time, through save()")

    def bulk_update(self, *rows: Any, **options: Any) -> NoReturn:
        raise Frozen("clinical rows change one at a time, through save()")

    def seen_by(self, user: AbstractBaseUser | AnonymousUser) -> ClinicalQuerySet[Row]:
        """The rows this user may open: all of the clinic's for its staff, none for anyone else."""
        return self.all() if roles.is_staff_of_clinic(user) else self.none()


class ClinicalManager(models.Manager[Row]):
    """Hands out clinical query sets only."""

    def get_queryset(self) -> ClinicalQuerySet[Row]:
        return ClinicalQuerySet(self.model, using=self._db)

    def seen_by(self, user: AbstractBaseUser | AnonymousUser) -> ClinicalQuerySet[Row]:
        """As on the query set."""
        return self.get_queryset().seen_by(user)
