"""Sign-in, sign-out, where one begins, in which clinic, and the unit a user reads."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from opentraction.clinic import roles
from opentraction.clinic.actions.clinics import choose
from opentraction.clinic.actions.second_factor import has
from opentraction.clinic.actions.signing_in import (
    Try,
    begin_try,
    give_back,
    in_words,
    note_bad_try,
    note_sign_in,
    note_sign_out,
)
from opentraction.clinic.actions.users import change_own_password
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.known_browser import mark_of, remember
from opentraction.clinic.last_seen import last_seen
from opentraction.clinic.models import Preference
from opentraction.clinic.seats import confirmed_now, leave, seat_of
from opentraction.clinic.views.second_factor import ask_for_code
from opentraction.quantities import BadInput, State

HOMES = {roles.FIND: "patients", roles.MANAGE: "people", roles.AUDIT: "acts", roles.PORTAL: "portal:today"}


class SignIn(LoginView):
    """The only page a stranger sees. Guessing takes ever longer."""

    template_name = "clinic/sign_in.html"
    redirect_authenticated_user = True
    clock = staticmethod(timezone.now)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One try, counted before the password is looked at."""
        name = request.POST.get("username", "").replace("\0", "")[:150]
        self.one = Try(name, request.META.get("REMOTE_ADDR", ""), mark_of(request, name))
        wait = begin_try(self.one, self.clock())
        if wait > timedelta(0):
            return self._wait(wait)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signed in; the browser is known from now on. A second factor is asked for first, at a known one too."""
        user = form.get_user()
        if has(user):
            give_back(self.one)
            return ask_for_code(self.request, user, self.get_success_url(), self.clock())
        answer = super().form_valid(form)
        note_sign_in(self.one, user)
        confirmed_now(self.request, user)
        remember(self.request, answer, self.one.name)
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """A bad try. The page says the same whether the name is one of ours or not."""
        note_bad_try(self.one)
        answer = super().form_invalid(form)
        answer.status_code = 400
        return answer

    def _wait(self, wait: timedelta) -> HttpResponse:
        page = self.get_context_data(form=AuthenticationForm(), wait=in_words(wait))
        answer = self.render_to_response(page, status=429)
        answer["Retry-After"] = str(ceil(wait.total_seconds()))
        return answer


class SignOut(LogoutView):
    """Ends the session; open streams of it end within a second or two."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note who left, then end."""
        last_seen.forget(request.session.session_key)
        leave(request.session.session_key)
        if isinstance(request.user, User):
            note_sign_out(request.user)
        return super().post(request, *args, **kwargs)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page that was loaded before somebody signed in or out here."""
    why = "This page is out of date. Load it again, then repeat what you did."
    if request.path == reverse("table-act"):
        return JsonResponse({"ok": False, "why": why}, status=403)
    return render(request, "403.html", {"exception": why}, status=403)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember the unit and go back to the page."""
    unit = request.POST.get("force_unit", "")
    if unit not in dict(Preference.FORCE_UNITS):
        return HttpResponseBadRequest("unit of force: one of N, lb, kgf")
    user = roles.require(request.user, roles.WORK)
    Preference.objects.update_or_create(user=user, defaults={"force_unit": unit})
    return redirect(back_to(request))


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and another password."""
    user, place = request.user, roles.place_of(request.user)
    assert isinstance(user, User)
    page = {"own_roles": ", ".join(sorted(place.roles)) if place else "", "second_factor": has(user)}
    if request.method == "GET":
        return render(request, "clinic/account.html", page)
    try:
        _another_password(request, user)
    except BadInput as refusal:
        return render(request, "clinic/account.html", page | {"refusal": str(refusal)}, status=400)
    messages.success(request, "Changed. Every other page open under your name ends.")
    return redirect("account")


def _another_password(request: HttpRequest, user: User) -> None:
    confirmed(request)
    if request.POST.get("new", "") != request.POST.get("again", ""):
        raise BadInput("password", State("not the same both times"), "the same one typed twice")
    change_own_password(user, request.POST.get("new", ""))
    leave(request.session.session_key)
    update_session_auth_hash(request, user)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Remember the language in this browser, and go back to the page."""
    return set_language(request)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a user begins: with the patients, with people, with the record of acts, or with nothing yet."""
    for act, page in HOMES.items():
        if roles.may(request.user, act):
            return redirect(page)
    return render(request, "clinic/nowhere.html")


@require_POST
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """Act in another clinic from here on, at this browser; only in one where the user works."""
    user, place = request.user, roles.place_of(request.user)
    offered = place.clinics if place else ()
    chosen = next((one for one in offered if str(one.pk) == request.POST.get("clinic", "")), None)
    if chosen is None or not isinstance(user, User):
        raise Http404
    choose(seat_of(request.session.session_key, user), chosen, by=user)
    return redirect("home")


def back_to(request: HttpRequest) -> str:
    """The page a form came from, where it is one of ours."""
    back = request.POST.get("next", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return back if ours else "home"
