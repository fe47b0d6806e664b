"""`opentraction move`: the whole clinic from SQLite to PostgreSQL, or back, in one command."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from opentraction.app.another_database import django_on, known_url
from opentraction.app.commands.user import open_clinic
from opentraction.app.held import held_alone
from opentraction.quantities import BadInput, State

if TYPE_CHECKING:
    from opentraction.clinic.records.whole import Whole

PART = "move.part"


def main(chosen: argparse.Namespace) -> int:
    """Copy, compare, and say what to set. The source is only read; interrupted, nothing is in the target."""
    source, target = os.environ.get("OPENTRACTION_DATABASE_URL", ""), known_url("--to", chosen.to)
    if _same(source, target):
        raise BadInput("--to", State("the database the clinic is in"), "another database")
    open_clinic(chosen.data)
    with held_alone(chosen.data):
        return _move(chosen.data, target)


def _same(one: str, other: str) -> bool:
    return one.rpartition("@")[2] == other.rpartition("@")[2]


def _move(data: Path, target: str) -> int:
    from django.db import DatabaseError

    part = data / PART
    _prepare(data, target)
    try:
        whole = _export(part)
        print(f"Read {whole.rows} rows of {len(whole.counts)} tables.", flush=True)
        said = json.loads(django_on(target, data, "load_whole", str(part), "--act", "move"))
    except KeyboardInterrupt:
        raise BadInput("move", State("interrupted"), "the same command once more; the clinic is where it was") from None
    except DatabaseError as error:
        raise BadInput("--data", str(data), f"a clinic whose database can be used ({error})") from None
    finally:
        part.unlink(missing_ok=True)
    if said["sha256"] != whole.sha256:
        raise BadInput("move", State("not equal"), "two databases that hold the same; stay with the one you have")
    print(f"Moved. Both databases hold the same {whole.rows} rows: SHA-256 {whole.sha256}.")
    print(_after(target))
    return 0


def _prepare(data: Path, target: str) -> None:
    """Tables in the target. Raises BadInput for one in use, before anything is changed there."""
    django_on(target, data, "load_whole", "--only-look")
    django_on(target, data, "migrate", "--verbosity", "0")


def _export(part: Path) -> Whole:
    from opentraction.clinic.records.whole import export_whole

    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        return export_whole(file)


def _after(target: str) -> str:
    change = "Set OPENTRACTION_DATABASE_URL to the new address" if target else "Take OPENTRACTION_DATABASE_URL away"
    return f"{change}, then start the console. The old database is as it was; write to one of them only."
