"""The clinic's tablet goes to the patient: whoever held it is signed out there, so the console is out of reach."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest

from opentraction.clinic.actions.signing_in import note_sign_out
from opentraction.clinic.consents.marks import mark
from opentraction.clinic.consents.models import Signing
from opentraction.clinic.context import bound_now
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.seats import leave


def watches_a_treatment(user: User) -> bool:
    """Whether this user's session is on the table: signing out here could end the watch over it."""
    bound = bound_now()
    return bool(bound) and TreatmentSession.objects.seen_by(user).filter(pk=bound, operator=user).exists()


def hand_over(request: HttpRequest, signing: Signing) -> None:
    """Sign out at this browser and leave it at the patient's page; only a sign-in leads back."""
    key, user = request.session.session_key, request.user
    assert isinstance(user, User)
    last_seen.forget(key)
    leave(key)
    note_sign_out(user)
    logout(request)
    mark(request, signing)
