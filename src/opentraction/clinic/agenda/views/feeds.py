"""Calendar files: one appointment for the patient, and a private feed for each of the staff."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.booking import Entry, calendar
from opentraction.clinic import roles
from opentraction.clinic.agenda.actions.feeds import close_feed, feed_of, open_feed
from opentraction.clinic.agenda.entries import for_patient, of_feed
from opentraction.clinic.agenda.models import Appointment, Feed
from opentraction.clinic.agenda.views.shared import frame, place_of
from opentraction.clinic.reading import reading


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One appointment for the patient's own calendar."""
    place = place_of(request)
    rows = Appointment.objects.seen_by(place.user, roles.BOOK).select_related("patient__clinic")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "appointment, as a file")
    return _file([for_patient(row)], "appointment")


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own feed: open it, see its address once, close it."""
    place = place_of(request)
    token = ""
    if request.method == "POST":
        if request.POST.get("close"):
            close_feed(by=place.user, now=place.now)
            return redirect("agenda:feed")
        token = open_feed(by=place.user, now=place.now)
    address = request.build_absolute_uri(reverse("agenda:feed-file", args=[token])) if token else ""
    is_open = Feed.objects.filter(user=place.user, clinic=place.clinic, closed=None).exists()
    return render(request, "agenda/feed.html", frame(place) | {"address": address, "is_open": is_open})


@login_not_required
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The file behind a feed's address; it names nobody."""
    found = feed_of(token)
    if found is None:
        raise Http404
    return _file(list(of_feed(found, timezone.now())), "agenda", found.clinic.name)


def _file(entries: list[Entry], name: str, title: str = "") -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return HttpResponse(calendar(entries, title), content_type="text/calendar; charset=utf-8", headers=headers)
