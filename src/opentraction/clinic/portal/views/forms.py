"""My forms: what is due, filled in on the phone, saved page by page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.outcomes import Form, Instrument, in_language, only_in_english
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import hand_in, keep_draft, open_draft
from opentraction.clinic.outcomes.forms.answers import AnswerForm
from opentraction.clinic.outcomes.models import COUNTS, OutcomeForm
from opentraction.clinic.portal.due import forms_due
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import language_of, speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
@speaking
def forms(request: HttpRequest) -> HttpResponse:
    """What is due, and what was handed in."""
    user, patient = own_patient(request)
    reading(request, patient, "outcomes")
    try:
        due = forms_due(patient, timezone.now())
    except BadInput:
        due = []
    rows = OutcomeForm.objects.seen_by(user, "portal").filter(**COUNTS).order_by("-taken", "-id")[:20]
    language = language_of(request)
    page = {
        "at": "forms",
        "patient": patient,
        "due": [(one, in_language(about, language)) for one, about in due],
        "handed": [(in_language(row.about, language).name, row.taken) for row in rows],
    }
    return render(request, "portal/forms.html", page)


@require_http_methods(["GET", "POST"])
@speaking
def form(request: HttpRequest, name: str) -> HttpResponse:
    """One form that is due; one that is not is not here."""
    user, patient = own_patient(request)
    about = in_language(_due(patient, name), language_of(request))
    draft = open_draft(patient, name)
    written = AnswerForm(about, dict(draft.answers), dict(draft.own)) if draft else AnswerForm(about)
    written.known = _known(patient, about)
    if request.method == "GET":
        reading(request, patient, f"form {name}")
        return _page(request, patient, written, _number(request.GET.get("page", ""), written))
    page = _number(request.POST.get("page", ""), written)
    written.take(request.POST.dict(), page)
    if page < written.pages or request.POST.get("do") == "later":
        keep_draft(patient, name, written.answers, written.own, by=user)
        later = request.POST.get("do") == "later"
        return redirect("portal:forms" if later else f"{reverse('portal:form', args=[name])}?page={page + 1}")
    answers = written.values()
    try:
        if not written.refusals:
            told = Form(
                name, day_at(patient.clinic, timezone.now()), answers, written.words(), "patient", user.username
            )
            hand_in(patient, told, by=user)
            messages.success(request, _("Thank you. Your clinic has it."))
            return redirect("portal:forms")
    except BadInput as refusal:
        written.refuse(refusal)
    return _page(request, patient, written, page)


def _due(patient: Patient, name: str) -> Instrument:
    try:
        due = {one.instrument: about for one, about in forms_due(patient, timezone.now())}
    except BadInput:
        due = {}
    if name not in due:
        raise Http404
    return due[name]


def _known(patient: Patient, about: Instrument) -> dict[str, str]:
    """Activities the patient named before keep their words, so that a change can be told."""
    found: dict[str, str] = {}
    if about.own:
        for row in OutcomeForm.objects.filter(patient=patient, instrument=about.id, **COUNTS):
            found |= row.form.own
    return found


def _page(request: HttpRequest, patient: Patient, written: AnswerForm, page: int) -> HttpResponse:
    shown: dict[str, Any] = {
        "at": "forms", "patient": patient, "about": written.about, "form": written, "page": page,
        "questions": written.questions(page), "pages": written.pages, "last": page == written.pages,
        "english": only_in_english(written.about, language_of(request)),
    }  # fmt: skip
    return render(request, "portal/form.html", shown, status=400 if written.refusals else 200)


def _number(text: str, form: AnswerForm) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= form.pages else 1
