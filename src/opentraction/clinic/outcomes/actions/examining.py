"""An examination is written and compared with the last; it stops the treatment where it must. A clinician lifts it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from opentraction.care.outcomes import Examination, findings, must_stop
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import check_day, check_why, open_draft
from opentraction.clinic.outcomes.models import COUNTS, ExaminationRow, StopLifted
from opentraction.quantities import BadInput

EXAMINATION = "examination"
"""What its draft is called."""
LONGEST_LIFT = 1000


def newest(patient: Patient) -> ExaminationRow | None:
    """The last examination that counts."""
    return ExaminationRow.objects.filter(patient=patient, **COUNTS).order_by("-taken", "-id").first()


@transaction.atomic
def examine(
    patient: Patient,
    examination: Examination,
    *,
    by: User,
    replaces: ExaminationRow | None = None,
    because: str = "",
) -> ExaminationRow:
    """Keep an examination and what it shows that the last one did not. Raises BadInput."""
    roles.require(by, roles.OUTCOMES, of=patient)
    check_day(examination.taken, patient, "taken")
    if not _anything(examination):
        raise BadInput("examination", "empty", "at least one thing that was examined")
    before = _before(patient, examination, replaces)
    found = findings(before.examination if before else None, examination)
    if replaces is not None and replaces.stops and not must_stop(found):
        roles.require(by, roles.OVERRIDE, of=patient)  # a correction that takes a stop away is a clinician's
    row = ExaminationRow(
        patient=patient, taken=examination.taken, canonical=examination.canonical(), sha256=examination.sha256,
        against=before, findings=[one.document() for one in found], stops=must_stop(found), by=by, at=timezone.now(),
        **_correcting(replaces, because),
    )  # fmt: skip
    row.save()
    draft = open_draft(patient, EXAMINATION)
    if draft is not None:
        draft.ended = timezone.now()
        draft.save()
    act = "correct examination" if replaces else "examine"
    record(act, row, by=by, taken=row.taken.isoformat(), stops=row.stops, sha256=row.sha256, **_why(row))
    return row


@transaction.atomic
def lift_stop(row: ExaminationRow, why: str, *, by: User) -> StopLifted:
    """A clinician says in writing that treatment may go on after all, and on whose word. Raises BadInput."""
    roles.require(by, roles.OVERRIDE, of=row)
    words = " ".join(why.split())
    if not row.stops or hasattr(row, "lifted") or hasattr(row, "replaced_by"):
        raise BadInput("examination", "has no stop to lift", "an examination that stops the treatment now")
    if not 20 <= len(words) <= LONGEST_LIFT:
        allowed = f"who examined the patient and what they said, in 20 to {LONGEST_LIFT} letters"
        raise BadInput("why", words or "empty", allowed)
    lifted = StopLifted(examination=row, why=words, by=by, at=timezone.now())
    lifted.save()
    record("lift stop", lifted, by=by, why=words)
    return lifted


def _anything(one: Examination) -> bool:
    maps = (one.felt, one.raises, one.motion, one.strength, one.reflexes, one.light_touch, one.pin)
    return any(maps) or one.walking_m is not None or bool(one.note.strip())


def _before(patient: Patient, one: Examination, replaces: ExaminationRow | None) -> ExaminationRow | None:
    """What to compare with: the newest, or what the newest was compared with where that one is corrected.

    Examinations are written in order: one put between two others would leave the later one compared with the wrong one.
    """
    last = newest(patient)
    if replaces is not None:
        if last is None or replaces.pk != last.pk:
            raise BadInput("examination", "not the newest", "the newest examination; write a new one instead")
        last = _counting(replaces.against)
    if last is not None and one.taken < last.taken:
        raise BadInput("taken", one.taken.isoformat(), f"{last.taken.isoformat()} or later, the day of the one before")
    return last


def _counting(row: ExaminationRow | None) -> ExaminationRow | None:
    """The row that stands in its place now, were it corrected since."""
    while row is not None and hasattr(row, "replaced_by"):
        row = row.replaced_by
    return row


def _correcting(replaces: ExaminationRow | None, because: str) -> dict[str, Any]:
    if replaces is None:
        return {}
    if hasattr(replaces, "replaced_by"):
        raise BadInput("examination", "corrected already", "the examination that counts; correct that one")
    return {"replaces": replaces, "because": check_why(because)}


def _why(row: ExaminationRow) -> dict[str, Any]:
    return {"because": row.because, "instead_of": row.replaces_id} if row.replaces_id else {}
