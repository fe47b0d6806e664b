"""The second step of signing in, and the page where a user turns it on."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

import segno
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from opentraction.clinic import roles
from opentraction.clinic.actions import second_factor
from opentraction.clinic.actions.signing_in import begin_try, in_words, note_bad_try, note_sign_in
from opentraction.clinic.confirmed import confirmed, try_of
from opentraction.clinic.known_browser import remember
from opentraction.clinic.seats import confirmed_now
from opentraction.quantities import BadInput

ASKED: Final = "asked for code"
WAITS: Final = timedelta(minutes=5)
"""So long after the password the code may be given."""


def ask_for_code(request: HttpRequest, user: User, leads_to: str, now: datetime) -> HttpResponse:
    """The password was right; nobody is signed in before the code is."""
    request.session.cycle_key()
    request.session[ASKED] = {
        "user": user.pk,
        "at": now.timestamp(),
        "leads_to": leads_to,
        "password": user.get_session_auth_hash(),
    }
    return redirect("sign-in-code")


@method_decorator(login_not_required, name="dispatch")
class SignInCode(View):
    """Six digits from the phone, or a recovery code. Wrong ones are counted like wrong passwords."""

    clock = staticmethod(timezone.now)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, for whoever gave a password a moment ago."""
        return self._page(request) if self._who(request) else redirect("sign-in")

    def post(self, request: HttpRequest) -> HttpResponse:
        """One try, counted before the code is looked at."""
        user = self._who(request)
        if user is None:
            return redirect("sign-in")
        one = try_of(request, user)
        wait = begin_try(one, self.clock())
        if wait > timedelta(0):
            answer = self._page(request, 429, wait=in_words(wait))
            answer["Retry-After"] = str(ceil(wait.total_seconds()))
            return answer
        if not second_factor.check(user, request.POST.get("code", "")[:40], self.clock()):
            note_bad_try(one, what="code")
            return self._page(request, 400, wrong=True)
        leads_to = str(request.session.pop(ASKED)["leads_to"])
        login(request, user)
        note_sign_in(one, user)
        confirmed_now(request, user)
        answer = redirect(leads_to)
        remember(request, answer, one.name)
        return answer

    def _who(self, request: HttpRequest) -> User | None:
        """Who gave the password here within five minutes; nobody once it is another one, or the user is closed."""
        asked = request.session.get(ASKED)
        if asked is None or self.clock().timestamp() - asked["at"] > WAITS.total_seconds():
            return None
        user = User.objects.filter(pk=asked["user"], is_active=True).first()
        return user if user and user.get_session_auth_hash() == asked["password"] else None

    @staticmethod
    def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "clinic/sign_in_code.html", more, status=status)


@require_http_methods(["GET", "POST"])
def own_second_factor(request: HttpRequest) -> HttpResponse:
    """Turn it on, print new recovery codes, turn it off; each asks for the password."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "GET":
        return _page(request, user)
    try:
        return _done(request, user, request.POST.get("act", ""))
    except BadInput as refusal:
        return _page(request, user, 400, refusal=str(refusal))


def _done(request: HttpRequest, user: User, act: str) -> HttpResponse:
    if act == "confirm":
        codes = second_factor.turn_on(user, request.POST.get("code", "")[:40])
        return _page(request, user, codes=codes)
    confirmed(request)
    if act == "begin":
        second_factor.begin(user)
    elif act == "codes":
        return _page(request, user, codes=second_factor.new_codes(user))
    elif act == "off" and not second_factor.required(user):
        second_factor.turn_off(user, by=user)
    else:
        raise BadInput("act", act, "one of begin, confirm, codes, or off where it is not required")
    return redirect("second-factor")


def _page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    device = second_factor.waiting(user)
    place = roles.place_of(user)
    page = {
        "on": second_factor.has(user),
        "required": second_factor.required(user) or bool(place and second_factor.required_here(place)),
        "left": second_factor.codes_left(user),
        "secret": _secret(device) if device else "",
        "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=5) if device else "",
    }
    return render(request, "clinic/second_factor.html", page | more, status=status)


def _secret(device: TOTPDevice) -> str:
    """The secret to type where no camera is: base 32, in fours."""
    plain = b32encode(device.bin_key).decode()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
