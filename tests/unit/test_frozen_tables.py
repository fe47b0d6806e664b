"""What is kept as it was written is kept by the database: after all migrations every frozen table has its triggers.

SQLite loses the triggers of a table that a migration makes anew, without a word. This suite, and the check that
`migrate` asks, compare the database with `clinic/frozen_rows.toml`; it runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, models, transaction

from opentraction.clinic.checks import expected, frozen_tables, missing
from opentraction.clinic.frozen_rows import Trigger, let_go, put_back, there
from opentraction.clinic.models import Patient

pytestmark = pytest.mark.django_db
KEPT_BY_MANNERS = {
    "api.ApiKey": "closed by a later write",
    "clinic.Clinic": "its name and hours change",
    "directory.CredentialCheck": "public, of no patient",
    "directory.Review": "answered and taken down",
    "portal.Invitation": "used, closed, forgotten with the record",
}
"""What refuses a deletion in Python and not in the database, and why that is enough."""
ROWS = ("clinic_signature_no_delete", "clinic_signature")


def test_the_database_has_the_triggers_that_are_listed_and_no_others() -> None:
    assert there() == expected()


def _kept() -> list[type[models.Model]]:
    """Models of ours whose rows refuse to be deleted in Python."""
    ours = [one for one in apps.get_models() if one.__module__.startswith("opentraction.") and one._meta.managed]
    return [one for one in ours if one.delete is not models.Model.delete]


def test_what_refuses_in_python_refuses_in_the_database() -> None:
    tables = {table for name, table in expected().items() if name.endswith("_no_delete")}
    assert len(_kept()) > 40
    unfrozen = {one._meta.label for one in _kept() if one._meta.db_table not in tables}
    assert unfrozen == set(KEPT_BY_MANNERS)


def _drop(name: str, table: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


def test_a_lost_trigger_is_told_by_the_check_and_can_be_put_back() -> None:
    assert frozen_tables(None, ["default"]) == []
    _drop(*ROWS)
    assert [one.id for one in frozen_tables(None, ["default"])] == ["clinic.C001"]
    with pytest.raises(SystemCheckError, match=ROWS[0]):
        call_command("check", databases=["default"])
    with connection.schema_editor(atomic=False) if connection.vendor == "postgresql" else _Editor() as editor:
        put_back(editor, [Trigger(*ROWS, "DELETE")])
        put_back(editor, [Trigger(*ROWS, "DELETE")])
    assert missing({ROWS[1]}) == []


class _Editor:
    """What `put_back` needs of an editor; SQLite's own wants no transaction around it."""

    connection = connection

    def __enter__(self) -> _Editor:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_let_go_is_for_a_moment_and_comes_back_though_it_fails(ada: Patient) -> None:
    delete = f"DELETE FROM clinic_auditrow WHERE patient_id = {ada.pk}"

    def refused() -> None:
        with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
            _run(delete)

    refused()
    with pytest.raises(ZeroDivisionError), transaction.atomic(), let_go(["clinic_auditrow"]):
        raise ZeroDivisionError
    refused()
    with transaction.atomic(), let_go(["clinic_comfortscore"]):
        pass
    assert there() == expected()
    refused()


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
