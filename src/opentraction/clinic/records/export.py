"""A patient's whole record: every row of every model that leads to the patient, and who did what.

`export_patient` is the same to the byte on every database; `export_zip` puts it beside the files and a page to read.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import User
from django.db import models

from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.records.acts_in_words import acts_in_words
from opentraction.clinic.records.belongs import patient_tables, rows_about
from opentraction.clinic.records.spelling import spell
from opentraction.clinic.records.tables import columns

SCHEMA: Final = "opentraction-patient-record"
VERSION: Final = 1
SECRETS: Final = frozenset({"token_sha256"})
"""Columns that open a door rather than say something of the patient."""


def export_patient(patient: Patient) -> dict[str, Any]:
    """Everything the database holds of one patient, as JSON: units are SI, times UTC, keys sorted by who writes it."""
    rows = {table._meta.label: _rows(table, path, patient) for table, path in patient_tables().items()}
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "patient": patient.pseudonym,
        "clinic": patient.clinic.letterhead(),
        "rows": rows,
        "people": _people(rows),
        "acts": acts_in_words(patient),
    }


def _rows(table: type[models.Model], path: str, patient: Patient) -> list[dict[str, Any]]:
    fields = [one for one in columns(table) if one.attname not in SECRETS]
    found = rows_about(table, path, patient).values_list(*(one.attname for one in fields))
    if table is AuditRow:
        found = found.order_by("id")
    return [{one.attname: spell(one, value) for one, value in zip(fields, row, strict=True)} for row in found]


def _people(rows: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The name of every user whom a row names by number."""
    named: set[int] = set()
    for table, _ in patient_tables().items():
        keys = [one.attname for one in columns(table) if one.is_relation and one.related_model is User]
        named |= {row[key] for row in rows[table._meta.label] for key in keys if row.get(key) is not None}
    users = User.objects.filter(pk__in=named).order_by("pk")
    return {str(one.pk): one.get_full_name() or one.get_username() for one in users}
