"""Opening a record of another clinic in an emergency, and its administrators' having seen it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from opentraction.clinic import roles
from opentraction.clinic.actions.emergency import note_seen, open_record
from opentraction.clinic.models import Emergency
from opentraction.quantities import BadInput


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Who, and why; then the record, to read, for an hour."""
    user = roles.require(request.user, roles.EMERGENCY)
    written = {name: request.POST.get(name, "").replace("\0", "")[:500] for name in ("who", "born", "reason")}
    if request.method == "GET":
        return render(request, "clinic/emergency.html", {"written": written})
    try:
        one = open_record(**written, by=user, now=timezone.now())
    except BadInput as refusal:
        page = {"written": written, "refusal": str(refusal)}
        return render(request, "clinic/emergency.html", page, status=400)
    return redirect(one.patient)


@require_POST
def emergency_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator of the patient's clinic has seen it."""
    user = roles.require(request.user, roles.MANAGE)
    note_seen(get_object_or_404(Emergency.objects.seen_by(user, roles.MANAGE), pk=pk), by=user, now=timezone.now())
    return redirect("people")
