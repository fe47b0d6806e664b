"""Whoever opens a record leaves a row: who, what, of which patient, when, on which page, come from where.

A view calls `reading` (one record) or `reading_list` (many) before it answers; no record is shown that could not be
written down. It is one insert. A stop never comes this way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Clinic, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

LONGEST = 200


def reading(request: HttpRequest, subject: models.Model, what: str, **detail: Any) -> None:
    """This user opens `what` of this row, as in `reading(request, patient, "course")`."""
    user = request.user
    assert isinstance(user, User)
    reading_by(user, request, subject, what, **detail)


@transaction.atomic
def reading_by(user: User, request: HttpRequest, subject: models.Model, what: str, **detail: Any) -> None:
    """The same on a thread beside the request, where its user is known already."""
    more = {"what": what, **_from(request), **_in_an_emergency(user, subject), **detail}
    record(READ, subject, by=user, page=request.path[:LONGEST], **more)


@transaction.atomic
def reading_list(request: HttpRequest, what: str, patients: Iterable[Patient], **detail: Any) -> None:
    """This user sees a list of patients, or of rows about them: one row, which names them all by pseudonym.

    The row is of the reader's clinic, so a list names its patients only. Raises PermissionDenied.
    """
    user, clinic, every = request.user, _clinic(request), list(patients)
    assert isinstance(user, User)
    if clinic is not None and any(one.clinic_id != clinic.pk for one in every):
        raise PermissionDenied("A list holds patients of your clinic only.")
    named = sorted({one.pseudonym for one in every})
    more: dict[str, Any] = {"what": what, **_from(request), "patients": named, **detail}
    record(READ_LIST, clinic or user, by=user, page=request.path[:LONGEST], **more)


def _clinic(request: HttpRequest) -> Clinic | None:
    place = roles.place_of(request.user)
    return place.clinic if place else None


def _from(request: HttpRequest) -> dict[str, str]:
    """The page before, without what was asked of it."""
    before = urlsplit(request.headers.get("Referer", ""))
    same = before.netloc == request.get_host() and before.path != request.path
    return {"from": before.path[:LONGEST]} if same else {}


def _in_an_emergency(user: User, subject: models.Model) -> dict[str, str]:
    """Said of a record of another clinic: where its reader works."""
    place = roles.place_of(user)
    if place is None or roles.patient_of(subject) not in place.opened:
        return {}
    return {"emergency": place.clinic.name}
