"""One step of the road: what is due to be asked, how the patient is doing, whether something stops the treatment."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opentraction.care.outcomes import Change, change, instrument
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.courses import Course, courses_of, due_now
from opentraction.clinic.outcomes.models import OutcomeForm
from opentraction.clinic.outcomes.progress_facts import PLACES
from opentraction.clinic.outcomes.rows_of import event_rows, form_rows
from opentraction.clinic.outcomes.standing import open_event, unlifted
from opentraction.clinic.road import State, Step
from opentraction.quantities import BadInput

FUNCTION = {"lumbar": "rmdq", "cervical": "ndi"}


def steps(patient: Patient, when: datetime) -> list[Step]:
    """Outcomes, with the gravest thing there is to say."""
    state, words = stands(patient, when)
    return [Step("outcomes", _("Outcomes"), reverse("outcomes:outcomes", args=[patient.pk]), state, words)]


def stands(patient: Patient, when: datetime) -> tuple[State, str]:
    """The state and a few words: a stop, a follow-up that is late, what is due, worse, better."""
    if unlifted(patient, when) is not None:
        return "stop", _("new deficit")
    if open_event(patient, when) is not None:
        return "stop", _("event open")
    try:
        return _asked(patient, when)
    except BadInput:
        return "look", _("a form was altered")


def _asked(patient: Patient, when: datetime) -> tuple[State, str]:
    today = day_at(patient.clinic, when)
    if late_looks(patient, today):
        return "look", _("follow-up due")
    courses = courses_of(patient, when)
    rows = list(form_rows(patient))
    due = len(due_now(patient, courses, [row.form for row in rows], today))
    if due:
        return "next", ngettext("{n} due", "{n} due", due).format(n=due)
    return _went(courses, rows, patient)


def late_looks(patient: Patient, today: date) -> bool:
    """Whether somebody should have looked at an adverse event again by today."""
    return any(one.due <= today for row in event_rows(patient) for one in row.due(today))


def _went(courses: list[Course], rows: list[OutcomeForm], patient: Patient) -> tuple[State, str]:
    """Pain first, then function; the course that was begun last."""
    begun = [one for one in courses if not one.planned]
    if not begun:
        return ("done", _("before: asked")) if rows else ("open", _("nothing asked yet"))
    started = begun[-1].facts.started
    names = (PLACES.get(patient.region, PLACES["lumbar"])[0], FUNCTION.get(patient.region, "rmdq"))
    changes = [one for name in names if (one := _change(rows, name, started)) is not None]
    for one in changes:
        if one.clearly_worse == "yes":
            return "look", _("worse")
    return ("done", _words(changes[0])) if changes else ("open", _("nothing to compare yet"))


def _change(rows: list[OutcomeForm], name: str, started: date) -> Change | None:
    own = [row for row in rows if row.instrument == name and row.value is not None]
    before = [row for row in own if row.taken <= started]
    after = [row for row in own if row.taken > started]
    return change(before[-1].form.score(), after[-1].form.score()) if before and after else None


def _words(one: Change) -> str:
    about = instrument(one.instrument)
    if one.gain is None or one.direction == "same":
        return _("the same")
    said = _("better by {n} of {most}") if one.gain > 0 else _("worse by {n} of {most}")
    return said.format(n=about.show(abs(one.gain)), most=f"{about.high:g}")
