"""Handing out a patient's whole record: to who may, with an audit row in the same transaction."""

from __future__ import annotations

from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient
from opentraction.clinic.records.package import Packed, export_zip


@transaction.atomic
def hand_out(patient: Patient, file: IO[bytes], *, by: User, act: str = roles.EXPORT, page: str = "") -> list[Packed]:
    """Write the ZIP for `by`: a clinician (`roles.EXPORT`), or the patient (`roles.PORTAL`, their own)."""
    roles.require(by, act, of=patient)
    packed = export_zip(patient, file)
    _note(patient, packed, by, page=page or None)
    return packed


@transaction.atomic
def hand_out_at_the_machine(patient: Patient, file: IO[bytes], *, author: str) -> list[Packed]:
    """The same for who runs the machine."""
    packed = export_zip(patient, file)
    _note(patient, packed, None, author=author)
    return packed


def _note(patient: Patient, packed: list[Packed], by: User | None, page: str | None = None, **more: Any) -> None:
    """What left: the hash of the record, and how many files with it."""
    record("export", patient, by=by, page=page, sha256=packed[0].sha256, files=len(packed), **more)
