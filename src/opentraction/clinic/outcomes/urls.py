"""Addresses of outcomes and adverse events."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.outcomes.views import (
    asking,
    course,
    events,
    examining,
    patient,
    reminders,
    results,
    sessions,
)

app_name = "outcomes"
urlpatterns = [
    path("patients/<int:pk>/outcomes", patient.outcomes, name="outcomes"),
    path("patients/<int:pk>/outcomes/<slug:name>", asking.ask, name="ask"),
    path("patients/<int:pk>/end-course", patient.end, name="end-course"),
    path("patients/<int:pk>/examine", examining.examine_page, name="examine"),
    path("patients/<int:pk>/adverse-event", events.report, name="report-event"),
    path("patients/<int:pk>/course-picture", course.picture, name="course-picture"),
    path("patients/<int:pk>/course-picture.pdf", course.paper, name="course-paper"),
    path("outcome-forms/<int:pk>", asking.form, name="form"),
    path("outcome-forms/<int:pk>/correct", asking.correct, name="correct-form"),
    path("examinations/<int:pk>", examining.examination, name="examination"),
    path("examinations/<int:pk>/lift", examining.lift, name="lift"),
    path("sessions/<uuid:pk>/told", sessions.told, name="session-report"),
    path("adverse-events", events.events, name="events"),
    path("adverse-events.csv", events.csv, name="events-csv"),
    path("adverse-events/<uuid:uid>", events.event, name="event"),
    path("adverse-events/<uuid:uid>/correct", events.correct, name="correct-event"),
    path("adverse-events/<uuid:uid>/follow-up", events.look_again, name="follow-up"),
    path("adverse-events/<uuid:uid>/told", events.told, name="event-told"),
    path("reminders", reminders.reminders_page, name="reminders"),
    path("results", results.page, name="results"),
    path("results.csv", results.csv, name="results-csv"),
    path("results.json", results.json, name="results-json"),
]
