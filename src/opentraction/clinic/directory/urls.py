"""Addresses of the directory, under /specialists."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.directory.views import keeping, public

app_name = "directory"
urlpatterns = [
    path("specialists", public.specialists, name="specialists"),
    path("specialists/<int:pk>", public.specialist, name="specialist"),
    path("specialists/review/<str:word>", public.review, name="review"),
    path("specialists/<int:pk>/keep", keeping.keep, name="keep"),
    path("specialists/<int:pk>/check", keeping.check, name="check"),
    path("specialists/<int:pk>/evidence", keeping.evidence, name="evidence"),
    path("specialists/<int:pk>/works-here", keeping.works_here, name="works-here"),
    path("specialists/reviews/<int:pk>/answer", keeping.answer, name="answer"),
    path("specialists/imports", keeping.imports, name="imports"),
]
