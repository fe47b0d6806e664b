"""Who and what the tests of the clinic begin with: a short prescription, Ada, and people with roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.models import Clinic

DOCUMENT = """
name = "Short lumbar"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "intermittent"
cycles = 2
[forces]
high = "45 lb"
[hold]
time = "10 s"
[rest]
time = "5 s"
"""
COURSE = DOCUMENT + '[course]\nsessions = 3\nhigh_last = "55 lb"\n'
WRITTEN = {
    "name": "Lumbar, in pounds",
    "region": "lumbar",
    "position": "supine",
    "couch": "split",
    "session.mode": "intermittent",
    "session.cycles": "2",
    "forces.high": "45 lb",
    "hold.time": "10 s",
    "rest.time": "5 s",
}
"""The prescription in pounds, as a filled-in form."""
ADA: dict[str, Any] = {
    "given_name": "Ada",
    "family_name": "Example",
    "birth_date": date(1971, 5, 23),
    "sex": "female",
    "mass_kg": 70.0,
    "stature_m": 1.68,
    "region": "lumbar",
}


PASSWORD = "seven wet otters in a row"


def user_with(role: str | None, clinic: Clinic | None = None) -> User:
    user = User.objects.create_user(f"a {role}" + (f" of {clinic}" if clinic else ""), password=PASSWORD)
    if role:
        roles.give(user, role, clinic)
    return user


def confirmed(user: User) -> Confirmed:
    """The user has just given the password."""
    return Confirmed(user.pk, timezone.now(), "password")


def another_clinic() -> Clinic:
    return Clinic.objects.create(name="North clinic")
