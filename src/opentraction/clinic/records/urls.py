"""Addresses of the record as a whole."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.records.views import keeping, record

app_name = "records"
urlpatterns = [
    path("patients/<int:pk>/record", record.record_page, name="record"),
    path("patients/<int:pk>/record.zip", record.export, name="export"),
    path("patients/<int:pk>/amendments", record.ask, name="ask"),
    path("amendments/<int:pk>/decide", record.decision, name="decide"),
    path("retention", keeping.retention, name="retention"),
]
