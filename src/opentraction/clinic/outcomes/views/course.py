"""A course on one page, as a picture on the screen and as a PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opentraction.care.outcomes import PatientCourse, course_pdf, course_picture, threshold_words
from opentraction.clinic import roles
from opentraction.clinic.context import force_unit
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import courses_of, forms_of, told
from opentraction.clinic.outcomes.rows_of import event_rows
from opentraction.clinic.outcomes.views.patient import patient_seen
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores, forces, comfort and adverse events over the same days, and what changed in words."""
    one = patient_seen(request, pk, roles.LOOK)
    reading(request, one, "course picture")
    page: dict[str, Any] = {"room": "patients", "patient": one, "wing": "outcomes"}
    try:
        course, which, count, today = _course(request, one)
    except BadInput as altered:
        return render(request, "outcomes/course_picture.html", page | {"refusal": str(altered)})
    changes = [(about, course.change(about.id), threshold_words(about)) for about in course.asked()]
    page |= {"course": course, "which": which, "courses": range(1, count + 1) if count > 1 else (), "changes": changes}
    if course.sessions or course.forms:
        page["svg"] = course_picture(course, today, unit=force_unit(request))
    return render(request, "outcomes/course_picture.html", page)


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF, with the patient's name from the database."""
    one = patient_seen(request, pk, roles.LOOK)
    reading(request, one, "course, PDF")
    try:
        course, _which, _count, today = _course(request, one)
        pdf = course_pdf(course, today, name=one.name, clinic=one.clinic.name, unit=force_unit(request))
    except BadInput as altered:
        said = {"heading": "This course cannot be read", "sentence": str(altered)}
        return render(request, "clinic/refusal.html", said, status=409)
    shown_as = {"Content-Disposition": f'inline; filename="{one.pseudonym}-course.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=shown_as)


def _course(request: HttpRequest, one: Patient) -> tuple[PatientCourse, int, int, date]:
    """The course asked for by its number, else the last that was begun; how many there are; today. Raises BadInput."""
    now = timezone.now()
    courses = courses_of(one, now)
    begun = [n for n, course in enumerate(courses) if not course.planned] or [0]
    asked = request.GET.get("course", "")
    if asked and not (asked.isascii() and asked.isdecimal() and 0 < int(asked[:6]) <= len(begun)):
        raise Http404
    which = begun[int(asked[:6]) - 1] if asked else begun[-1]
    events = [row.now for row in event_rows(one)]
    told_one = told(one, courses, which, forms_of(one), events)
    return told_one, begun.index(which) + 1, len(begun), day_at(one.clinic, now)
