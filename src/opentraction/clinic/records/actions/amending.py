"""Asking for a correction of the record, and deciding on it. The row it is about stays as it was written."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import Patient
from opentraction.clinic.records.models import ASKED_BY, Amendment, AmendmentDecision
from opentraction.quantities import BadInput, State

LONGEST = 2000


@transaction.atomic
def ask_amendment(
    patient: Patient, what: str, why: str, *, by: User, now: datetime, about: str = "", asked_by: str = "patient",
    act: str = roles.OUTCOMES,
) -> Amendment:  # fmt: skip
    """Write a request down. `about` is a row as `app.model:key`, or nothing for the record as a whole. Raises BadInput.

    With `roles.PORTAL` the patient asks, of the own record.
    """
    roles.require(by, act, of=patient)
    if asked_by not in ASKED_BY:
        raise BadInput("asked by", asked_by, ", ".join(ASKED_BY))
    row = row_named(about, patient)
    kind, key = (row._meta.label_lower, str(row.pk)) if row is not None else ("", "")
    words = f"{row._meta.verbose_name} {row}"[:120] if row is not None else "the record"
    one = Amendment(patient=patient, kind=kind, object_id=key, about=words, asked_by=asked_by, at=now, by=by)
    one.what, one.why = _text("what should stand there", what), _text("why", why)
    one.save()
    record("ask for amendment", one, by=by, **one.said())
    return one


@transaction.atomic
def decide(one: Amendment, accepted: bool, reason: str, *, by: User, now: datetime) -> AmendmentDecision:
    """Accept or refuse, once, with a reason that the patient can be told. Raises BadInput."""
    roles.require(by, roles.SIGN, of=one)
    if one.decided is not None:
        raise BadInput("decision", State("made already"), "a request that is open; ask anew where something is new")
    made = AmendmentDecision(amendment=one, accepted=accepted, reason=_text("reason", reason), at=now, by=by)
    made.save()
    record("accept amendment" if accepted else "refuse amendment", made, by=by, amendment=one.pk)
    return made


def amendments_of(row: models.Model) -> models.QuerySet[Amendment]:
    """Every request about this row, the first one first: to be shown beside it."""
    found = Amendment.objects.filter(kind=row._meta.label_lower, object_id=str(row.pk))
    return found.select_related("decision__by", "by").order_by("id")


def row_named(about: str, patient: Patient) -> models.Model | None:
    """The patient's own row of that name. Raises BadInput for one that is not there, or somebody else's."""
    if not about:
        return None
    label, _, key = about.partition(":")
    try:
        row = models.QuerySet(apps.get_model(label)).filter(pk=key).first()
    except (LookupError, ValueError, ValidationError, OverflowError):
        row = None
    if row is None or roles.patient_of(row) != patient.pk:
        raise BadInput("about", about[:80], "a row of this record, or nothing for the record as a whole")
    return row


def _text(where: str, text: str) -> str:
    plain = text.replace("\0", "").strip()
    if not plain or len(plain) > LONGEST:
        raise BadInput(where, State("nothing" if not plain else "too long"), f"1 to {LONGEST} characters")
    return plain
