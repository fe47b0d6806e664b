"""Addresses of the portal, and where staff give access to it."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.portal.views import access, bills, consent, forms, home, join, record, results, today

app_name = "portal"
urlpatterns = [
    path("patients/<int:pk>/portal", access.access, name="access"),
    path("patients/<int:pk>/portal/invite", access.inviting, name="invite"),
    path("patients/<int:pk>/portal/close", access.closing, name="close"),
    path("portal", today.today, name="today"),
    path("portal/join/<str:token>", join.joining, name="join"),
    path("portal/home/", home.home, name="home"),
    path("portal/home/log", home.log, name="home-log"),
    path("portal/home/worker.js", home.worker, name="home-worker"),
    path("portal/home/sheet.pdf", home.sheet, name="home-sheet"),
    path("portal/results", results.results, name="results"),
    path("portal/consent", consent.consent, name="consent"),
    path("portal/consent/<int:pk>.pdf", consent.signed, name="signed"),
    path("portal/consent/withdraw", consent.withdrawing, name="withdraw"),
    path("portal/consent/purpose", consent.purpose, name="purpose"),
    path("portal/consent/sign", consent.signing, name="sign"),
    path("portal/questions", today.questions, name="questions"),
    path("portal/forms", forms.forms, name="forms"),
    path("portal/forms/<str:name>", forms.form, name="form"),
    path("portal/bills", bills.bills, name="bills"),
    path("portal/bills/<int:pk>", bills.invoice, name="invoice"),
    path("portal/record", record.record, name="record"),
    path("portal/record/export", record.export, name="export"),
    path("portal/record/correction", record.correction, name="correction"),
]
