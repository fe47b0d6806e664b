"""Sessions that have been at the table and are not in the database yet: their recording exists, their outcome does not.

Until it is taken in nobody knows whether a session counts as a treatment, so none of its patient is bound meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.quantities import BadInput
from opentraction.session.reader import read_log

DOCUMENTS = "documents.jsonl"


def recordings(data: Path) -> Iterator[tuple[Path, str]]:
    """Every folder with an event log below the data folder, and the session it is of."""
    for path in sorted(data.glob(f"*/{DOCUMENTS}")) + sorted(data.glob(f"*/*/{DOCUMENTS}")):
        uid = _uid(path)
        if uid:
            yield path.parent, uid


def has_been_there(session: TreatmentSession) -> bool:
    """Whether the table has begun a recording of it. A session is bound once."""
    return any(uid == str(session.pk) for _, uid in recordings(Path(settings.DATA)))


def refuse_while_one_is_open(patient: Patient, but: set[str]) -> None:
    """Refuse while a session of this patient is on its way into the database. Raises BadInput.

    `but` are sessions that do not count: the one asked for, and one that the table only sets up.
    """
    waiting = {str(pk) for pk in patient.sessions.filter(ending="").values_list("pk", flat=True)} - but
    for folder, uid in recordings(Path(settings.DATA)) if waiting else ():
        if uid in waiting and _is_readable(folder):
            allowed = "a patient whose last session is taken in; wait a few seconds, then ask again"
            raise BadInput("session", "the last one is still being taken in", allowed)


def _uid(path: Path) -> str:
    """The session a log says it is of; nothing when its first line is not whole."""
    try:
        with path.open(encoding="utf-8") as file:
            return str(UUID(json.loads(file.readline(1 << 22))["uid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _is_readable(folder: Path) -> bool:
    """A log that was altered is never taken in; it must not keep its patient waiting for good."""
    try:
        read_log(folder)
    except BadInput:
        return False
    return True
