"""Every address of the console. All of them ask for a sign-in except the sign-in page itself."""

from __future__ import annotations

from django.urls import include, path

from opentraction.clinic.views import (
    account,
    audit,
    change,
    lockout,
    patients,
    prescriptions,
    sessions,
    table,
    treatment,
)

urlpatterns = [
    path("", account.home, name="home"),
    path("", include("opentraction.clinic.directory.urls")),
    path("", include("opentraction.clinic.home.urls")),
    path("", include("opentraction.clinic.consents.urls")),
    path("", include("opentraction.clinic.intake.urls")),
    path("", include("opentraction.clinic.outcomes.urls")),
    path("sign-in", account.SignIn.as_view(), name="sign-in"),
    path("sign-out", account.SignOut.as_view(), name="sign-out"),
    path("preferences", account.preferences, name="preferences"),
    path("choose-clinic", account.choose_clinic, name="choose-clinic"),
    path("acts", audit.acts, name="acts"),
    path("acts/export", audit.export, name="acts-export"),
    path("patients", patients.patients, name="patients"),
    path("patients/new", patients.new_patient, name="new-patient"),
    path("patients/<int:pk>", patients.patient, name="patient"),
    path("patients/<int:pk>/edit", patients.edit_patient, name="edit-patient"),
    path("patients/<int:pk>/prescribe", prescriptions.new_prescription, name="prescribe"),
    path("patients/<int:pk>/rehearse", prescriptions.rehearse, name="rehearse"),
    path("prescriptions/<int:pk>", prescriptions.prescription, name="prescription"),
    path("prescriptions/<int:pk>/amend", prescriptions.amend_prescription, name="amend"),
    path("treatments/begin", treatment.begin_treatment, name="begin"),
    path("treatments/<uuid:pk>", treatment.treatment, name="treatment"),
    path("treatments/<uuid:pk>/change", change.change, name="change"),
    path("treatments/<uuid:pk>/plan", change.plan, name="plan"),
    path("sessions/<uuid:pk>", sessions.session, name="session"),
    path("sessions/<uuid:pk>/report.pdf", sessions.report, name="report"),
    path("sessions/<uuid:pk>/comfort", sessions.comfort, name="comfort"),
    path("sessions/<uuid:pk>/files/<str:name>", sessions.file, name="session-file"),
    path("table/stream", table.stream, name="table-stream"),
    path("table/history", table.history, name="table-history"),
    path("table/act", table.act, name="table-act"),
    path("table/lockout", lockout.lockout, name="lockout"),
]
