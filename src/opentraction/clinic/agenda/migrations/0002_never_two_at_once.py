"""Triggers under the agenda: no two appointments that stand take one resource at one time, whoever writes.

On SQLite there is one writer at a time, so looking is enough. On PostgreSQL two writers would not see each other's rows;
so each first locks the resource it takes, and looks only then (a new statement sees what the other has committed).
What is kept stays: rows are never deleted, and a hold is only ever given back.
"""

from __future__ import annotations

import importlib
from typing import Any

from django.db import migrations

_frozen = importlib.import_module("opentraction.clinic.migrations.0002_frozen_rows")
TABLES = ("appointment", "closurerow", "feed", "hold", "opening", "resourcerow", "waitingrow")
KEPT = [(f"agenda_{name}_no_delete", f"agenda_{name}", "DELETE", "") for name in TABLES]
SAME = " AND ".join(f"NEW.{one} = OLD.{one}" for one in ("appointment_id", "resource_id", "starts", "ends", "sequence"))
KEPT.append(("agenda_hold_stays", "agenda_hold", "UPDATE", f"NOT ({SAME})"))
TAKEN = "this resource is taken then"
OVERLAPS = (
    "SELECT 1 FROM agenda_hold other WHERE other.resource_id = NEW.resource_id AND other.stands"
    " AND other.starts < NEW.ends AND NEW.starts < other.ends"
)
BUT_ITSELF = " AND other.id <> NEW.id"
FUNCTION = f"""
CREATE FUNCTION agenda_hold_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM agenda_resourcerow WHERE id = NEW.resource_id FOR UPDATE;
    IF EXISTS ({OVERLAPS}{BUT_ITSELF}) THEN
        RAISE EXCEPTION '{TAKEN}' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$
"""
ACTS = ("INSERT", "UPDATE")


def add(apps: Any, editor: Any) -> None:
    vendor = editor.connection.vendor
    for name, table, act, when in KEPT:
        editor.execute(_frozen._trigger(vendor, name, table, act, when))
    if vendor == "postgresql":
        editor.execute(FUNCTION)
    for act in ACTS:
        editor.execute(_free(vendor, act))


def _free(vendor: str, act: str) -> str:
    head = f"CREATE TRIGGER agenda_hold_free_{act.lower()} BEFORE {act} ON agenda_hold FOR EACH ROW"
    if vendor == "postgresql":
        return f"{head} WHEN (NEW.stands) EXECUTE FUNCTION agenda_hold_is_free()"
    others = OVERLAPS + (BUT_ITSELF if act == "UPDATE" else "")  # a new row has no number yet
    return f"{head} WHEN NEW.stands AND EXISTS ({others}) BEGIN SELECT RAISE(ABORT, '{TAKEN}'); END"


def remove(apps: Any, editor: Any) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    for name, table in [(name, table) for name, table, _, _ in KEPT] + [
        (f"agenda_hold_free_{act.lower()}", "agenda_hold") for act in ACTS
    ]:
        editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        editor.execute("DROP FUNCTION agenda_hold_is_free()")


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
