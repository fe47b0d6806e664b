"""Addresses of the public pages. `evidence` has a name of its own: the points of the articles lead to it."""

from __future__ import annotations

from django.urls import include, path

from opentraction.clinic.learning import views

named = (
    [
        path("learn", views.learn, name="learn"),
        path("learn/questions", views.questions, name="questions"),
        path("learn/articles", views.articles, name="articles"),
        path("learn/pathways", views.roads, name="pathways"),
    ],
    "learning",
)
urlpatterns = [path("learn/evidence", views.evidence, name="evidence"), path("", include(named))]
