"""What anyone may open: the search, one specialist, and the review of a visit. No page here holds a patient's data."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.specialists import checks, replies, summary, taxonomies
from opentraction.clinic import roles
from opentraction.clinic.directory.actions.profiles import KEEP
from opentraction.clinic.directory.actions.reviews import read_invitation, take_back, write_review, written_by
from opentraction.clinic.directory.asked import RADII, query_of
from opentraction.clinic.directory.filling import import_command
from opentraction.clinic.directory.models import Offer, Profile, Review, Specialist
from opentraction.clinic.directory.saying import refused
from opentraction.clinic.directory.search import search
from opentraction.clinic.directory.templatetags.directory_words import LANGUAGES, language
from opentraction.quantities import BadInput

INSURERS = 200
CONSOLE, PUBLIC = "clinic/base.html", "directory/public_base.html"
"""The frames: within the console for staff; with the way back to their own pages for patients and everybody else."""
SEARCHED = ("near", "name", "specialty", "language", "insurance", "fee", "refund")


def frame(request: HttpRequest) -> str:
    """The template around a public page, for whoever reads it."""
    return CONSOLE if roles.may(request.user, roles.WORK) else PUBLIC


@login_not_required
@require_GET
def specialists(request: HttpRequest) -> HttpResponse:
    """The search and what it found; an empty directory says how to fill it."""
    page: dict[str, Any] = _choices(request) | {"asked": request.GET, "empty": not Specialist.objects.exists()}
    if page["empty"] or not any(request.GET.get(name) for name in SEARCHED):
        page |= {"command": import_command(request.user), "nothing_asked": "near" in request.GET}
        return render(request, "directory/specialists.html", page)
    try:
        query = query_of(request.GET)
        page |= {"query": query, "results": search(query, timezone.now().date())}
    except BadInput as refusal:
        return render(request, "directory/specialists.html", page | {"refusal": refused(refusal)}, status=400)
    page |= {"earlier": _turned(request, query.page - 1), "later": _turned(request, query.page + 1)}
    return render(request, "directory/specialists.html", page)


def _choices(request: HttpRequest) -> dict[str, Any]:
    insurers = Offer.objects.filter(kind=Offer.INSURANCE).order_by("value").values_list("value", flat=True).distinct()
    return {
        "room": "specialists",
        "frame": frame(request),
        "groups": taxonomies().groups.values(),
        "radii": RADII,
        "languages": sorted(((code, language(code)) for code in LANGUAGES), key=lambda one: one[1]),
        "insurers": list(insurers[:INSURERS]),
        "may_keep": roles.may(request.user, KEEP),
    }


def _turned(request: HttpRequest, number: int) -> str:
    """The address of another page of the same search."""
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"


@login_not_required
@require_GET
def specialist(request: HttpRequest, pk: int) -> HttpResponse:
    """One specialist: what was checked, what is known, what patients say. Bad reviews stand beside good ones."""
    one = get_object_or_404(Specialist.objects.prefetch_related("professions", "offers"), pk=pk)
    return render(request, "directory/specialist.html", about(request, one))


def about(request: HttpRequest, one: Specialist) -> dict[str, Any]:
    """Everything public of one specialist."""
    reviews = list(Review.objects.filter(specialist=one))
    return {
        "room": "specialists",
        "frame": frame(request),
        "specialist": one,
        "profile": Profile.objects.filter(specialist=one).first(),
        "made": list(one.checks.select_related("by")),
        "checks": checks().values(),
        "reviews": reviews,
        "ratings": summary([review.rating for review in reviews], None, timezone.now().date()),
        "replies": replies(),
        "reasons": [reason for reason, _ in Review.HIDDEN],
        "may_keep": roles.may(request.user, KEEP),
    }


@login_not_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, word: str) -> HttpResponse:
    """The form behind the address that a patient was given after a visit; once written, where it is taken back."""
    page: dict[str, Any] = {"frame": frame(request), "sent": request.POST, "scale": ("1", "2", "3", "4", "5")}
    page["room"] = "specialists"
    if (mine := written_by(word)) is not None:
        return _written(request, word, mine, page)
    try:
        said = read_invitation(word)
    except BadInput as refusal:
        return render(request, "directory/review.html", page | {"closed": refused(refusal)}, status=404)
    page |= {"specialist": get_object_or_404(Specialist, pk=said["specialist"]), "month": said["month"][:7]}
    if request.method == "GET":
        return render(request, "directory/review.html", page)
    stars, words = request.POST.get("stars", ""), request.POST.get("words", "")
    try:
        written = write_review(word, stars, words, today=timezone.now().date())
    except BadInput as refusal:
        return render(request, "directory/review.html", page | {"refusal": refused(refusal)}, status=400)
    return render(request, "directory/review.html", page | {"written": written})


def _written(request: HttpRequest, word: str, mine: Review, page: dict[str, Any]) -> HttpResponse:
    """One's own review: it stays as it is, but for its words, which one may take back."""
    if request.method == "POST" and request.POST.get("act") == "take-back":
        mine = take_back(word)
    return render(request, "directory/review.html", page | {"specialist": mine.specialist, "written": mine})
