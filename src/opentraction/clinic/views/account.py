"""Sign-in, sign-out, the unit a user reads, and who did what."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Preference
from opentraction.clinic.models.audit import broken_link


class SignIn(LoginView):
    """The only page a stranger sees."""

    template_name = "clinic/sign_in.html"
    redirect_authenticated_user = True


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember the unit and go back to the page."""
    unit = request.POST.get("force_unit", "")
    if unit not in dict(Preference.FORCE_UNITS):
        return HttpResponseBadRequest("unit of force: one of N, lb, kgf")
    user = roles.require(request.user, roles.LOOK)
    Preference.objects.update_or_create(user=user, defaults={"force_unit": unit})
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "patients")


@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """The last 200 audit rows, and whether the chain is whole."""
    roles.require(request.user, roles.LOOK)
    rows = AuditRow.objects.select_related("by").order_by("-id")[:200]
    return render(request, "clinic/acts.html", {"room": "acts", "rows": rows, "broken": broken_link()})
