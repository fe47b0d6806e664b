"""How long records are kept, whose time has passed, legal holds and removals: for administrators, by pseudonym."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opentraction.care.retention import schedule
from opentraction.clinic import roles
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading_list
from opentraction.clinic.records.actions.holding import turn_hold
from opentraction.clinic.records.actions.removing import ask_removal, open_request, remove
from opentraction.clinic.records.models import Removal
from opentraction.clinic.records.retention import kept
from opentraction.quantities import BadInput, State


@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """The schedule, what is due, what is held; and turning a hold."""
    user = roles.require(request.user, roles.MANAGE)
    refusal = ""
    if request.method == "POST":
        try:
            _act(request, user)
            return redirect("records:retention")
        except BadInput as refused:
            refusal = str(refused)
    patients = Patient.objects.seen_by(user, roles.MANAGE)
    reading_list(request, "retention", patients)
    now = timezone.now()
    found, today = kept(patients), now.date()
    page = {
        "room": "people",
        "rules": schedule().values(),
        "due": [(one, open_request(one.patient, now)) for one in found if one.due(today)],
        "removed": Removal.objects.seen_by(user, roles.MANAGE).select_related("request__patient", "request__by", "by"),
        "me": user.pk,
        "held": [one for one in found if one.hold],
        "next": next((one for one in found if not one.due(today) and not one.hold), None),
        "refusal": refusal,
        "written": request.POST,
    }
    return render(request, "records/retention.html", page, status=400 if refusal else 200)


def _act(request: HttpRequest, user: User) -> None:
    """Turn a hold, ask for a removal, or confirm the one that another asked for. Raises BadInput."""
    patient, do, now = _patient(request), request.POST.get("do"), timezone.now()
    if do == "ask":
        ask_removal(patient, request.POST.get("no_copy", ""), by=user, now=now)
    elif do == "remove":
        asked = open_request(patient, now)
        if asked is None:
            raise BadInput("removal", State("not asked for"), "a request of the last 30 days by another person")
        remove(asked, by=user, confirmed=confirmed(request), now=now)
    else:
        turn_hold(patient, do != "lift", request.POST.get("reason", ""), by=user, now=now)


def _patient(request: HttpRequest) -> Patient:
    """The patient of this clinic whose pseudonym was typed. Raises BadInput."""
    word = request.POST.get("patient", "").replace("\0", "").strip()
    number = word.upper().removeprefix("P-")
    known = number.isascii() and number.isdecimal() and len(number) < 10
    own = Patient.objects.seen_by(request.user, roles.MANAGE)
    one = own.filter(number=int(number)).first() if known else None
    if one is None:
        raise BadInput("patient", word[:40], "the pseudonym of a patient of this clinic, such as P-017")
    return one
