"""Staff's road through an intake: where it stands, its pages, and the verdict at the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.intake import asking, telling
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.intake.screens import Screen, asked_now, by_id, open_questions, screen_of
from opentraction.clinic.intake.standing import newest_screening
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput
from opentraction.screening import REGIONS


@require_GET
def intake(request: HttpRequest, pk: int) -> HttpResponse:
    """How the patient stands with screening, region by region, and what to do next."""
    patient = get_object_or_404(Patient.objects.seen_by(request.user, roles.LOOK), pk=pk)
    reading(request, patient, "intake")
    return _home(request, patient)


def _home(request: HttpRequest, patient: Patient, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    regions = [_region(patient, region, now) for region in _ordered(patient.region)]
    page = {"room": "patients", "wing": "intake", "patient": patient, "regions": regions, "refusal": refusal}
    page["may_screen"] = roles.may(request.user, roles.SCREEN) and roles.clinic_of(patient) == _clinic(request)
    page["history"] = Screening.objects.filter(patient=patient).select_related("by", "override__by")
    return render(request, "intake/intake.html", page, status=status)


def _ordered(first: str) -> list[str]:
    return sorted(REGIONS, key=lambda region: region != first)


def _clinic(request: HttpRequest) -> int | None:
    place = roles.place_of(request.user)
    return place.clinic.pk if place else None


def _region(patient: Patient, region: str, now: Any) -> dict[str, Any]:
    row, draft = newest_screening(patient, region, now), intakes.open_intake(patient, region)
    today = day_at(patient.clinic, now)
    return {
        "name": region,
        "own": region == patient.region,
        "row": row,
        "over": row is not None and row.valid_until < today,
        "draft": draft,
        "draft_url": _resume(draft) if draft else "",
        "left": _left(draft) if draft else "",
        "link": draft.links.filter(closed=None).first() if draft else None,
        "last": None if draft else intakes.last_answers(patient, region, now),
        "stale": bool(draft and intakes.too_old(draft, now)),
    }


def _left(draft: Intake) -> str:
    """How many pages still have something open, for staff to see at a glance."""
    answers = draft.known
    open_pages = {screen.id for screen, question in open_questions(answers, draft.region)}
    every = asked_now(answers, draft.region)
    return _("{n} of {m} pages answered").format(n=len(every) - len(open_pages), m=len(every))


def _resume(draft: Intake) -> str:
    """Where it was left; once the patient has finished, the first page with something open."""
    screen = by_id(draft.position, draft.region)
    if draft.patient_done or screen is None:
        waiting = open_questions(draft.known, draft.region)
        screen = waiting[0][0] if waiting else screen
    first = screen or asked_now(draft.known, draft.region)[0]
    return reverse("intake:page", args=[draft.pk, first.id])


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an intake, or go on with the one that is open; `question` leads straight to the page that asks it."""
    user = roles.require(request.user, roles.SCREEN)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.SCREEN), pk=pk)
    post, now = request.POST, timezone.now()
    because = post.get("because", "") if post.get("changed") else ""
    if post.get("changed") and not because.strip():
        return _home(request, patient, _("Say in a few words what has changed."), 400)
    region = post.get("region", patient.region)
    try:
        one = intakes.begin(patient, region, by=user, now=now, because=because, go_on=post.get("go_on") == "yes")
    except BadInput as refusal:
        return _home(request, patient, str(refusal), 400)
    asks = screen_of(post.get("question", ""), one.region)
    return redirect(reverse("intake:page", args=[one.pk, asks.id]) if asks else _resume(one))


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One page of questions; what is posted is kept before anything else happens."""
    user = roles.require(request.user, roles.SCREEN)
    one = _open(user, pk)
    if one.completed is not None:
        return _closed(request, one)
    screen = by_id(name, one.region)
    if screen is None:
        return redirect(_resume(one))
    ask = asking.Asking(one, screen, timezone.now(), by=user)
    if request.method == "GET":
        reading(request, one, "intake page", screen=name)
        return _page(request, ask)
    return _answered(request, ask)


def _open(user: User, pk: int) -> Intake:
    rows = Intake.objects.seen_by(user, roles.SCREEN).select_related("patient__clinic")
    return get_object_or_404(rows, pk=pk)


def _closed(request: HttpRequest, one: Intake) -> HttpResponse:
    """A page of an intake that is over leads to what came of it."""
    row = one.screenings.first()
    messages.info(request, _("This intake is finished. Nothing in it changes any more."))
    return redirect(row if row else reverse("intake:intake", args=[one.patient_id]))


def _answered(request: HttpRequest, ask: asking.Asking) -> HttpResponse:
    if request.POST.get("do") == "part":
        shown = asking.page(request, ask, asking.preview(request, ask))
        return render(request, "intake/_questions.html", shown)
    try:
        came = asking.answered(request, ask)
    except Frozen:
        return _closed(request, ask.intake)
    if came.alarm is not None:
        messages.error(request, _("These answers say EMERGENCY. Act on it now."), extra_tags="bad")
        return redirect(came.alarm)
    if request.POST.get("do") == "later":
        return redirect("intake:intake", pk=ask.intake.patient_id)
    if came.goto == asking.END:
        return redirect("intake:review", pk=ask.intake.pk)
    if not came.goto:
        return _page(request, ask, came.read, status=400)
    return redirect(_there(ask, came))


def _there(ask: asking.Asking, came: asking.Answered) -> str:
    url = reverse("intake:page", args=[ask.intake.pk, came.goto])
    if came.goto == ask.screen.id:
        return f"{url}?more#questions" if came.read.new else f"{url}#mark"
    return url


def _page(request: HttpRequest, ask: asking.Asking, read: Any = None, status: int = 200) -> HttpResponse:
    patient = ask.intake.patient
    known = telling.suggestions(patient, day_at(patient.clinic, ask.now))
    shown = asking.page(request, ask, read, suggestions=known, patient=patient, wing="intake", room="patients")
    shown["contents"] = _contents(ask.intake, ask.screen)
    return render(request, "intake/page.html", shown, status=status)


def _contents(one: Intake, here: Screen) -> list[dict[str, Any]]:
    """Every page with how it stands, to jump to."""
    answers = one.known
    waiting = {screen.id for screen, question in open_questions(answers, one.region)}
    return [
        {"screen": screen, "open": screen.id in waiting, "here": screen.id == here.id}
        for screen in asked_now(answers, one.region)
    ]


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still open before it is screened; and the screening."""
    user = roles.require(request.user, roles.SCREEN)
    one = _open(user, pk)
    if one.completed is not None:
        return _closed(request, one)
    now, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            return redirect(intakes.screen(one, by=user, now=now))
        except BadInput as problem:
            refusal = str(problem)
    else:
        reading(request, one, "intake")
    waiting = open_questions(one.known, one.region)
    shown = {
        "room": "patients",
        "wing": "intake",
        "patient": one.patient,
        "intake": one,
        "open": [(screen, question, question.words(one.region)) for screen, question in waiting],
        "safety": sum(question.safety for _screen, question in waiting),
        "differences": telling.differences(one, one.patient, day_at(one.patient.clinic, now)),
        "days": (now - (one.since or one.begun)).days,
        "refusal": refusal,
        "resume": _resume(one),
    }
    return render(request, "intake/review.html", shown, status=400 if refusal else 200)


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an intake without a verdict, to begin anew."""
    user = roles.require(request.user, roles.SCREEN)
    one = _open(user, pk)
    intakes.set_aside(one, by=user, now=timezone.now())
    messages.success(request, _("Set aside. Its answers are kept."))
    return redirect("intake:intake", pk=one.patient_id)
