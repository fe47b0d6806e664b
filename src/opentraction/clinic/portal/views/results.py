"""My results: the course as a picture, and the sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from opentraction.care.outcomes import course_picture, picture_in
from opentraction.clinic.days import day_at, local
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.courses import comfort_of, courses_of, forms_of, told
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
@speaking
def results(request: HttpRequest) -> HttpResponse:
    """The newest course with anything to show."""
    user, patient = own_patient(request)
    reading(request, patient, "outcomes")
    now = timezone.now()
    rows = TreatmentSession.objects.seen_by(user, "portal").select_related("patient").order_by("-created")
    sessions = [_line(row, patient) for row in rows if row.pulled]
    page: dict[str, Any] = {"at": "results", "patient": patient, "sessions": sessions}
    try:
        page |= _pictures(patient, now)
    except BadInput:
        page["altered"] = True
    return render(request, "portal/results.html", page)


def _pictures(patient: Patient, now: datetime) -> dict[str, str]:
    """The course as `svg`, and as `phone` for a narrow window; nothing where there is nothing to draw."""
    courses, forms = courses_of(patient, now), forms_of(patient)
    which = max((n for n, course in enumerate(courses) if not course.planned), default=0)
    course = told(patient, courses, which, forms, [])
    if not course.sessions and not course.forms:
        return {}
    unit, today = "lb" if patient.clinic.language == "en" else "N", day_at(patient.clinic, now)
    language = (get_language() or "en")[:2]
    return {
        "svg": picture_in(course_picture(course, today, size="a4", unit=unit), language),
        "phone": picture_in(course_picture(course, today, size="phone", unit=unit), language),
    }


def _line(row: TreatmentSession, patient: Patient) -> dict[str, Any]:
    endings = {"completed": _("to its end"), "stopped": _("stopped early"), "aborted": _("stopped early")}
    return {
        "when": local(patient.clinic, row.started or row.created),
        "number": row.number,
        "ending": endings.get(row.ending, _("stopped early") if row.ending else _("not ended yet")),
        "comfort": comfort_of(row),
    }
