"""Staff give a patient access to the portal, and take it away."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.models import Patient
from opentraction.clinic.portal.actions.access import account_of, close_access, invite, links_of, open_invitation
from opentraction.clinic.reading import reading


@require_GET
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the patient can sign in."""
    user = roles.require(request.user, roles.REGISTER)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.REGISTER), pk=pk)
    reading(request, patient, "portal access")
    page = {"room": "patients", "patient": patient, "wing": "portal", "account": account_of(patient),
            "invitation": open_invitation(patient, timezone.now()), "links": links_of(patient),
            "may_invite": roles.may(user, roles.LOOK)}  # fmt: skip
    return render(request, "portal/access.html", page)


@require_POST
def inviting(request: HttpRequest, pk: int) -> HttpResponse:
    """A new invitation, shown this once: the database holds its hash only."""
    user = roles.require(request.user, roles.LOOK)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.REGISTER), pk=pk)
    invitation, token = invite(patient, by=user, now=timezone.now())
    address = request.build_absolute_uri(reverse("portal:join", args=[token]))
    code = segno.make(address, error="m", micro=False)
    square = code.svg_inline(scale=6, border=2, dark="#000", light="#fff", svgclass="code", lineclass=None)
    page = {"room": "patients", "patient": patient, "wing": "portal", "invitation": invitation, "address": address,
            "again": account_of(patient) is not None, "code": square}  # fmt: skip
    return render(request, "portal/invitation.html", page)


@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """No sign-in any more."""
    user = roles.require(request.user, roles.REGISTER)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.REGISTER), pk=pk)
    close_access(patient, by=user, now=timezone.now())
    messages.success(request, _("Closed. The patient cannot sign in any more."))
    return redirect("portal:access", pk=patient.pk)
