"""Addresses of the intake: staff's under the patient, the verdict's own, and the patient's door under /i."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.intake.views import emergency, links, phone, staff, verdict, visit

app_name = "intake"
urlpatterns = [
    path("patients/<int:pk>/intake", staff.intake, name="intake"),
    path("patients/<int:pk>/intake/begin", staff.begin, name="begin"),
    path("patients/<int:pk>/visit-check", visit.visit_check, name="visit-check"),
    path("red-line", emergency.red_line, name="red-line"),
    path("patients/<int:pk>/emergency", emergency.emergency, name="emergency"),
    path("intakes/<int:pk>/pages/<slug:name>", staff.page, name="page"),
    path("intakes/<int:pk>/review", staff.review, name="review"),
    path("intakes/<int:pk>/set-aside", staff.set_aside, name="set-aside"),
    path("intakes/<int:pk>/link", links.make, name="link"),
    path("intakes/links/<int:pk>/close", links.close, name="close-link"),
    path("screenings/<int:pk>", verdict.verdict, name="verdict"),
    path("screenings/<int:pk>/letter.pdf", verdict.letter, name="letter"),
    path("screenings/<int:pk>/verdict.json", verdict.as_json, name="json"),
    path("screenings/<int:pk>/override", verdict.override, name="override"),
    path("i/<str:token>", phone.phone, name="phone"),
    path("i/<str:token>/end", phone.phone_end, name="phone-end"),
    path("i/<str:token>/<slug:name>", phone.phone_page, name="phone-page"),
]
