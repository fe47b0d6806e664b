"""The patient's page, `/c/<word>`: birth date, words, questions, further things, signature. No sign-in, no way around.

Every answer is saved as it is given; whoever comes back goes on where they stood.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.consent import current
from opentraction.clinic import roles
from opentraction.clinic.consents.actions import signing as acts
from opentraction.clinic.consents.marks import found, leads_on, mark, marked
from opentraction.clinic.consents.models import Signing
from opentraction.clinic.consents.pages import page_of, told
from opentraction.clinic.consents.paper import answer_with, signed_pdf
from opentraction.clinic.consents.signature_form import read_signature
from opentraction.clinic.consents.words import words
from opentraction.clinic.tokens import TRIES
from opentraction.quantities import BadInput

Told = dict[str, Any]
Done = HttpResponse | None


@login_not_required
@require_http_methods(["GET", "POST"])
def patient(request: HttpRequest, token: str) -> HttpResponse:
    """The page that comes next, or what was done on it."""
    now, one = timezone.now(), found(token)
    if one is None or not leads_on(request, one, now):
        return render(request, "consents/closed.html", status=404)
    if roles.may(request.user, roles.WORK):
        return render(request, "consents/not_for_staff.html", {"signing": one}, status=403)
    if request.method == "POST" and one.is_open(now):
        return _did(request, one, now) or redirect("consents:patient", token)
    if not marked(request, one):
        return _page(request, one, "birth", now)
    if one.is_open(now) and one.version != current(now.date()).version:
        one = acts.renew(one, now=now)
        return _page(request, one, "read", now, notice=words(one.language)["words_changed"])
    return _page(request, one, page_of(one, request.GET.get("page", ""), now), now)


@login_not_required
@require_GET
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """What was just signed, as PDF, for whoever signed it on their own phone."""
    one = found(token)
    if one is None or one.signed is None or one.place == "tablet" or not marked(request, one):
        raise Http404
    pdf = signed_pdf(one.as_signed, one.patient.clinic, one.drawing)
    return answer_with(pdf, f"consent-{one.region}-{one.version}.pdf")


def _did(request: HttpRequest, one: Signing, now: datetime) -> Done:
    """Do what was asked; a page where it was refused, nothing where it was done."""
    do = request.POST.get("do", "")
    if not marked(request, one):
        return _birth(request, one, now)
    try:
        return _DO[do](request, one, now) if do in _DO else None
    except BadInput:  # closed, or gone on, from another window meanwhile: the page says where it stands
        return None


def _birth(request: HttpRequest, one: Signing, now: datetime) -> Done:
    try:
        born = date.fromisoformat(request.POST.get("birth_date", ""))
    except ValueError:
        return _page(request, one, "birth", now, refusal=words(one.language)["fill_in"])
    if acts.enter(one, born, now=now):
        mark(request, one)
        return None
    one.refresh_from_db()
    if not one.is_open(now):
        return render(request, "consents/closed.html", status=404)
    return _page(request, one, "birth", now, wrong=words(one.language)["birth_wrong"].format(left=TRIES - one.tries))


def _language(request: HttpRequest, one: Signing, now: datetime) -> Done:
    acts.change_language(one, "es" if request.POST.get("language") == "es" else "en", now=now)
    return None


def _read(request: HttpRequest, one: Signing, now: datetime) -> Done:
    acts.read_on(one, now=now)
    return None


def _answer(request: HttpRequest, one: Signing, now: datetime) -> Done:
    try:
        acts.answer(one, request.POST.get("question", ""), request.POST.get("choice", ""), now=now)
    except BadInput:
        return _page(request, one, "question", now, refusal=words(one.language)["choose_one"])
    return None


def _purposes(request: HttpRequest, one: Signing, now: datetime) -> Done:
    asked = [each.id for each in one.words.purposes]
    said = {each: request.POST[each] == "yes" for each in asked if request.POST.get(each) in {"yes", "no"}}
    missing = [each for each in asked if each not in said]
    if missing:
        return _page(request, one, "purposes", now, said=said, missing=missing)
    acts.say(one, said, now=now)
    return None


def _sign(request: HttpRequest, one: Signing, now: datetime) -> Done:
    form = read_signature(request.POST, words(one.language))
    if not form.refusals:
        try:
            acts.sign(one, **form.values, now=now)
            return None
        except BadInput as refusal:
            if refusal.where != "drawn signature":
                return None  # something before it is not done: its own page says so
            form.refusals["drawing"] = words(one.language)["drawing_wrong"]
    return _page(request, one, "sign", now, form=form)


def _decline(request: HttpRequest, one: Signing, now: datetime) -> Done:
    acts.decline(one, now=now)
    return None


_DO: Final[dict[str, Callable[[HttpRequest, Signing, datetime], Done]]] = {
    "language": _language,
    "read": _read,
    "answer": _answer,
    "purposes": _purposes,
    "sign": _sign,
    "decline": _decline,
}
"""What the page can send."""
_REFUSED: Final = {"refusal", "wrong", "missing", "form"}


def _page(request: HttpRequest, one: Signing, page: str, now: datetime, **more: Any) -> HttpResponse:
    status = 400 if _REFUSED & more.keys() else 200
    told_all: Told = {"signing": one, "page": page, "words": words(one.language), "path": request.path, **more}
    return render(request, f"consents/{page}.html", told(one, page, now) | told_all, status=status)
