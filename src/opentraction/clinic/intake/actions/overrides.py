"""A clinician takes a verdict upon themselves."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction import screening
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.signatures import sign_document
from opentraction.clinic.intake.models import Screening, VerdictOverride
from opentraction.clinic.intake.standing import newest_screening
from opentraction.quantities import BadInput, State

SHORTEST = 20
"""A sentence, not a word."""


@transaction.atomic
def override(row: Screening, reason: str, *, by: User, confirmed: Confirmed, now: datetime) -> VerdictOverride:
    """`row` as CAUTION on the word and the signature of `by`. Raises BadInput; nobody overrides an EMERGENCY."""
    roles.require(by, roles.OVERRIDE, of=row)
    stored = Screening.objects.select_for_update(of=("self",)).select_related("patient").get(pk=row.pk)
    check(stored, reason, now)
    made = screening.override(stored.verdict, by.get_full_name() or by.username, _sentence(reason), now)
    one = VerdictOverride(
        screening=stored, reason=made.reason, by=by, at=now, canonical=made.canonical(), sha256=made.sha256
    )
    one.save()
    sign_document(one, one.canonical, "overrode", by=by, confirmed=confirmed, act=roles.OVERRIDE)
    record("override verdict", stored, by=by, reason=made.reason, sha256=made.sha256, action=stored.action)
    return one


def check(row: Screening, reason: str, now: datetime) -> None:
    """Whether `row` can be overridden for this reason; asked before the password is. Raises BadInput."""
    screening.override(row.verdict, "nobody", "checked before anybody signs", now)
    if VerdictOverride.objects.filter(screening=row).exists():
        raise BadInput("override", State("there already"), "a verdict that nobody has overridden")
    if newest_screening(row.patient, row.region, now) != row:
        raise BadInput("override", State("of an old verdict"), "the newest verdict of this region")
    _sentence(reason)


def _sentence(reason: str) -> str:
    said = " ".join(reason.split())
    if len(said) < SHORTEST or " " not in said:
        raise BadInput("reason", said, f"a sentence of at least {SHORTEST} characters that says why")
    return said
