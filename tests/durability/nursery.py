"""Does one job after the other in a child of its own, and kills each at the microsecond it is told.

Started once, so that a thousand kills do not import everything a thousand times. A line of standard input is a job as
JSON: `job`, `folder`, `delay` [s] (null: to its end); the answer is a line with what the child had acknowledged through
a pipe before it was dead. OPENTRACTION_DATA must be a folder of its own.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pickle
import resource
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import numpy as np
import pytest

django.setup()

import edfio  # noqa: E402, F401
import typst  # noqa: E402, F401
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.commands import migrate as django_migrate  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from opentraction.clinic import recordings  # noqa: E402
from opentraction.clinic.chain import broken_link  # noqa: E402
from opentraction.clinic.models import TreatmentSession  # noqa: E402
from opentraction.session import documents  # noqa: E402
from opentraction.session.recorder import REAL_TIME, Recorder  # noqa: E402
from opentraction.session.report import write_report  # noqa: E402
from tests.durability import sessions_waiting  # noqa: E402
from tests.durability.power import FolderSync, Named, Sync, Trace, Write  # noqa: E402
from tests.durability.sqlite_trace import SqliteTrace  # noqa: E402
from tests.synthetic import legs, make_rows, story  # noqa: E402

Say = Callable[[str], None]
BLOCK = make_rows(legs(cycles=1, hold=4.0, rest=2.0), noise=0.3)
MISSING = 12
"""Migrations that an old database has not had yet."""
LOCKED_S = 60.0
LEDGER = 1 << 20
"""Bytes of the pipe: nobody reads it before the child is dead."""


def record(folder: Path, say: Say) -> None:
    """The recorder as in a treatment, as fast as the disk allows."""
    notes = [documents.event(0.25 * k + 0.105, "note", f"note {k} of café") for k in range(1, 100)]
    recorder = Recorder(folder, REAL_TIME)
    told = 0
    for item in story(BLOCK, notes, size=50):
        if isinstance(item, np.ndarray):
            recorder.rows(item)
            told += len(item)
            say(f"rows {told}")
        else:
            recorder.document(item)
            say("event " + json.dumps([item["t"], f"{item['kind']}: {item['text']}"]) if item["doc"] == "event" else "")
    recorder.close()
    say("closed")


def take_in(data: Path, say: Say) -> None:
    """Every recording that waits becomes an outcome."""
    _on(data)
    real = recordings.take_in

    def telling(session: Any, outcome: Any) -> bool:
        done = real(session, outcome)
        say(f"taken {session.pk}")
        return done

    recordings.take_in = telling
    recordings.take_in_all()
    say("closed")


def take_in_or_say_why(data: Path, say: Say) -> None:
    """The same, on a disk that may be full."""
    try:
        take_in(data, say)
    except OperationalError as trouble:
        say(f"refused {trouble}")


def take_in_when_there(data: Path, say: Say) -> None:
    """The console's own way, while somebody else holds the database; they let go after 60 s of its clock."""
    _on(data)
    holder = sqlite3.connect(data / "clinic.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    connections["default"].settings_dict["OPTIONS"]["timeout"] = 0.05
    waited = 0.0

    async def wait(seconds: float) -> None:
        nonlocal waited
        waited += seconds
        say(f"waited {waited:g}")
        if waited >= LOCKED_S:
            holder.close()

    recordings.PAUSE = wait
    asyncio.run(recordings.take_in_now({}))
    say("closed")


def take_in_at_last(data: Path, say: Say) -> None:
    """The console's own way, on a database that is stopped; it says so before it waits."""
    _on(data)
    (data / "waiting").unlink(missing_ok=True)

    async def wait(_: float) -> None:
        (data / "waiting").touch()
        await asyncio.sleep(0.1)

    recordings.PAUSE = wait
    asyncio.run(recordings.take_in_now({}))
    say("closed")


def outcomes(data: Path, say: Say) -> None:
    """What the clinic's database holds of its sessions."""
    _on(data)
    for session in TreatmentSession.objects.order_by("created"):
        say(json.dumps([str(session.pk), session.ending, session.folder]))
    say("closed")


def traced(data: Path, say: Say) -> None:
    """Every recording becomes an outcome, and what was written and synced for it is left in the file `trace`."""
    _on(data)
    trace = Trace(data, pytest.MonkeyPatch())
    numbers = {path: 500 + k for k, path in enumerate(sorted(path for path in data.iterdir() if path.is_file()))}
    for path, number in numbers.items():
        trace.steps += [Named(path, number), Write(number, 0, path.read_bytes()), Sync(number)]
    trace.steps.append(FolderSync(data))
    SqliteTrace(data, trace.steps, numbers)
    take_in(data, trace.told)
    connections.close_all()
    (data / "trace").write_bytes(pickle.dumps(trace.steps))
    say("closed")


def audit(data: Path, say: Say) -> None:
    """Whether the record of acts is whole, against the file beside it."""
    _on(data)
    say(f"broken {broken_link()}")


def settings_in_force(data: Path, say: Say) -> None:
    """How the embedded database is opened."""
    _on(data)
    with connections["default"].cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            say(f"{name} {cursor.fetchone()[0]}")


def migrate(data: Path, say: Say) -> None:
    """To the newest version; each migration is acknowledged once it is committed."""
    _on(data)

    def telling(_: object, action: str, migration: Any = None, *_more: object) -> None:
        if action == "apply_success":
            say(f"applied {migration}")

    django_migrate.Command.migration_progress_callback = telling  # type: ignore[method-assign]
    call_command("migrate", verbosity=0)
    say("closed")


def old(data: Path, say: Say) -> None:
    """A database as an older version left it, its last migrations not made, and its table of people not empty."""
    _on(data)
    executor = MigrationExecutor(connections["default"])
    targets = executor.loader.graph.leaf_nodes()
    executor.migrate(targets, executor.migration_plan(targets)[:-MISSING])
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA table_info(auth_user)")
        names = [row[1] for row in cursor.fetchall() if row[1] != "id"]
        for k in range(200):
            row = [f"user-{k}" if name == "username" else "2026-03-04" if "date" in name else "" for name in names]
            row = [0 if name.startswith("is_") else value for name, value in zip(names, row, strict=True)]
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"INSERT INTO auth_user ({', '.join(names)}) VALUES ({marks})", row)
    say("closed")


def waiting(data: Path, say: Say) -> None:
    """A clinic with recordings that wait."""
    _on(data)
    call_command("migrate", verbosity=0)
    say("names " + json.dumps(sessions_waiting.make(data, 6)))
    say("closed")


def report(folder: Path, say: Say) -> None:
    """The report of the recording in a folder, over the one that stands there."""
    write_report(folder, folder / "report.pdf")
    say("closed")


def _on(data: Path) -> None:
    settings.DATA = data
    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["NAME"] = data / "clinic.sqlite3"


JOBS = {
    "record": record, "take in": take_in, "take in or say why": take_in_or_say_why, "outcomes": outcomes,
    "take in when there": take_in_when_there, "take in at last": take_in_at_last, "traced": traced, "audit": audit,
    "settings": settings_in_force, "migrate": migrate, "old": old, "waiting": waiting, "report": report,
}  # fmt: skip


def child(job: str, folder: Path, ledger: int) -> None:
    """Never returns."""
    try:
        JOBS[job](folder, lambda line: void(os.write(ledger, f"{line}\n".encode())))
    except BaseException:
        os.write(ledger, f"failed {json.dumps(traceback.format_exc())}\n".encode())
    finally:
        os._exit(0)


def void(_: object) -> None:
    """Nothing."""


def done(job: str, folder: Path, delay: float | None, most: int) -> dict[str, Any]:
    """What the child acknowledged, and how long it took [s]."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, LEDGER)
    began = time.perf_counter()
    number = os.fork()
    if number == 0:
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        child(job, folder, writing)
    os.close(writing)
    if delay is not None:
        time.sleep(delay)
        os.kill(number, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as ledger:
        said = ledger.read()
    os.waitpid(number, 0)
    whole = said[: said.rfind("\n") + 1].splitlines()
    return {"said": [line for line in whole if line], "seconds": time.perf_counter() - began}


def main() -> None:
    """Until standard input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(done(asked["job"], Path(asked["folder"]), asked["delay"], asked["most"])), flush=True)


if __name__ == "__main__":
    main()
