"""Clinical rows change one at a time, through `save`, so that no rule about them can be walked around.

A clinical model says how its rows find their clinic, and inherits from there who may see them:

    class Invoice(models.Model):
        patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
        clinic_path = "patient__clinic"      # the steps from a row to its clinic
        objects = ClinicalManager["Invoice"]()

A model of no clinic, such as a public directory, says `clinic_path = ""`: whoever may do the act sees all its rows.
`patient_path`, the steps to the patient, follows from it ("patient" here: all but the last step); a model of no patient
(`clinic_path = "clinic"`) has none. `Invoice.objects.seen_by(user, roles.BILL)` then gives the rows of the clinic where
the user acts, none where the act is not theirs, and with `roles.PORTAL` the patient's own. A view that takes its object
from there answers 404 for every row of another clinic, and `roles.require(user, act, of=row)` refuses to act on one.
What lists or exports many takes its rows from `listed_to`.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from opentraction.clinic import roles

Row = TypeVar("Row", bound=models.Model)
Anyone = AbstractBaseUser | AnonymousUser


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

    def seen_by(self, user: Anyone, act: str = roles.LOOK) -> ClinicalQuerySet[Row]:
        """The rows on which this user may do `act`: of the clinic where they act; in the portal, their own.

        Looking also reaches what the user opened in an emergency; acting does not.
        """
        place = roles.place_of(user)
        if place is None or act not in place.acts:
            return self.none()
        model: Any = self.model
        gone = getattr(model, "gone", None)
        if gone is not None:
            return self.exclude(gone)._of(place, act)
        return self._of(place, act)

    def listed_to(self, user: Anyone, act: str = roles.LOOK) -> ClinicalQuerySet[Row]:
        """Those of the clinic where they act, for what names many: an emergency opens one record, and no list."""
        place, model = roles.place_of(user), self.model
        if place is None or not getattr(model, "clinic_path", ""):
            return self.seen_by(user, act)
        return self.seen_by(user, act).filter(**{model.clinic_path: place.clinic.pk})  # type: ignore[attr-defined]

    def _of(self, place: roles.Place, act: str) -> ClinicalQuerySet[Row]:
        model: Any = self.model
        patient = roles.patient_path(model)
        if act == roles.PORTAL:
            return self.filter(**{patient: place.patient}) if patient and place.patient else self.none()
        if not model.clinic_path:
            return self.all()
        ours = models.Q(**{model.clinic_path: place.clinic.pk})
        if act == roles.LOOK and patient and place.opened:
            ours |= models.Q(**{f"{patient}__in": place.opened})
        return self.filter(ours)


class ClinicalManager(models.Manager[Row]):
    """Hands out clinical query sets only."""

    def get_queryset(self) -> ClinicalQuerySet[Row]:
        return ClinicalQuerySet(self.model, using=self._db)

    def seen_by(self, user: Anyone, act: str = roles.LOOK) -> ClinicalQuerySet[Row]:
        """As on the query set."""
        return self.get_queryset().seen_by(user, act)

    def listed_to(self, user: Anyone, act: str = roles.LOOK) -> ClinicalQuerySet[Row]:
        """As on the query set."""
        return self.get_queryset().listed_to(user, act)
