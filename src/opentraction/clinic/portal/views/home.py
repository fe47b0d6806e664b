"""My exercises: the player's page, its worker, and where it brings what was logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from opentraction.care.home import home_sheet, home_texts, player_config
from opentraction.clinic.alarms import EMERGENCY_NUMBER
from opentraction.clinic.home.actions.logging import take_entry
from opentraction.clinic.home.standing import standing
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

WORKER: Final = Path(__file__).parents[2] / "static" / "home" / "worker.js"


@require_GET
@speaking
def home(request: HttpRequest) -> HttpResponse:
    """Today's exercises, to do here; once loaded it works without a network."""
    _user, patient = own_patient(request)
    reading(request, patient, "home programme")
    here = standing(patient, timezone.now())
    if here.programme is None:
        return render(request, "portal/home_none.html", {"at": "home", "patient": patient})
    config = player_config(
        here.programme,
        store=patient.pseudonym.lower(),
        post_url=reverse("portal:home-log"),
        worker_url=reverse("portal:home-worker"),
        worker_scope=reverse("portal:home"),
        csrf=get_token(request),
        sign_in_url=f"{reverse('sign-in')}?next={reverse('portal:home')}",
        emergency_number=EMERGENCY_NUMBER,
        clinic_phone=patient.clinic.phone,
        texts=home_texts(_language()),
        language=_language(),
    )
    return render(request, "portal/home.html", {"at": "home", "patient": patient, "config": config})


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from a place whose scope is the player's page alone. It holds nothing of anybody."""
    return HttpResponse(WORKER.read_text("utf-8"), content_type="text/javascript")


@require_POST
def log(request: HttpRequest) -> HttpResponse:
    """One entry: 201 when it is stored, 200 when it was there already, 422 for one that can never be taken."""
    user, patient = own_patient(request)
    try:
        document: Any = json.loads(request.body)
        _row, new = take_entry(patient, document, by=user, now=timezone.now())
    except (BadInput, ValueError, RecursionError, RawPostDataException) as refusal:  # the last of a form
        why = str(refusal) if isinstance(refusal, BadInput) else "This is no entry of a log."
        return JsonResponse({"ok": False, "why": why}, status=422)
    return JsonResponse({"ok": True}, status=201 if new else 200)


@require_GET
@speaking
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    _user, patient = own_patient(request)
    reading(request, patient, "home sheet")
    here = standing(patient, timezone.now())
    if here.programme is None:
        return render(request, "portal/home_none.html", {"at": "home", "patient": patient}, status=404)
    made = home_sheet(
        here.programme, reference=patient.pseudonym, clinic=patient.clinic.letterhead(),
        texts=home_texts(_language()), language=_language(),
    )  # fmt: skip
    named = f'inline; filename="home-programme-week-{here.week}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": named})


def _language() -> str:
    return (get_language() or "en")[:2]
