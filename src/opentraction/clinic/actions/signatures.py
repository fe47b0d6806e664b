"""Signing a document: the one way to a signature, in the transaction of the act that it belongs to."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.models import Signature
from opentraction.clinic.models.signature import MEANINGS
from opentraction.quantities.canonical import sha256 as sha256_of


@transaction.atomic
def sign_document(
    row: models.Model, canonical: str, meaning: str, *, by: User, confirmed: Confirmed, act: str = roles.SIGN
) -> Signature:
    """Sign the canonical text of a stored row, as `by` who has just given the password.

    `act` is what the signer must be allowed to do (a patient signs with `roles.PORTAL`, their own rows only). Raises
    PermissionDenied, also for a confirmation of somebody else or from more than two minutes ago.
    """
    roles.require(by, act, of=row)
    now = timezone.now()
    if meaning not in MEANINGS:
        raise ValueError(f"{meaning} is no meaning of a signature")
    if row.pk is None:
        raise ValueError("what is signed is stored first")
    if not confirmed.holds(by, now):
        raise PermissionDenied("Give your password again, then sign.")
    one = Signature(
        user=by,
        name=(by.get_full_name() or by.get_username())[:150],
        at=now,
        meaning=meaning,
        kind=row._meta.label_lower,
        object_id=str(row.pk),
        subject=f"{row._meta.verbose_name} {row}"[:120],
        sha256=sha256_of(canonical),
        confirmed=confirmed.how,
        clinic_id=roles.clinic_of(row),
        patient_id=roles.patient_of(row),
    )
    one.save()
    record("sign", row, by=by, meaning=meaning, document_sha256=one.sha256, confirmed=confirmed.how)
    return one


def signatures_of(row: models.Model) -> models.QuerySet[Signature]:
    """Every signature under a row, the first one first."""
    return Signature.objects.filter(kind=row._meta.label_lower, object_id=str(row.pk)).select_related("user")
