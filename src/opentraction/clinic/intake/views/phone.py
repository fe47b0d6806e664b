"""The patient's own part, on their own phone: no sign-in, a birth date instead, and nothing of the record to see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic.alarms import EMERGENCY_NUMBER, in_emergency
from opentraction.clinic.days import day_at
from opentraction.clinic.intake import asking
from opentraction.clinic.intake.actions import links
from opentraction.clinic.intake.models import IntakeLink
from opentraction.clinic.intake.screens import asked_now, by_id, open_questions
from opentraction.clinic.intake.wording import words
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.tokens import TRIES
from opentraction.screening import LANGUAGES, Action, Verdict, plain_why, screen

COOKIE: Final = "intake"
MISTAKE: Final = "mistake"
"""In the address of a page that was opened from the hospital page, to change an answer."""
LASTS_S: Final = 12 * 3600
"""How long a phone that gave the birth date need not give it again [s]."""


@login_not_required
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """The door: language and birth date."""
    now, link = timezone.now(), links.link_of(token)
    language = _language(request, link)
    if link is not None and _known(request, link) and not link.is_open(now) and _emergency(link, now) is not None:
        return redirect("intake:phone-end", token=token)
    if link is None or not link.is_open(now):
        return _shown(request, "closed", language, status=404)
    if request.method == "GET":
        return redirect(_resume(token, link, now)) if _known(request, link) else _door(request, language)
    if links.open_link(link, _born(request.POST.get("born", "")), language, now=now):
        return _remember(redirect(_resume(token, link, now)), token, link)
    if link.closed is not None:
        return _shown(request, "closed", language, status=404)
    said = words(language)["phone"]
    left = TRIES - link.tries
    refusal = said["wrong_last"] if left == 1 else said["wrong_birth_date"].format(n=left)
    return _door(request, language, refusal)


def _language(request: HttpRequest, link: IntakeLink | None) -> str:
    asked = request.POST.get("language") or request.GET.get("language") or ""
    return asked if asked in LANGUAGES else link.intake.language if link else "en"


def _born(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _door(request: HttpRequest, language: str, refusal: str = "") -> HttpResponse:
    return _shown(request, "door", language, status=400 if refusal else 200, refusal=refusal, languages=LANGUAGES)


def _shown(request: HttpRequest, name: str, language: str, status: int = 200, **more: Any) -> HttpResponse:
    page = {"w": words(language), "language": language, **more}
    return render(request, f"intake/phone_{name}.html", page, status=status)


def _remember(response: HttpResponse, token: str, link: IntakeLink) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        str(link.pk),
        salt="intake link",
        max_age=LASTS_S,
        path=reverse("intake:phone", args=[token]),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _known(request: HttpRequest, link: IntakeLink) -> bool:
    """Whether the birth date was given on this phone."""
    return request.get_signed_cookie(COOKIE, "", salt="intake link", max_age=LASTS_S) == str(link.pk)


def _emergency(link: IntakeLink, now: datetime) -> Verdict | None:
    """The verdict on the answers as they are now, where it is EMERGENCY; None where it is not, or no longer."""
    intake = link.intake
    if not link.is_open(now) and not in_emergency(intake.patient, now):
        return None  # somebody has looked since
    verdict = screen(intake.as_intake(), today=day_at(intake.patient.clinic, now))
    return verdict if verdict.action is Action.EMERGENCY else None


def _resume(token: str, link: IntakeLink, now: datetime) -> str:
    """Where it was left; where the answers say to go to a hospital, that page first, every time."""
    end = reverse("intake:phone-end", args=[token])
    return end if _emergency(link, now) is not None else _left(token, link)


def _left(token: str, link: IntakeLink) -> str:
    """The page it was left on; the first one where that was one of staff's."""
    intake = link.intake
    known = intake.known
    there = by_id(intake.position, intake.region, patient_only=True)
    first = there or asked_now(known, intake.region, patient_only=True)[0]
    return reverse("intake:phone-page", args=[token, first.id])


@login_not_required
@require_http_methods(["GET", "POST"])
def phone_page(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """One short page of questions."""
    now, link = timezone.now(), links.link_of(token)
    if link is None or not link.is_open(now) or not _known(request, link):
        return _elsewhere(request, token, link)
    shown = by_id(name, link.intake.region, patient_only=True)
    if shown is None:
        return redirect(_resume(token, link, now))
    ask = asking.Asking(link.intake, shown, now)
    if request.method == "GET":
        if MISTAKE not in request.GET and _emergency(link, now) is not None:
            return redirect("intake:phone-end", token=token)
        return _page(request, ask, token)
    return _answered(request, ask, token, link)


def _elsewhere(request: HttpRequest, token: str, link: IntakeLink | None) -> HttpResponse:
    """A page that is not open to this phone: the end, where it was reached; else the door."""
    if link is None:
        return _shown(request, "closed", _language(request, None), status=404)
    if _known(request, link) and link.intake.patient_done:
        return redirect("intake:phone-end", token=token)
    return redirect("intake:phone", token=token)


def _answered(request: HttpRequest, ask: asking.Asking, token: str, link: IntakeLink) -> HttpResponse:
    do = request.POST.get("do", "next")
    if do == "part":
        return render(request, "intake/_questions.html", asking.page(request, ask, asking.preview(request, ask)))
    try:
        came = asking.answered(request, ask)
    except Frozen:
        return redirect("intake:phone", token=token)
    if do.startswith("speak-"):
        links.speak(ask.intake, do.removeprefix("speak-"))
        return redirect(reverse("intake:phone-page", args=[token, ask.screen.id]) + f"?{MISTAKE}")
    if came.alarm is not None and do != "back":
        return redirect("intake:phone-end", token=token)
    if not came.goto:
        return _page(request, ask, token, came.read, status=400)
    if came.goto == asking.END:
        return _finish(token, link, came.read.answers, ask)
    url = reverse("intake:phone-page", args=[token, came.goto])
    if came.alarm is not None:  # going back to correct it
        return redirect(f"{url}?{MISTAKE}")
    here = "?more#questions" if came.read.new else "#mark"
    return redirect(url + (here if came.goto == ask.screen.id else ""))


def _finish(token: str, link: IntakeLink, answers: Any, ask: asking.Asking) -> HttpResponse:
    waiting = open_questions(answers, ask.intake.region, patient_only=True)
    if waiting:
        return redirect(reverse("intake:phone-page", args=[token, waiting[0][0].id]) + "?more")
    links.finish_own_part(link, now=ask.now)
    return redirect("intake:phone-end", token=token)


def _page(request: HttpRequest, ask: asking.Asking, token: str, read: Any = None, status: int = 200) -> HttpResponse:
    page = asking.page(request, ask, read, token=token, other=_other(ask.language))
    return render(request, "intake/phone_page.html", page, status=status)


def _other(language: str) -> tuple[str, str]:
    return next((code, name) for code, name in LANGUAGES.items() if code != language)


@login_not_required
@require_GET
def phone_end(request: HttpRequest, token: str) -> HttpResponse:
    """Thank you; or, where the answers say so, what to do at once."""
    link = links.link_of(token)
    if link is None or not _known(request, link):
        return _elsewhere(request, token, link)
    intake, now = link.intake, timezone.now()
    given = _emergency(link, now)
    if given is not None:
        grave = [one for one in given.reasons if one.action is Action.EMERGENCY and one.known]
        whys = list(dict.fromkeys(plain_why(one, given.region, intake.language) for one in grave))
        back = f"{_left(token, link)}?{MISTAKE}" if link.is_open(now) else ""
        return _shown(request, "emergency", intake.language, whys=whys, back=back, number=EMERGENCY_NUMBER)
    if intake.patient_done is None:
        return redirect("intake:phone", token=token)
    return _shown(request, "thanks", intake.language)
