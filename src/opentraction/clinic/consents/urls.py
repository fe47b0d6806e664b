"""Addresses of consent: the staff's under a patient, the patient's own under /c."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.consents.views import deciding, patient, staff

app_name = "consents"
urlpatterns = [
    path("patients/<int:pk>/consent", staff.consent, name="consent"),
    path("patients/<int:pk>/consent/form.pdf", staff.form, name="form"),
    path("patients/<int:pk>/consent/tablet", staff.give_tablet, name="tablet"),
    path("patients/<int:pk>/consent/link", staff.make_link, name="link"),
    path("patients/<int:pk>/consent/paper", deciding.paper, name="paper"),
    path("patients/<int:pk>/consent/withdraw", deciding.withdraw, name="withdraw"),
    path("patients/<int:pk>/consent/purpose", deciding.purpose, name="purpose"),
    path("consents/signings/<int:pk>/witness", deciding.witness, name="witness"),
    path("consents/signings/<int:pk>/put-aside", deciding.put_aside, name="put-aside"),
    path("consents/<int:pk>/signed.pdf", staff.signed, name="signed"),
    path("consents/versions", staff.versions, name="versions"),
    path("c/<str:token>", patient.patient, name="patient"),
    path("c/<str:token>/copy.pdf", patient.copy, name="copy"),
]
