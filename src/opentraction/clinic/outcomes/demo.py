"""A demo patient whose course is over: what was asked, pulled and found in twelve sessions. All of it is invented.

Days count back from today, so that the forms of one month after the end are due now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import Examination, Felt, Form, Raise, instrument
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.actions.prescriptions import draft, sign
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.actions.answering import hand_in
from opentraction.clinic.outcomes.actions.events import follow_up, report_event
from opentraction.clinic.outcomes.actions.examining import examine
from opentraction.clinic.outcomes.actions.sessions import end_course, tell_session

CLEO: Final[dict[str, Any]] = {
    "given_name": "Cleo",
    "family_name": "Model",
    "birth_date": date(1966, 8, 9),
    "sex": "female",
    "phone": "555-0103",
    "email": "cleo@example.org",
    "mass_kg": 68.0,
    "stature_m": 1.66,
    "disc_grade": 3,
    "region": "lumbar",
    "levels": "L5-S1",
    "complaint": "sciatica, left",
}
PLAN: Final = """
name = "Lumbar, 12 sessions, taken in from paper"
notes = "Made for the demonstration; not a published protocol. Taken in after the course, from paper."
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "intermittent"
cycles = 8
[forces]
high = "50 lb"
[hold]
time = "60 s"
[rest]
time = "30 s"
[course]
sessions = 12
high_last = "70 lb"
"""
INVENTED: Final = "invented for the demonstration; no recording"
VISITS: Final = (0, 2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25)
"""Days of the sessions since the first."""
ENDED_AGO: Final = 33
BACK: Final = (6, 6, 5, 5, 6, 5, 4, 4, 4, 3, 3, 3)
LEG: Final = (7, 7, 6, 6, 6, 5, 5, 4, 4, 3, 3, 2)
COMFORT: Final = (6, 6, 7, 5, 7, 7, 8, 8, 8, 9, 8, 9)
SORE: Final = (3, 0, 4, 20, 6, 0, 2, 0, 0, 0, 0)
ACTIVITIES: Final = {
    "activity_1": "Sit through a film", "activity_2": "Walk the dog", "activity_3": "Lift my grandchild",
}  # fmt: skip
ASKED: Final[dict[int, dict[str, Any]]] = {
    0: {"nprs_back": 6, "nprs_leg": 7, "rmdq": 15, "psfs": (2, 3, 1), "start_back": 5},
    5: {"nprs_back": 5, "nprs_leg": 5, "psfs": (4, 4, 3), "pgic": 3},
    11: {"nprs_back": 3, "nprs_leg": 2, "rmdq": 7, "psfs": (7, 7, 5), "pgic": 2},
}
"""By the session at which it was asked: scores; at the sixth nobody asked RMDQ, and it stays missing."""


def demo_course(by: User, confirmed: Confirmed, now: datetime) -> Patient:
    """Cleo, her prescription, twelve sessions without recordings, and everything that was asked around them."""
    with transaction.atomic():
        patient = add_patient(dict(CLEO), by=by)
        signed = sign(
            draft(patient, "Lumbar, 12 sessions, taken in from paper", PLAN, by=by), by=by, confirmed=confirmed
        )
        first = now.date() - timedelta(days=ENDED_AGO + VISITS[-1])
        _examine(patient, first - timedelta(days=1), 4, by)
        sessions = [_session(patient, plan, n, first, by) for n, plan in enumerate(signed.plans.all())]
        for number, told in ASKED.items():
            _ask(patient, first + timedelta(days=VISITS[number] - (number == 0)), told, by)
        _event(patient, sessions[3], first, by)
        _examine(patient, first + timedelta(days=VISITS[-1]), 5, by)
        end_course(patient, first + timedelta(days=VISITS[-1]), "planned", by=by)
    return patient


def _session(patient: Patient, plan: Any, number: int, first: date, by: User) -> TreatmentSession:
    """One session as a row, and what the patient said of it; no recording is made up for it."""
    began = datetime.combine(first + timedelta(days=VISITS[number]), time(9, 30), UTC)
    force = 222.4 + number * (311.4 - 222.4) / (len(VISITS) - 1)
    one = TreatmentSession(
        patient=patient, plan=plan, operator=by, started=began, ended=began + timedelta(minutes=14), ending="completed",
        cause=INVENTED, comfort=COMFORT[number],
        summary={"treatment_s": 780.0, "peak_prescribed_n": round(force, 1), "peak_force_n": round(force + 1.5, 1)},
    )  # fmt: skip
    one.save()
    record("take in demo session", one, by=by)
    before = {"spine": BACK[number], "limb": LEG[number]}
    after = {"spine": max(0, BACK[number] - 1), "limb": max(0, LEG[number] - 1), "felt": "comfortable",
             "peripheralised": False, "new_distal": False, "dizzy": False}  # fmt: skip
    tell_session(one, "before", before, by=by)
    tell_session(one, "after", after | ({"felt": "noticeable"} if number == 3 else {}), by=by)
    if number < len(SORE):
        tell_session(one, "next", {"soreness_hours": float(SORE[number]), "new_distal": False}, by=by)
    return one


def _ask(patient: Patient, day: date, told: Mapping[str, Any], by: User) -> None:
    for name, value in told.items():
        own = ACTIVITIES if instrument(name).own else {}
        hand_in(patient, Form(name, day, _answers(name, value), own, "paper", by.username), by=by)


def _answers(name: str, value: Any) -> dict[str, Any]:
    if name.startswith("nprs"):
        return {"now": value, "average": value, "worst": min(10, value + 2)}
    if name == "psfs":
        return dict(zip(ACTIVITIES, value, strict=True))
    if name == "start_back":
        return {"total": value, "psychosocial": 3}
    return {"rmdq": {"total": value}, "pgic": {"change": value}}[name]


def _examine(patient: Patient, day: date, grade: int, by: User) -> None:
    better = grade == 5
    felt = {
        "S1-left": Felt(tingling=0 if better else 3, pain=2 if better else 6),
        "L5-left": Felt(pain=1 if better else 4),
    }
    strength = {f"{muscle}-{side}": 5 for muscle in ("hip_flexors", "knee_extensors", "ankle_dorsiflexors",
                "big_toe_extensor") for side in ("left", "right")}  # fmt: skip
    strength |= {"ankle_plantar_flexors-left": grade, "ankle_plantar_flexors-right": 5}
    raises = {"left": Raise(75.0 if better else 45.0, not better), "right": Raise(85.0, False)}
    found = Examination(
        day, by.username, felt, raises, {"fingertip_floor_cm": 12.0 if better else 28.0}, strength,
        {"achilles-left": 1, "achilles-right": 2, "patellar-left": 2, "patellar-right": 2},
        {"S1-left": 2 if better else 1, "S1-right": 2}, walking_m=1500.0 if better else 400.0,
    )  # fmt: skip
    examine(patient, found, by=by)


def _event(patient: Patient, session: TreatmentSession, first: date, by: User) -> None:
    """Sore after the fourth session, over the day after."""
    onset = datetime.combine(first + timedelta(days=VISITS[3]), time(15, 0), UTC)
    told = AdverseEvent(
        uid=str(UUID(int=20261122)), kind="soreness", onset=onset, reported=onset + timedelta(hours=18), severity=1,
        relatedness="probable", what="Sore across the low back from the afternoon on, after the fourth session.",
        action="Explained that it is known. The force stayed the same next time.", outcome="recovering",
        session=str(session.pk), by=by.username,
    )  # fmt: skip
    row = report_event(patient, told, session, by=by)
    looked = first + timedelta(days=VISITS[4])
    follow_up(row, looked=looked, outcome="recovered", status="closed", words="Gone after about 20 hours.", by=by)
