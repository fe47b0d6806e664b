"""A clinic from before there were several moves in: its patients, people, signatures and record of acts stay whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.table_client import ROOT

BEFORE = """
from datetime import date
from django.contrib.auth.models import Group, User
from django.db import connection
ann, ben, eve = (User.objects.create_user(name) for name in ("ann", "ben", "eve"))
ann.groups.add(Group.objects.create(name="clinicians"))
ben.groups.add(Group.objects.create(name="assistants"))
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO clinic_patient (number, given_name, family_name, birth_date, sex, mass_kg, stature_m, region,"
        " levels, complaint, created) VALUES (7, 'Ada', 'Example', '1971-05-23', 'female', 70, 1.68, 'lumbar', '', '',"
        " '2026-01-01 00:00:00')"
    )
    import hashlib, json
    prev = ""
    for number in range(3):
        said = [prev, f"2026-01-0{number + 1}T00:00:00+00:00", ann.pk, "look", f"user {number}", {"n": number}]
        sha = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        cursor.execute(
            "INSERT INTO clinic_auditrow (at, by_id, act, subject, detail, prev, sha256) VALUES (%s,%s,%s,%s,%s,%s,%s)",
            [said[1].replace("T", " "), ann.pk, said[3], said[4], json.dumps(said[5]), prev, sha],
        )
        prev = sha
"""
AFTER = """
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import AuditRow, Clinic, Patient
from opentraction.clinic.chain import broken_link
users = {user.username: user for user in User.objects.all()}
assert [one.name for one in Clinic.objects.all()] == ["The clinic"]
patient = Patient.objects.get()
assert (patient.pseudonym, patient.clinic.name) == ("P-007", "The clinic")
held = {name: roles.place_of(user).roles if roles.place_of(user) else None for name, user in users.items()}
assert held == {"ann": {"clinician"}, "ben": {"therapist"}, "eve": None}, held
assert not Group.objects.exists()
assert broken_link() is None
with transaction.atomic():
    record("look", patient, by=users["ann"])
assert AuditRow.objects.count() == 4
assert broken_link() is None
for table in ("clinic_auditrow", "clinic_prescription"):
    assert AuditRow.objects.first().act == "look"
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_auditrow SET act = 'x'")
except DatabaseError as refusal:
    assert "kept as it was written" in str(refusal)
else:
    raise AssertionError("the trigger is gone")
"""


def django(data: Path, *words: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "OPENTRACTION_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "opentraction.app.settings"
    done = subprocess.run(
        [sys.executable, "-m", "django", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_clinic_from_before_moves_in_whole(tmp_path: Path) -> None:
    django(tmp_path, "migrate", "clinic", "0005", "--verbosity", "0")
    django(tmp_path, "migrate", "auth", "--verbosity", "0")
    django(tmp_path, "shell", "-v", "0", "-c", BEFORE)
    django(tmp_path, "migrate", "--verbosity", "0")
    django(tmp_path, "shell", "-v", "0", "-c", AFTER)
