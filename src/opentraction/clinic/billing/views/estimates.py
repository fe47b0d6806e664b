"""Estimates: reckon, keep, print, give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care.money import CourseEstimate, good_faith_pdf, published
from opentraction.clinic.billing.actions.estimates import give_estimate, good_faith_of, keep_estimate
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.forms import estimate as course_form
from opentraction.clinic.billing.forms.fields import Field, Form, one_of
from opentraction.clinic.billing.models import EstimateRow
from opentraction.clinic.billing.models.estimate import HOW
from opentraction.clinic.billing.views.account import give_by
from opentraction.clinic.billing.views.common import Desk, pdf, refused
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

ANEW = "Make the estimate anew: the clinic's numbers were missing when it was made."
NO_PRICES = "There is no price list yet. Write one under Money, Prices."


@require_http_methods(["GET", "POST"])
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; with `do=keep` the estimate is kept, else its figures are shown under the form."""
    desk = Desk(request)
    patient, row = desk.patient(pk), desk.prices()
    if row is None:
        return refused(request, "No estimate can be made", NO_PRICES)
    ground = course_form.Ground(desk.books, row, desk.today)
    page: dict[str, Any] = {"patient": patient, "ground": ground}
    if request.method == "GET":
        reading(request, patient, "estimate form")
        return desk.page("estimate_form", page | {"form": _first(desk, ground, patient)})
    form = course_form.blank(ground, request.POST)
    course, booked = course_form.read(form, ground)
    if course is None:
        return desk.page("estimate_form", page | {"form": form}, 400)
    if request.POST.get("do") != "keep":
        return desk.page("estimate_form", page | {"form": form, **figures(course)})
    kept = keep_estimate(patient, course, booked, by=desk.user, now=desk.now)
    return redirect(kept)


def _first(desk: Desk, ground: course_form.Ground, patient: Any) -> Form:
    """Blank, or filled with the newest estimate where it is asked to change that."""
    newest = EstimateRow.objects.filter(patient=patient).first() if "again" in desk.request.GET else None
    return course_form.again(ground, newest.course.order) if newest else course_form.blank(ground)


def figures(course: CourseEstimate) -> dict[str, Any]:
    """What a page shows of an estimate."""
    ours = {"session": course.order.prices.session.price, "course": course.planned.total}
    ranges = [(one, ours[one.of], one.place(ours[one.of])) for one in published("session") + published("course")]
    return {"course": course, "stops": (*course.stops, course.planned, course.highest), "ranges": ranges}


@require_GET
def kept(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """One estimate as it was kept."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    reading(request, one, "estimate")
    return _kept(desk, one, _given_form(desk))


def _kept(desk: Desk, one: EstimateRow, form: Form) -> HttpResponse:
    needs = None if one.good_faith else good_faith_of(one.patient, one.course)
    page = {
        "patient": one.patient,
        "estimate": one,
        "given": getattr(one, "given", None),
        "give_by": give_by(one),
        "form": form,
        "needs": needs if isinstance(needs, BadInput) else None,
        "newest": EstimateRow.objects.filter(patient=one.patient).first() == one,
    }
    return desk.page("estimate", page | figures(one.course), 400 if form.bad else 200)


def _given_form(desk: Desk, posted: Any = None) -> Form:
    fields = [
        Field("on", "Given on", desk.today.isoformat(), kind="date"),
        Field("how", "How", "paper", kind="choice", choices=tuple(HOW)),
    ]
    return Form.of(fields, posted)


@require_POST
def give(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Note the day the patient got it."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    form = _given_form(desk, request.POST)
    on = form.read("on", lambda text: read_day(text, "given on", high=desk.today))
    how = form.read("how", one_of(form["how"].choices))
    if on is None or how is None:
        return _kept(desk, one, form)
    try:
        give_estimate(one, on, how, by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, {"given on": "on", "how": "how"})
        return _kept(desk, one, form)
    messages.success(request, "Noted.")
    return redirect(one)


@require_GET
def good_faith_paper(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The good-faith estimate; diagnoses stand on it only for those who may read the record."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    reading(request, one, "good-faith estimate")
    form = one.form
    if form is None:
        needs = good_faith_of(one.patient, one.course)
        why = (
            needs
            if isinstance(needs, BadInput)
            else "Make the estimate anew: the numbers were missing when it was made."
        )
        return refused(request, "No good-faith estimate of this one", why)
    if not desk.clinical:
        form = replace(form, person=replace(form.person, diagnoses=()))
    return pdf(f"{one.patient.pseudonym}-good-faith-estimate-{one.pk}", good_faith_pdf(form, desk.books.paper))


def _of(desk: Desk, pk: int, row: int) -> EstimateRow:
    found: EstimateRow = desk.one(EstimateRow, pk=row, patient=pk)
    return found
