"""A consent taken back while its session is under way: who sees it, what the table hears, what is written down."""

from __future__ import annotations

import json
from typing import Final

from opentraction.clinic import roles
from opentraction.clinic.actions.treatments import note_request
from opentraction.clinic.consents.models import SignedConsent, Withdrawal
from opentraction.clinic.models import TreatmentSession

PATIENT: Final = "the patient"
TOLD: Final = "consent withdrawn"
LOOKS: Final = frozenset({"lease", "arm", "start", "resume"})
"""What a page says each second while it watches, and what would bring force: before these the console looks."""


def taken_back(session: TreatmentSession) -> Withdrawal | None:
    """What took the consent back since the session was opened; None where one stands, or none was taken back."""
    region = json.loads(session.plan.canonical)["region"]
    mine = SignedConsent.objects.filter(patient=session.patient_id, region=region)
    rows = Withdrawal.objects.filter(consent__in=mine, at__gte=session.created)
    newest = rows.select_related("by", "consent").order_by("-at", "-id").first()
    return None if newest is None or mine.filter(withdrawal=None).exists() else newest


def told_by(withdrawal: Withdrawal) -> str:
    """Who, as a recording may know it: no patient's own name."""
    place = roles.place_of(withdrawal.by)
    own = place is not None and place.roles == {roles.PATIENT}
    return PATIENT if own else withdrawal.by.get_username()


def note_told(session: TreatmentSession, withdrawal: Withdrawal, ok: bool) -> None:
    """That the table was told, and what it answered; a page that watches had it told, so it has no author."""
    note_request(session, TOLD, {"ok": ok, "withdrawal": withdrawal.pk}, by=None)
