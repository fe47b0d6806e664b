"""Whose portal it is: the one patient whose account is signed in."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opentraction.clinic import roles
from opentraction.clinic.models import Patient


def own_patient(request: HttpRequest) -> tuple[User, Patient]:
    """The user and the patient they are; 403 for anybody else."""
    user = roles.require(request.user, roles.PORTAL)
    rows = Patient.objects.seen_by(user, roles.PORTAL).select_related("clinic")
    return user, get_object_or_404(rows)
