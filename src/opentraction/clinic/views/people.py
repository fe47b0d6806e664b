"""Who works in this clinic, and the clinic's own settings: for its administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.actions import people as acts
from opentraction.clinic.actions import second_factor
from opentraction.clinic.actions.clinics import change_clinic
from opentraction.clinic.actions.emergency import unseen
from opentraction.clinic.actions.users import STAFF, role_of
from opentraction.clinic.confirmed import confirmed
from opentraction.clinic.models.clinic import LANGUAGES
from opentraction.quantities import BadInput

SETTINGS = ("name", "address", "phone", "email", "web", "registration", "time_zone", "language")


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here."""
    user = roles.require(request.user, roles.MANAGE)
    where = acts.clinic_of(user)
    rows = [(one, role_of(one, where), second_factor.has(one)) for one in acts.people_of(user)]
    place = roles.place_of(user)
    page = {"room": "people", "people": rows, "emergencies": unseen(place) if place else []}
    return render(request, "clinic/people.html", page)


@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """The form, and a new user from it."""
    user = roles.require(request.user, roles.MANAGE)
    written = {name: request.POST.get(name, "").strip() for name in ("name", "full_name", "role")}
    page: dict[str, Any] = {"room": "people", "written": written, "roles": STAFF}
    if request.method == "GET":
        return render(request, "clinic/new_person.html", page)
    try:
        one = acts.add_person(**written, password=request.POST.get("first", ""), by=user)
    except BadInput as refusal:
        return render(request, "clinic/new_person.html", page | {"refusal": str(refusal)}, status=400)
    messages.success(request, f"Added {one.username}. Tell them name and password; they change it under their name.")
    return redirect("people")


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, name, password, second factor, closed or open. Each change asks for your own password."""
    user = roles.require(request.user, roles.MANAGE)
    one = get_object_or_404(acts.people_of(user), pk=pk)
    if request.method == "GET":
        return _person(request, one, user)
    try:
        confirmed(request, recent=True)
        said = _change(request, one, user)
    except BadInput as refusal:
        return _person(request, one, user, 400, refusal=str(refusal))
    messages.success(request, said)
    return redirect("person", pk=pk)


def _change(request: HttpRequest, one: User, by: User) -> str:
    act = request.POST.get("act", "")
    if act == "roles":
        acts.change_roles(one, set(request.POST.getlist("role")), by=by)
        return f"{one.username} is now: {role_of(one, acts.clinic_of(by))}."
    if act == "name":
        acts.rename(one, request.POST.get("full_name", "").strip(), by=by)
        return f"{one.username} is called {one.get_full_name()}."
    if act == "password":
        acts.set_password(one, request.POST.get("new", ""), by=by)
        return f"Changed the password of {one.username}. Every page open under that name ends."
    if act == "second-factor":
        acts.reset_second_factor(one, by=by)
        return f"{one.username} signs in with the password alone until it is set up again."
    if act in {"close", "reopen"}:
        (acts.close if act == "close" else acts.reopen)(one, by=by)
        return f"{one.username} {'works here no more' if act == 'close' else 'may sign in again'}."
    raise BadInput("act", act, "one of roles, name, password, second-factor, close, reopen")


def _person(request: HttpRequest, one: User, by: User, status: int = 200, **more: Any) -> HttpResponse:
    where = acts.clinic_of(by)
    held = one.memberships.filter(clinic=where)
    page = {
        "room": "people",
        "person": one,
        "roles": STAFF,
        "held": set(held.filter(active=True).values_list("role", flat=True)),
        "memberships": held.select_related("by").order_by("since"),
        "only_here": acts.works_only_in(one, where),
        "second_factor": second_factor.has(one),
    }
    return render(request, "clinic/person.html", page | more, status=status)


@require_http_methods(["GET", "POST"])
def clinic_settings(request: HttpRequest) -> HttpResponse:
    """The clinic's name, address, what its letters say, and its house rules."""
    user = roles.require(request.user, roles.MANAGE)
    where = acts.clinic_of(user)
    page = {"room": "people", "one": where, "roles": STAFF, "languages": LANGUAGES}
    if request.method == "GET":
        return render(request, "clinic/clinic_settings.html", page)
    try:
        change_clinic(where, _settings(request), by=user)
    except BadInput as refusal:
        where.refresh_from_db()
        return render(request, "clinic/clinic_settings.html", page | {"refusal": str(refusal)}, status=400)
    messages.success(request, "Saved.")
    return redirect("clinic-settings")


def _settings(request: HttpRequest) -> dict[str, Any]:
    minutes = request.POST.get("idle_min", "")
    values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in SETTINGS}
    values["idle_min"] = int(minutes) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 5 else minutes
    values["second_factor_for"] = [role for role in STAFF if role in request.POST.getlist("second_factor_for")]
    return values
