"""A patient takes consent back, or changes one of the further things. At once, and without having to say why."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.consent import current
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.consents.models import PurposeChange, SignedConsent, Signing, Withdrawal
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State


@transaction.atomic
def withdraw(patient: Patient, region: str, reason: str = "", *, by: User, now: datetime) -> list[Withdrawal]:
    """Take back every consent to a treatment of `region`, and close what is on its way. Raises BadInput where none is.

    The next session cannot begin. One that runs hears of it within a second (`consents/in_session.py`): its pull is let
    go as for a pause, none follows, and whoever treats ends it.
    """
    _may(patient, by)
    hold(patient)
    held = list(SignedConsent.objects.filter(patient=patient, region=region, withdrawal=None))
    taken = [_take_back(row, reason, by, now) for row in held]
    on_the_way = _close(patient, region, now)
    if not taken and not on_the_way:
        raise BadInput("consent", State("not there"), "a region for which a consent was signed and not taken back")
    record("withdraw consent", patient, by=by, region=region, consents=len(taken), sha256=[one.sha256 for one in held])
    return taken


@transaction.atomic
def change_purpose(patient: Patient, purpose: str, agreed: bool, *, by: User, now: datetime) -> PurposeChange:
    """A later yes or no to one of the further things. Raises BadInput for one that nobody asks."""
    _may(patient, by)
    known = [one.id for one in current(now.date()).purposes]
    if purpose not in known:
        raise BadInput("purpose", purpose, "one of " + ", ".join(known))
    change = PurposeChange(patient=patient, purpose=purpose, agreed=agreed, at=now, by=by)
    change.save()
    record("change purpose", change, by=by, purpose=purpose, agreed=agreed)
    return change


def _take_back(row: SignedConsent, reason: str, by: User, now: datetime) -> Withdrawal:
    one = Withdrawal(consent=row, at=now, by=by, reason=reason.strip()[:400])
    one.save()
    return one


def _close(patient: Patient, region: str, now: datetime) -> int:
    """Addresses that are open, and signatures that wait for a witness."""
    rows = _open_ones(patient, region)
    for row in rows:
        row.closed, row.because = now, "consent was withdrawn"
        row.save()
    return len(rows)


def _open_ones(patient: Patient, region: str) -> list[Signing]:
    """Held while they are closed, so that no signature given meanwhile is written over."""
    open_now = Signing.objects.filter(patient=patient, region=region, closed=None)
    held = open_now.select_for_update(of=("self",)).order_by("pk")
    return [one for one in held if not hasattr(one, "consent")]


def _may(patient: Patient, by: User) -> None:
    """Those who treat, and in the portal the patient."""
    place = roles.place_of(by)
    own = place is not None and place.patient == patient.pk
    roles.require(by, roles.PORTAL if own else roles.TREAT, of=patient)
