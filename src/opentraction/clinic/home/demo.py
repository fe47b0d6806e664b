"""What the demo's patients did at home: one well on the way, one stopped by a rule and let on. All invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.home import ALL
from opentraction.clinic.home.actions.asking import keep_facts
from opentraction.clinic.home.actions.clearing import let_on, stopped_now
from opentraction.clinic.home.actions.ordering import order
from opentraction.clinic.home.facts import intake_tells
from opentraction.clinic.home.models import HomeEntry
from opentraction.clinic.home.standing import standing
from opentraction.clinic.models import Patient

ADA: Final = 1
BEN: Final = 2
ASKED: Final[dict[str, Any]] = {
    "flexion_peripheralises": False, "extension_worse": False, "centralises_extension": True, "radiculopathy": True,
    "radiculopathy_weeks": 9.0, "hypertension": False, "heart_disease": False, "stroke": False, "neck_pain_flat": False,
    "blood_thinner": False, "ear_infection": False, "over_device_limit": False, "recent_surgery": False,
    "helper": False, "raynaud": False, "cold_allergy": False, "sensation_loss": False, "poor_circulation": False,
    "severe_heart_or_pressure": False, "crps": False, "open_skin": False, "cancer_in_area": False,
    "fresh_bleeding": False, "shoulder_pain": False, "kneel_pain": False,
}  # fmt: skip
"""What staff asked beyond the intake."""
Line = tuple[int, str, str, int, int]
LOGGED: Final[dict[int, tuple[Line, ...]]] = {
    ADA: (
        (11, "brace", "yes", 5, 5), (11, "walk", "yes", 5, 5), (10, "brace", "yes", 5, 4),
        (10, "stretch-a", "yes", 5, 5), (9, "brace", "partly", 5, 6), (8, "walk", "yes", 5, 5),
        (8, "brace", "yes", 5, 4), (7, "stretch-a", "yes", 4, 4), (6, "brace", "yes", 4, 4),
        (6, "bird-dog", "yes", 4, 5), (5, "walk", "yes", 4, 4), (4, "stretch-a", "yes", 4, 3),
        (3, "bird-dog", "yes", 4, 4), (3, "bridge", "yes", 4, 4), (2, "walk", "yes", 4, 4),
        (2, "stretch-a", "yes", 4, 4), (1, "bird-dog", "yes", 3, 3), (1, "walk", "yes", 3, 3),
        (1, "bridge", "partly", 3, 3),
    ),
    BEN: (
        (5, "brace", "yes", 6, 6), (4, "walk", "yes", 6, 6), (3, "brace", "yes", 6, 7),
        (1, "stretch-b", "partly", 6, 7),
    ),
}  # fmt: skip
"""Days ago, exercise, how much of it, pain before and after."""
LET_ON: Final = "Examined on the day: full strength, heel and toe walk normal, reflexes equal. The tape sat too low."
BEGAN: Final = {ADA: 12, BEN: 6}


@transaction.atomic
def demo_home(user: User, now: datetime) -> None:
    """Programmes and logs for the demo's first two patients; nothing where they are not screened."""
    for number, began in BEGAN.items():
        patient = Patient.objects.select_related("clinic").get(number=number)
        told = intake_tells(patient, now)
        if told["verdict"] is None:
            continue
        keep_facts(patient, {name: value for name, value in ASKED.items() if told[name] is None}, by=user, now=now)
        order(patient, [], standing(patient, now).today - timedelta(days=began), by=user, now=now)
        for turn, line in enumerate(LOGGED[number], 1):
            weak = number == BEN and turn == len(LOGGED[number])
            _log(patient, user, now, turn, line, "weak" if weak else "no")
    ben = Patient.objects.select_related("clinic").get(number=BEN)
    if ALL in stopped_now(ben, now):
        let_on(ben, ALL, LET_ON, by=user, now=now)


def _log(patient: Patient, user: User, now: datetime, turn: int, line: Line, leg: str) -> None:
    days, exercise, done, before, after = line
    at = (now - timedelta(days=days)).replace(hour=8 + turn % 3 * 5, minute=15, second=0, microsecond=0)
    uid = f"demo-{patient.number:03d}-{turn:03d}"
    document = {
        "id": uid, "exercise": exercise, "at": at.isoformat(), "done": done, "nrs_before": before, "nrs_after": after,
        "leg": leg, "dizzy": False, "signs": [], "minutes": 6.0,
    }  # fmt: skip
    HomeEntry(patient=patient, uid=uid, exercise=exercise, at=at, received=at, document=document, by=user).save()
