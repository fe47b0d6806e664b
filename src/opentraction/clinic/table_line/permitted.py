"""Whether this browser may act now, and whether the patient may still be pulled."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opentraction.clinic import roles
from opentraction.clinic.actions.second_factor import has, required_here
from opentraction.clinic.clearance import clearance_for
from opentraction.clinic.idle import UNTOUCHED_ACTS, WHY, is_locked
from opentraction.clinic.models import TreatmentSession

BRING_FORCE: Final = frozenset({"arm", "start", "resume"})
"""Before these the clinic's clearance is asked anew; what eases or ends a pull never waits for it."""
SECOND_FACTOR: Final = _(
    "Your clinic asks for a second factor. Set it up first: it is under your name. Stop still works."
)


class Barred(Exception):
    """This browser sends nothing now. `more` is what its page has to know beside the sentence."""

    def __init__(self, why: str, status: int, **more: Any) -> None:
        super().__init__(why)
        self.status = status
        self.more = more


def operator_for(user: Any, do: str) -> User:
    """Who acts, if they may treat here, in person, and their console is open. Raises PermissionDenied, Barred.

    A page that only watches goes on with its lease: a treatment that runs is left alone.
    """
    operator = roles.require(user, roles.TREAT)
    place = roles.place_of(operator)
    if do in UNTOUCHED_ACTS:
        return operator
    if place is not None and required_here(place) and not has(operator):
        raise Barred(str(SECOND_FACTOR), 403)
    if is_locked(getattr(operator, "seat", None), place):
        raise Barred(str(WHY), 409, locked=True)
    return operator


def still_cleared(session: TreatmentSession) -> None:
    """The clinic's clearance by now: what was recorded since the binding counts. Raises NotCleared."""
    clearance_for(session.patient, session.plan, timezone.now())
