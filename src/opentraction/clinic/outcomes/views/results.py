"""The clinic's own results: everybody who started, with intervals and with who is missing; small numbers are hidden."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opentraction.care.outcomes import Instrument, instruments, results_picture, threshold_words
from opentraction.clinic import roles
from opentraction.clinic.models import Clinic
from opentraction.clinic.outcomes.clinic_results import Asked, Told, occasions, told_results
from opentraction.clinic.outcomes.views.patient import read_day
from opentraction.clinic.reading import reading_list
from opentraction.clinic.sheets import csv_file
from opentraction.quantities import BadInput

COLUMNS = ("what", "count", "known", "missing", "percent", "low_95", "high_95", "worst_case", "best_case", "hidden")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Shares with their bounds, the funnel by clinician, and the same in sentences."""
    shown: dict[str, Any] = {
        "room": "results", "instruments": usable(), "occasions": occasions(), "typed": request.GET.dict(),
    }  # fmt: skip
    try:
        asked, told = _told(request)
    except BadInput as refusal:
        return render(request, "outcomes/results.html", shown | {"refusal": str(refusal)}, status=400)
    shown |= {"asked": asked, "told": told, "document": told.results.document(), "query": request.GET.urlencode()}
    shown |= {"about": instruments()[asked.instrument], "from": threshold_words(instruments()[asked.instrument])}
    shown["svg"] = results_picture(told.results) if told.results.started else ""
    return render(request, "outcomes/results.html", shown)


@require_GET
def json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    try:
        asked, told = _told(request)
    except BadInput as refusal:
        return JsonResponse({"why": str(refusal)}, status=400)
    since = {"since": asked.since, "until": asked.until}
    days = {key: day.isoformat() if day else None for key, day in since.items()}
    return JsonResponse(told.results.document() | {"occasion": asked.occasion, "running": told.running, **days})


@require_GET
def csv(request: HttpRequest) -> HttpResponse:
    """The shares as CSV."""
    try:
        asked, told = _told(request)
    except BadInput as refusal:
        return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")
    keys = ("name", "count", "known", "missing", "percent", "low", "high", "worst_case", "best_case", "hidden")
    lines = [[one.get(key) for key in keys] for one in told.results.document()["shares"]]
    return csv_file(f"results-{asked.instrument}-{asked.occasion}.csv", COLUMNS, lines)


def usable() -> list[Instrument]:
    """What a result can be told of: it has a threshold."""
    limits = ((one, one.thresholds) for one in instruments().values())
    return [one for one, t in limits if t.points is not None or t.percent is not None or t.middle is not None]


def _told(request: HttpRequest) -> tuple[Asked, Told]:
    roles.require(request.user, roles.RESULTS)
    words = request.GET
    name, occasion = words.get("instrument") or "rmdq", words.get("occasion") or "end"
    if name not in {one.id for one in usable()}:
        raise BadInput("instrument", name[:40], "one of " + ", ".join(one.id for one in usable()))
    if occasion not in {one.id for one in occasions()}:
        raise BadInput("occasion", occasion[:40], "one of " + ", ".join(one.id for one in occasions()))
    since, until = (read_day(words[key], key) if words.get(key) else None for key in ("since", "until"))
    asked = Asked(name, occasion, since, until)
    reading_list(request, "results", [], instrument=name, occasion=occasion)
    return asked, told_results(_clinic(request), asked, timezone.now())


def _clinic(request: HttpRequest) -> Clinic:
    place = roles.place_of(request.user)
    assert place is not None
    return place.clinic
