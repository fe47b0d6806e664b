"""One patient's home programme: today, what is held back, the log, what stopped; and its acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care.home import exercises, home_sheet
from opentraction.clinic import roles
from opentraction.clinic.home.actions.asking import keep_facts
from opentraction.clinic.home.actions.clearing import let_on
from opentraction.clinic.home.actions.ordering import DEVICES, end, order
from opentraction.clinic.home.asked import FactsForm, wanted_facts
from opentraction.clinic.home.doing import asked_days, days_done, done_so_far
from opentraction.clinic.home.facts import facts_now, intake_tells, newest_asked
from opentraction.clinic.home.page import given_today, held_back, logged
from opentraction.clinic.home.picture import doing_picture
from opentraction.clinic.home.standing import Standing, newest_order, standing
from opentraction.clinic.home.texts import texts_of
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Today's programme and everything about it."""
    patient = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, patient, "home programme")
    return _page(request, patient)


@require_http_methods(["GET", "POST"])
def ordering(request: HttpRequest, pk: int) -> HttpResponse:
    """Order, or change what is ordered."""
    user = roles.require(request.user, roles.TREAT)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.TREAT), pk=pk)
    here = standing(patient, timezone.now())
    began = here.order.began if here.order else here.today
    written: dict[str, Any] = {"began": began.isoformat(), "devices": list(here.order.ordered) if here.order else []}
    refusal: BadInput | None = None
    if request.method == "POST":
        written = {"began": request.POST.get("began", "")[:20], "devices": request.POST.getlist("devices")[:20]}
        try:
            order(patient, written["devices"], _day(written["began"]), by=user, now=timezone.now())
            return redirect("home_programme:programme", pk=patient.pk)
        except BadInput as refused:
            refusal = refused
    reading(request, patient, "home programme order")
    devices = [exercises()[name] for name in DEVICES]
    page = {"room": "patients", "patient": patient, "wing": "home", "written": written, "devices": devices,
            "here": here, "refusal": refusal, "today": here.today}  # fmt: skip
    return render(request, "home_programme/order.html", page, status=400 if refusal else 200)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End the programme."""
    user = roles.require(request.user, roles.TREAT)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.TREAT), pk=pk)
    try:
        end(patient, request.POST.get("because", ""), by=user, now=timezone.now())
    except BadInput as refusal:
        return _page(request, patient, {"end": refusal})
    return redirect("home_programme:programme", pk=patient.pk)


@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the gates want to know and the intake did not ask."""
    user = roles.require(request.user, roles.SCREEN)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.SCREEN), pk=pk)
    now = timezone.now()
    here, asked, fixed = standing(patient, now), newest_asked(patient), intake_tells(patient, now)
    would = here.programme or here.made([], here.week)
    wanted = wanted_facts(would, facts_now(patient, now))
    form = FactsForm.of(asked.facts if asked else {}, fixed, wanted)
    if request.method == "POST":
        form = FactsForm.read(request.POST, fixed, wanted)
        if not form.refusals:
            keep_facts(patient, form.values, by=user, now=now)
            return redirect("home_programme:programme", pk=patient.pk)
    reading(request, patient, "facts for home")
    page = {"room": "patients", "patient": patient, "wing": "home", "form": form, "asked": asked}
    return render(request, "home_programme/questions.html", page, status=400 if form.refusals else 200)


@require_POST
def letting_on(request: HttpRequest, pk: int) -> HttpResponse:
    """A clinician lets on."""
    user = roles.require(request.user, roles.OVERRIDE)
    patient = get_object_or_404(Patient.objects.seen_by(user, roles.OVERRIDE), pk=pk)
    exercise, reason = request.POST.get("exercise", "")[:40], request.POST.get("reason", "")[:1000]
    try:
        let_on(patient, exercise, reason, by=user, now=timezone.now())
    except BadInput as refusal:
        return _page(request, patient, {"let_on": refusal, "exercise": exercise, "reason": reason})
    return redirect("home_programme:programme", pk=patient.pk)


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme of today on paper, in one of two languages."""
    patient = get_object_or_404(Patient.objects.seen_by(request.user), pk=pk)
    reading(request, patient, "home sheet")
    here = standing(patient, timezone.now())
    if here.programme is None:
        said = {"heading": "There is no sheet", "sentence": "Nothing is ordered for home. Order a programme first."}
        return render(request, "clinic/refusal.html", said, status=400)
    language = "es" if request.GET.get("language") == "es" else "en"
    made = home_sheet(
        here.programme, reference=patient.pseudonym, clinic=patient.clinic.letterhead(), texts=texts_of(language),
        language=language,
    )  # fmt: skip
    named = f'inline; filename="home-programme-week-{here.week}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": named})


def _page(request: HttpRequest, patient: Patient, refused: dict[str, Any] | None = None) -> HttpResponse:
    here = standing(patient, timezone.now())
    page = {"room": "patients", "patient": patient, "wing": "home", "here": here, "refused": refused or {},
            "order": newest_order(patient), "given": given_today(here), "held": held_back(here),
            "log": logged(here), "why": _once(here), **_done(here)}  # fmt: skip
    return render(request, "home_programme/programme.html", page, status=400 if refused else 200)


def _done(here: Standing) -> dict[str, Any]:
    if here.order is None:
        return {}
    done = done_so_far(here)
    svg = doing_picture(asked_days(here), here.log, here.today)
    return {"done": done, "picture": svg, "days": days_done(here.log, here.today)}


def _once(here: Standing) -> list[tuple[Any, Any, str]]:
    """What stopped, each rule once, the newest entry of it."""
    told: dict[str, tuple[Any, Any, str]] = {}
    for entry, rule in here.why():
        told.setdefault(rule.id, (entry, rule, exercises()[entry.exercise].name))
    return list(told.values())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("began", text, "a day such as 2026-05-23") from None
