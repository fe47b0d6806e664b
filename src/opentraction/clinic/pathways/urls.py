"""Addresses of the roads side by side. A post changes nothing: it carries what only a person at the desk can say."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.pathways import views

app_name = "pathways"
urlpatterns = [
    path("patients/<int:pk>/pathways", views.pathways, name="pathways"),
    path("patients/<int:pk>/pathways/handout.pdf", views.handout, name="handout"),
]
