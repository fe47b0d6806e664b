"""Which browser may go on at an address: the one that gave the right birth date, or that the staff handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from opentraction.clinic.consents.models import Signing
from opentraction.clinic.consents.models.signing import OWN
from opentraction.clinic.tokens import token_hash

MARK: Final = "consent"
KEPT_S: Final = 2 * 3600


def mark(request: HttpRequest, signing: Signing) -> None:
    """From now on this browser may, for two hours; whoever used it before without a sign-in left nothing."""
    if request.user.is_authenticated:
        request.session.cycle_key()
    else:
        request.session.flush()
        request.session.set_expiry(KEPT_S)
    request.session[MARK] = signing.token_sha256


def marked(request: HttpRequest, signing: Signing) -> bool:
    """Whether it may."""
    return request.session.get(MARK) == signing.token_sha256


def found(token: str) -> Signing | None:
    """The signing behind an address, in whatever state."""
    rows = Signing.objects.filter(token_sha256=token_hash(token)).select_related("patient__clinic", "begun_by")
    return rows.first()


def leads_on(request: HttpRequest, signing: Signing, now: datetime) -> bool:
    """Whether this browser is shown anything: its own page, also after the end; a stranger an open one for a phone."""
    if marked(request, signing):
        return signing.is_open(now) or signing.signed is not None or signing.closed is not None
    return signing.place == OWN and signing.is_open(now)
