"""What the portal asks of the wing of records: everything that is kept of a patient, and requests to correct it."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import IO, Any

from django.contrib.auth.models import User

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.portal.installed import has


def can_export() -> bool:
    """Whether this installation can give out a whole record by itself."""
    return has("records")


def whole_record(patient: Patient, by: User, page: str) -> IO[bytes]:
    """The record as a ZIP, from its beginning; who takes it is written down. Ask `can_export` first."""
    from opentraction.clinic.records.actions.exporting import hand_out

    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever answers with it closes it
    hand_out(patient, file, by=by, act=roles.PORTAL, page=page)
    file.seek(0)
    return file


def requests_of(user: User) -> list[Any]:
    """What the patient asked to be corrected, with what was decided, the newest first."""
    if not has("records"):
        return []
    from opentraction.clinic.records.models import Amendment

    rows = Amendment.objects.seen_by(user, roles.PORTAL)
    return list(rows.select_related("decision").order_by("-id"))


def ask_correction(patient: Patient, what: str, why: str, by: User, now: datetime) -> None:
    """Write the request down, for a clinician to decide. Raises BadInput. Ask `can_export` first."""
    from opentraction.clinic.records.actions.amending import ask_amendment

    ask_amendment(patient, what, why, by=by, now=now, act=roles.PORTAL)
