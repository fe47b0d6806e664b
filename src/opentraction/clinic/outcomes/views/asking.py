"""Asking: a questionnaire in short pages, saved as it is answered; a form that was handed in, and its correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.outcomes import Form, Instrument, instruments
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.actions.answering import hand_in, keep_draft, open_draft, throw_away, withdraw_form
from opentraction.clinic.outcomes.courses import courses_of, due_now, forms_of
from opentraction.clinic.outcomes.forms.answers import AnswerForm
from opentraction.clinic.outcomes.models import COUNTS, OutcomeForm
from opentraction.clinic.outcomes.views.patient import patient_seen, read_day
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

WAYS = {"patient": "The patient, alone", "clinician": "The patient, asked by staff", "paper": "Copied from paper"}


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One instrument for one patient, resumed where it was left."""
    user = roles.require(request.user, roles.OUTCOMES)
    one, about = patient_seen(request, pk, roles.OUTCOMES), _instrument(name)
    draft = open_draft(one, name)
    written = AnswerForm(about, dict(draft.answers), dict(draft.own)) if draft else AnswerForm(about)
    written.known = known_activities(one, about)
    if request.method == "POST":
        return _answered(request, one, written, user)
    reading(request, one, f"form {name}")
    return _asking(request, one, written, _page_number(request.GET.get("page", ""), written) or _resume(written))


def _answered(request: HttpRequest, one: Patient, written: AnswerForm, user: User) -> HttpResponse:
    do, page = request.POST.get("do", "keep"), _page_number(request.POST.get("page", ""), written) or 1
    name, run = written.about.id, request.POST.get("run") == "1"
    if do == "throw-away":
        draft = open_draft(one, name)
        if draft is not None:
            throw_away(draft, by=user)
        return redirect("outcomes:outcomes", pk=one.pk)
    if do == "total":
        written.take_total(request.POST.dict())
        return _handed_in(request, one, written, user, page, run)
    written.take(request.POST.dict(), page)
    if do == "hand-in":
        return _handed_in(request, one, written, user, page, run)
    keep_draft(one, name, written.answers, written.own, by=user)
    if do == "keep":
        return HttpResponse(status=204)
    if do in {"next", "back"}:
        where = min(max(page + (1 if do == "next" else -1), 1), written.pages)
        return redirect(f"{reverse('outcomes:ask', args=[one.pk, name])}?page={where}{'&run=1' if run else ''}")
    messages.success(request, _("Saved. Go on with it whenever the patient can."))
    return redirect("outcomes:outcomes", pk=one.pk)


def _handed_in(
    request: HttpRequest, one: Patient, written: AnswerForm, user: User, page: int, run: bool
) -> HttpResponse:
    """Keep it, and go on to what is due next where all of it is asked in a run."""
    answers = written.values()
    try:
        if not written.refusals:
            taken, way = read_day(request.POST.get("taken", ""), "taken"), request.POST.get("way", "")
            row = hand_in(one, Form(written.about.id, taken, answers, written.words(), way, user.username), by=user)
            messages.success(request, f"{row.about.short}: {row.form.score().words}.")
            return redirect(_next(one) if run else reverse("outcomes:outcomes", args=[one.pk]))
    except BadInput as refusal:
        written.refuse(refusal)
    return _asking(request, one, written, page)


def _next(one: Patient) -> str:
    now = timezone.now()
    due = due_now(one, courses_of(one, now), forms_of(one), day_at(one.clinic, now))
    if not due:
        return reverse("outcomes:outcomes", args=[one.pk])
    return reverse("outcomes:ask", args=[one.pk, due[0].instrument]) + "?run=1"


def _asking(request: HttpRequest, one: Patient, written: AnswerForm, page: int) -> HttpResponse:
    shown: dict[str, Any] = {
        "room": "patients", "patient": one, "wing": "outcomes", "about": written.about, "form": written,
        "questions": written.questions(page), "page": page, "pages": written.pages, "last": page == written.pages,
        "ways": WAYS, "way": request.POST.get("way", "clinician"), "run": _in_a_run(request),
        "taken": request.POST.get("taken") or day_at(one.clinic, timezone.now()).isoformat(),
        "begun": open_draft(one, written.about.id), "elsewhere": written.elsewhere(page),
        "where": reverse("outcomes:ask", args=[one.pk, written.about.id]),
    }  # fmt: skip
    return render(request, "outcomes/ask.html", shown, status=400 if written.refusals else 200)


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """A form as it was handed in: its answers, its score, what it replaces and what replaced it."""
    row = _row(request, pk, roles.LOOK)
    reading(request, row.patient, f"form {row.instrument}", form=row.pk)
    page: dict[str, Any] = {"room": "patients", "patient": row.patient, "wing": "outcomes", "row": row}
    try:
        page |= _shown(row)
    except BadInput as refusal:
        page["refusal"] = str(refusal)
    return render(request, "outcomes/form.html", page)


def _shown(row: OutcomeForm) -> dict[str, Any]:
    kept, about = row.form, row.about
    score = kept.score()
    items = [item for item in about.items if not about.own or item.id in kept.own or item.id in kept.answers]
    lines = [
        (kept.own.get(item.id) or item.text or item.id.replace("_", " "), kept.answers.get(item.id)) for item in items
    ]
    return {"score": score, "about": about, "lines": [] if "total" in kept.answers else lines,
            "total": kept.answers.get("total"), "newer": getattr(row, "replaced_by", None)}  # fmt: skip


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form on one page with a reason; or taken out, with a reason."""
    user = roles.require(request.user, roles.OUTCOMES)
    row = _row(request, pk, roles.OUTCOMES)
    kept, about = row.form, row.about
    answers = {key: _written(value) for key, value in kept.answers.items() if value is not None}
    written = AnswerForm(about, answers, dict(kept.own), plain=True)
    if request.method == "GET":
        reading(request, row.patient, f"form {row.instrument}", form=row.pk)
        return _correcting(request, row, written)
    try:
        if request.POST.get("do") == "withdraw":
            withdraw_form(row, request.POST.get("because", ""), by=user)
            return redirect("outcomes:outcomes", pk=row.patient_id)
        written = AnswerForm(about, plain=True)
        written.take_all(request.POST.dict())
        values = written.values()
        if not written.refusals:
            taken = read_day(request.POST.get("taken", ""), "taken")
            given = Form(about.id, taken, values, written.words(), request.POST.get("way", ""), user.username)
            new = hand_in(row.patient, given, by=user, replaces=row, because=request.POST.get("because", ""))
            return redirect("outcomes:form", pk=new.pk)
    except BadInput as refusal:
        written.refuse(refusal)
    return _correcting(request, row, written)


def _correcting(request: HttpRequest, row: OutcomeForm, written: AnswerForm) -> HttpResponse:
    page = {
        "room": "patients", "patient": row.patient, "wing": "outcomes", "row": row, "about": row.about, "form": written,
        "questions": written.every_question(), "ways": WAYS, "way": request.POST.get("way", row.way),
        "taken": request.POST.get("taken", row.taken.isoformat()), "because": request.POST.get("because", ""),
        "elsewhere": written.elsewhere(0), "correcting": True,
    }  # fmt: skip
    return render(request, "outcomes/correct_form.html", page, status=400 if written.refusals else 200)


def known_activities(one: Patient, about: Instrument) -> dict[str, str]:
    """The own activities that the patient named before: they keep their words, so that a change can be told."""
    if not about.own:
        return {}
    rows = OutcomeForm.objects.filter(patient=one, instrument=about.id, **COUNTS)
    found: dict[str, str] = {}
    for row in rows:
        found |= row.form.own
    return found


def _row(request: HttpRequest, pk: int, act: str) -> OutcomeForm:
    rows = OutcomeForm.objects.seen_by(request.user, act).select_related("patient__clinic", "by", "replaces")
    return get_object_or_404(rows, pk=pk)


def _instrument(name: str) -> Instrument:
    if name not in instruments():
        raise Http404
    return instruments()[name]


def _in_a_run(request: HttpRequest) -> bool:
    """Whether everything that is due is asked one after the other."""
    return "1" in {request.GET.get("run"), request.POST.get("run")}


def _page_number(written: str, form: AnswerForm) -> int:
    """The page asked for; 0 where none such is."""
    return int(written) if written.isascii() and written.isdecimal() and 1 <= int(written[:4]) <= form.pages else 0


def _resume(form: AnswerForm) -> int:
    """The first page with a sentence that nobody has seen."""
    seen = form.answers
    open_pages = [n for n in range(1, form.pages + 1) if any(item.id not in seen for item in form.items(n))]
    return open_pages[0] if open_pages else form.pages


def _written(value: Any) -> str:
    if isinstance(value, str):
        return {"yes": "1", "no": "0"}.get(value, value)
    return f"{float(value):g}"
