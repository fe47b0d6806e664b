"""How a record is taken out: rows in one transaction past their triggers, the person's name, then the recordings.

What stays is what proves: the record of acts (it knows a number, not a person), the patient's row with nothing in it,
the request, its signature, and the removal itself. See docs/decisions/0008-removal.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models

from opentraction.clinic.at_the_table import recordings
from opentraction.clinic.frozen_rows import let_go
from opentraction.clinic.models import Patient, PatientAccount
from opentraction.clinic.records.belongs import Table, patient_tables, rows_about
from opentraction.clinic.records.models import Removal
from opentraction.clinic.records.package import export_zip

STAYS: Final = frozenset({"clinic.AuditRow", "clinic.Patient", "records.RemovalRequest", "records.Removal"})
"""Tables of which nothing goes."""
NOBODY: Final[dict[str, Any]] = {
    "given_name": "",
    "family_name": "",
    "birth_date": date(1900, 1, 1),
    "sex": "unstated",
    "phone": "",
    "email": "",
    "mass_kg": 0.0,
    "stature_m": 0.0,
    "disc_grade": None,
    "region": "unstated",
    "levels": "",
    "complaint": "",
    "ceiling_n": None,
}
"""A patient's row of whom nothing is known any more; the number stays, so that it is never given again."""
AT_A_TIME: Final = 500


def hash_of_record(patient: Patient) -> str:
    """SHA-256 of `record.json` as it stands."""
    return export_zip(patient, BytesIO())[0].sha256


def take_out(patient: Patient) -> dict[str, int]:
    """Delete every row about the patient but those that stay, and forget who it was; how many of each kind went.

    Within the transaction of the act. Whatever else still leads to a row that went makes the database refuse it all.
    """
    going = {table: keys for table, keys in _keys(patient) if keys}
    accounts = list(PatientAccount.objects.filter(patient=patient).values_list("user", flat=True))
    with let_go(table._meta.db_table for table in going):
        for table, keys in going.items():
            _delete(table, keys)
        connection.check_constraints()
    models.QuerySet(Patient).filter(pk=patient.pk).update(**NOBODY)
    for pk in accounts:
        _forget(pk)
    return {table._meta.label: len(keys) for table, keys in going.items()}


def sessions_of(patient: Patient) -> list[str]:
    """The sessions whose recordings go."""
    return sorted(str(pk) for pk in patient.sessions.values_list("pk", flat=True))


def sweep(removals: Iterable[Removal] | None = None) -> int:
    """Delete the recordings of records that were removed; what a crash, or an old backup, left behind goes too."""
    rows = Removal.objects.all() if removals is None else removals
    gone = {uid for row in rows for uid in row.recordings}
    found = [folder for folder, uid in recordings(Path(settings.DATA)) if uid in gone] if gone else []
    for folder in found:
        shutil.rmtree(folder)
    return len(found)


def _keys(patient: Patient) -> Iterator[tuple[Table, list[Any]]]:
    """The keys of the rows that go, looked up before the first goes: the way to a patient leads through others."""
    for table, path in patient_tables().items():
        if table._meta.label in STAYS:
            continue
        rows = rows_about(table, path, patient)
        if table._meta.label == "clinic.Signature":
            rows = rows.exclude(kind="records.removalrequest")
        yield table, list(rows.values_list("pk", flat=True))


def _delete(table: Table, keys: list[Any]) -> None:
    for at in range(0, len(keys), AT_A_TIME):
        models.QuerySet(table).filter(pk__in=keys[at : at + AT_A_TIME])._raw_delete(connection.alias)


def _forget(user: int) -> None:
    """The patient's own account: what it did keeps its number, and nobody signs in with it again."""
    one = User.objects.get(pk=user)
    one.username, one.is_active = f"removed-{one.pk}", False
    one.first_name = one.last_name = one.email = ""
    one.set_unusable_password()
    one.save()
