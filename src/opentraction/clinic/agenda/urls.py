"""Addresses of the agenda."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.agenda.views import appointments, days, feeds, patients, settings, waiting

app_name = "agenda"
urlpatterns = [
    path("agenda", days.day, name="day"),
    path("agenda/week", days.week, name="week"),
    path("agenda/tomorrow", days.tomorrow, name="tomorrow"),
    path("agenda/book", appointments.book, name="book"),
    path("agenda/appointments/<int:pk>", appointments.appointment, name="appointment"),
    path("agenda/appointments/<int:pk>/act", appointments.act, name="act"),
    path("agenda/appointments/<int:pk>/move", appointments.move, name="move"),
    path("agenda/appointments/<int:pk>/reminded", appointments.reminded, name="reminded"),
    path("agenda/appointments/<int:pk>/appointment.ics", feeds.one, name="ics"),
    path("agenda/waiting", waiting.waiting, name="waiting"),
    path("agenda/waiting/<int:pk>/give", waiting.give, name="give"),
    path("agenda/waiting/<int:pk>/close", waiting.close, name="close-waiting"),
    path("agenda/hours", settings.hours, name="hours"),
    path("agenda/closures", settings.closures, name="closures"),
    path("agenda/closures/<int:pk>/lift", settings.lift, name="lift"),
    path("agenda/resources", settings.resources, name="resources"),
    path("agenda/resources/<int:pk>/close", settings.close, name="close-resource"),
    path("agenda/resources/<int:pk>/service", settings.service, name="service"),
    path("agenda/feed", feeds.mine, name="feed"),
    path("agenda/feed/<str:token>.ics", feeds.feed, name="feed-file"),
    path("patients/<int:pk>/appointments", patients.patient, name="patient"),
    path("patients/<int:pk>/series", patients.series, name="series"),
]
