"""Many at one time: whoever books, one appointment stands, on either database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, connections, transaction

from opentraction.care.booking import NotFree
from opentraction.clinic import roles
from opentraction.clinic.actions import patients
from opentraction.clinic.agenda.actions import booking as books
from opentraction.clinic.agenda.models import Appointment, Hold
from opentraction.clinic.models import Patient
from tests.agenda_ground import NOW, at, ready
from tests.clinic_ground import ADA, user_with

AT_ONCE = 6
postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads share SQLite's memory, not its locks"
)


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """Each on a thread and a connection of its own, let go at one moment; what it gave or raised."""
    gate = Barrier(len(work))

    def one(act: Callable[[], Any]) -> Any:
        gate.wait(20)
        try:
            return act()
        except (NotFree, IntegrityError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def people(count: int) -> tuple[User, list[Patient]]:
    clinician = user_with(roles.CLINICIAN)
    found = [patients.add_patient(ADA | {"given_name": f"Ada {n}"}, by=clinician) for n in range(count)]
    ready(found[0].clinic)
    return clinician, found


@postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_one_table_one_has_it() -> None:
    by, found = people(AT_ONCE)
    said = together([lambda one=one: books.book(one, "session", at(9), by=by, now=NOW) for one in found])
    assert sum(isinstance(one, Appointment) for one in said) == 1
    assert all("taken" in str(one) for one in said if isinstance(one, NotFree))
    assert Hold.objects.filter(stands=True).count() == 2


@postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_sessions_of_one_patient_one_stands() -> None:
    by, [ada, *_] = people(1)
    hours = [8, 10, 12, 14, 16]
    said = together([lambda hour=hour: books.book(ada, "session", at(hour), by=by, now=NOW) for hour in hours])
    assert sum(isinstance(one, Appointment) for one in said) == 1


@postgresql
@pytest.mark.django_db(transaction=True)
def test_moves_at_one_moment_never_end_on_one_time() -> None:
    by, found = people(4)
    rows = [books.book(one, "session", at(8 + 2 * n), by=by, now=NOW) for n, one in enumerate(found)]
    together([lambda row=row: books.move(row, at(17), by=by, now=NOW) for row in rows])
    starts = list(Appointment.objects.values_list("starts", flat=True))
    assert len(set(starts)) == len(starts)
    assert at(17) in starts


@postgresql
@pytest.mark.django_db(transaction=True)
def test_the_database_alone_holds_against_who_asks_no_lock() -> None:
    """Holds written straight, past every action: the trigger locks the table's row before it looks."""
    by, found = people(AT_ONCE)
    rows = [
        books.book(one, "session", at(8 + n, day=NOW.date().replace(day=3 + n)), by=by, now=NOW)
        for n, one in enumerate(found)
    ]
    table = rows[0].taken[0]

    def write(row: Appointment, n: int) -> Hold:
        with transaction.atomic():
            hold = Hold(appointment=row, resource=table, starts=at(9, n), ends=at(9, 50 + n))
            hold.save()
            return hold

    said = together([lambda row=row, n=n: write(row, n) for n, row in enumerate(rows)])
    assert sum(isinstance(one, Hold) for one in said) == 1
    assert Hold.objects.filter(resource=table, stands=True, starts__date=NOW.date()).count() == 1


BOOKS = """
import sys, time, django
django.setup()
from datetime import datetime
from django.contrib.auth.models import User
from opentraction.care.booking import NotFree
from opentraction.clinic.agenda.actions.booking import book
from opentraction.clinic.models import Patient
patient, by = Patient.objects.order_by("pk")[int(sys.argv[1])], User.objects.get(username="a clinician")
now = datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
try:
    book(patient, "session", datetime.fromisoformat(sys.argv[3]), by=by, now=now)
    print("booked", flush=True)
except NotFree:
    print("refused", flush=True)
"""
GROUND = """
import django
django.setup()
from tests.unit.agenda.test_at_once import people
people(3)
"""


@pytest.mark.slow
@pytest.mark.alone
def test_of_many_processes_on_a_file_one_has_the_table(tmp_path: Path) -> None:
    """SQLite as it is used: a file, and a writer in each process."""
    root = Path(__file__).parents[3]
    environment = os.environ | {
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
        "OPENTRACTION_DATA": str(tmp_path),
        "OPENTRACTION_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
    }
    for words in (["-m", "django", "migrate", "--verbosity", "0"], ["-c", GROUND]):
        subprocess.run([sys.executable, *words], env=environment, check=True, cwd=root, capture_output=True)
    command = [sys.executable, "-c", BOOKS]
    many = [
        subprocess.Popen(
            [*command, str(n), NOW.isoformat(), at(9).isoformat()],
            env=environment,
            cwd=root,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for n in range(3)
    ]
    for one in many:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in many:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=60)[0].strip() for one in many)
    assert said == ["booked", "refused", "refused"]
