"""Addresses of the course, all under the patient."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.courses.views import course, writing

app_name = "courses"
urlpatterns = [
    path("patients/<int:pk>/course", course.course, name="course"),
    path("patients/<int:pk>/course/write", writing.write, name="write"),
    path("patients/<int:pk>/course/check", course.check, name="check"),
    path("patients/<int:pk>/course/review", course.review, name="review"),
    path("patients/<int:pk>/course/take", course.take, name="take"),
    path("patients/<int:pk>/course/set-aside", course.put_aside, name="set-aside"),
]
