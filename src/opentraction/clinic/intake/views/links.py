"""The link for the patient's phone: made, shown once, closed."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opentraction.clinic import roles
from opentraction.clinic.intake.actions.links import close_link, make_link
from opentraction.clinic.intake.models import Intake, IntakeLink


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link with its code to scan. It is shown this once; the database holds its hash only."""
    user = roles.require(request.user, roles.SCREEN)
    rows = Intake.objects.seen_by(user, roles.SCREEN).select_related("patient__clinic")
    one = get_object_or_404(rows, pk=pk, completed=None)
    link, token = make_link(one, by=user, now=timezone.now())
    address = request.build_absolute_uri(reverse("intake:phone", args=[token]))
    code = segno.make(address, error="m", micro=False)
    shown = {
        "room": "patients",
        "wing": "intake",
        "patient": one.patient,
        "intake": one,
        "link": link,
        "address": address,
        "code": code.svg_inline(scale=6, border=2, dark="#000", light="#fff", svgclass="code", lineclass=None),
    }
    return render(request, "intake/link.html", shown)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a link by hand."""
    user = roles.require(request.user, roles.SCREEN)
    link = get_object_or_404(IntakeLink.objects.seen_by(user, roles.SCREEN).select_related("intake"), pk=pk)
    close_link(link, by=user, now=timezone.now())
    messages.success(request, _("The link is closed."))
    return redirect("intake:intake", pk=link.intake.patient_id)
