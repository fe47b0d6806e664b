"""`demo`: a clinic to try out, with a clinician, patients and signed prescriptions. Run it as often as you like."""

from __future__ import annotations

import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.actions.prescriptions import draft, sign
from opentraction.clinic.agenda.demo import demo_agenda
from opentraction.clinic.billing.demo import demo_money
from opentraction.clinic.consents.demo import demo_consent, demo_consents
from opentraction.clinic.courses.demo import demo_courses
from opentraction.clinic.forms.prescription import PrescriptionForm
from opentraction.clinic.home.demo import demo_home
from opentraction.clinic.intake.demo import demo_intakes, demo_screened
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.demo import demo_course
from opentraction.clinic.portal.demo import demo_portal
from opentraction.clinic.rehearsing import library

NAME = "clinician"
PEOPLE: tuple[tuple[dict[str, Any], str], ...] = (
    (
        {
            "given_name": "Ada",
            "family_name": "Example",
            "birth_date": date(1971, 5, 23),
            "sex": "female",
            "phone": "555-0101",
            "email": "ada@example.org",
            "mass_kg": 70.0,
            "stature_m": 1.68,
            "disc_grade": 3,
            "region": "lumbar",
            "levels": "L5-S1",
            "complaint": "radiculopathy, left",
        },
        "vax-d-1997",
    ),
    (
        {
            "given_name": "Ben",
            "family_name": "Sample",
            "birth_date": date(1984, 11, 2),
            "sex": "male",
            "phone": "555-0102",
            "email": "ben@example.org",
            "mass_kg": 92.0,
            "stature_m": 1.84,
            "disc_grade": None,
            "region": "lumbar",
            "levels": "L4-L5",
            "complaint": "low back pain, chronic",
        },
        "drx-case",
    ),
)
FORGOTTEN = f"Forgotten: opentraction user password {NAME}"
SHORT = {
    "name": "Demonstration, 90 s",
    "notes": "Short, to try the table out; not a published protocol.",
    "region": "lumbar",
    "position": "supine",
    "couch": "split",
    "session.mode": "intermittent",
    "session.cycles": "2",
    "forces.high": "45 lb",
    "hold.time": "20 s",
    "rest.time": "5 s",
    "rise.time": "6 s",
    "fall.time": "4 s",
}


COURSE_AGO = 65
"""Days since Cleo, whose course is over, was screened for it."""


class Command(BaseCommand):
    """Prints the sign-in; the password is made once and kept in the data folder, readable by its owner alone."""

    help = "Fill an empty clinic with a demo clinician, four patients and signed prescriptions. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="use this password instead of a random one")

    def handle(self, *args: Any, **options: Any) -> None:
        path, given = Path(settings.DATA) / "demo-password", options["password"]
        user = User.objects.filter(username=NAME).first()
        if given is None and (said := _own(user, path)):
            self.stdout.write(said)
            return
        password = _password(path, given)
        with transaction.atomic():
            user = _clinician(user, password)
            if not Patient.objects.exists():
                _people(user)
        self.stdout.write(f"Sign in as {NAME} with password {password}")


def _own(user: User | None, path: Path) -> str:
    """What to say where the demo is the demo's no more: another's clinic, a disabled user, a password of one's own."""
    if user is None:
        return "Sign in with your own name." if User.objects.exists() else ""
    if not user.is_active:
        return f"Sign in with your own name; the demo's {NAME} is disabled."
    known = user.check_password(_kept(path))
    return "" if known else f"Sign in as {NAME} with the password that was set. {FORGOTTEN}"


def _kept(path: Path) -> str:
    return path.read_text("utf-8").strip() if path.exists() else ""


def _password(path: Path, given: str | None) -> str:
    """The one given, else the one kept, else a new one."""
    if given is None and (kept := _kept(path)):
        return kept
    password = given or secrets.token_urlsafe(12)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password)
    return password


def _clinician(user: User | None, password: str) -> User:
    """The demo's user, made where there is none; one that exists keeps its role, and gets a password only if told."""
    if user is not None and user.check_password(password):
        return user
    made, user = user is None, user or User(username=NAME)
    user.set_password(password)
    user.save()
    if made:
        for role in (roles.CLINICIAN, roles.ADMINISTRATOR):  # so that everything can be tried
            roles.give(user, role)
    record("add user" if made else "set password", user, by=None, author="demo")
    return user


def _people(user: User) -> None:
    for values, protocol in PEOPLE:
        patient = add_patient(values, by=user)
        text = library()[protocol].read_text("utf-8")
        one = draft(patient, PrescriptionForm.of(text).written["name"], text, by=user)
        sign(one, by=user, confirmed=_by_hand(user))
    second = Patient.objects.get(number=2)
    short = draft(second, SHORT["name"], PrescriptionForm(dict(SHORT)).document, by=user)
    sign(short, by=user, confirmed=_by_hand(user))
    demo_consents(user, _by_hand(user), timezone.now())
    demo_intakes(user, timezone.now())
    demo_home(user, timezone.now())
    demo_portal(user, timezone.now())
    cleo = demo_course(user, _by_hand(user), timezone.now())
    demo_screened(cleo, user, timezone.now() - timedelta(days=COURSE_AGO))
    demo_consent(cleo, user, _by_hand(user), timezone.now() - timedelta(days=COURSE_AGO))
    demo_courses(user, timezone.now())
    demo_agenda(user, timezone.now())
    demo_money(user, timezone.now())


def _by_hand(user: User) -> Confirmed:
    """Nobody gives a password here: whoever runs the machine makes the demo, and the signature says so."""
    return Confirmed(user.pk, timezone.now(), "command line")
