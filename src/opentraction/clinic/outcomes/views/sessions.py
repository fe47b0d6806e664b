"""What the patient said of a session."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opentraction.clinic import roles
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.outcomes.actions.sessions import tell_session
from opentraction.clinic.outcomes.forms.session import ASKS, SessionForm
from opentraction.clinic.outcomes.models.session_report import MOMENTS
from opentraction.clinic.outcomes.progress_facts import reports_of
from opentraction.clinic.reading import reading
from opentraction.prescription.progress.history import FELT
from opentraction.quantities import BadInput


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Three short forms: before, right after, at the next visit; what is open stays a dash."""
    user = roles.require(request.user, roles.OUTCOMES)
    rows = TreatmentSession.objects.seen_by(request.user, roles.OUTCOMES).select_related("patient__clinic")
    session = get_object_or_404(rows, pk=pk)
    typed: SessionForm | None = None
    if request.method == "POST":
        moment = request.POST.get("moment", "")
        if moment not in MOMENTS:
            return _page(request, session, None, _("Choose when it was asked."))
        typed = SessionForm.read(moment, request.POST.dict())
        answers = typed.answers()
        try:
            if not typed.refusals:
                tell_session(session, moment, answers, by=user, because=request.POST.get("because", ""))
                messages.success(request, _("Written down."))
                return redirect("outcomes:session-report", pk=pk)
        except BadInput as refusal:
            return _page(request, session, typed, str(refusal))
        return _page(request, session, typed, "")
    reading(request, session, "session report")
    return _page(request, session, None, "")


def _page(request: HttpRequest, session: TreatmentSession, typed: SessionForm | None, refusal: str) -> HttpResponse:
    known = reports_of(session)
    forms = []
    for moment, title in MOMENTS.items():
        form = typed if typed is not None and typed.moment == moment else SessionForm.of(moment, known.get(moment))
        forms.append({"moment": moment, "title": title, "form": form, "row": known.get(moment), "asks": ASKS[moment]})
    page = {
        "room": "patients", "patient": session.patient, "wing": "outcomes", "session": session, "forms": forms,
        "refusal": refusal, "felt": FELT, "scores": range(11), "because": request.POST.get("because", ""),
    }  # fmt: skip
    bad = bool(refusal or (typed and typed.refusals))
    return render(request, "outcomes/session_report.html", page, status=400 if bad else 200)
