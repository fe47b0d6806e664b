"""Addresses of the home programme for staff."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.home.views import programme

app_name = "home_programme"
urlpatterns = [
    path("patients/<int:pk>/home", programme.programme, name="programme"),
    path("patients/<int:pk>/home/order", programme.ordering, name="order"),
    path("patients/<int:pk>/home/end", programme.ending, name="end"),
    path("patients/<int:pk>/home/questions", programme.questions, name="questions"),
    path("patients/<int:pk>/home/let-on", programme.letting_on, name="let-on"),
    path("patients/<int:pk>/home/sheet.pdf", programme.sheet, name="sheet"),
]
