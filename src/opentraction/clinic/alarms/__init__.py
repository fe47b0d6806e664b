"""What stops or alarms a patient now, whoever told it: intake, check of the day, examination, adverse event, home.

Every page asks here: the red line on the lists, the road, the roads side by side, booking, prescribing, the portal.
What may be pulled at this minute is the gate's to say (`clearance.py`); this is what stands until a clinician settles
it. The sentences are clinical: whoever may not look is told no more than `neutral()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from opentraction.clinic.alarms.alarm import LEVELS, Alarm, Level, Told, read_told, written
from opentraction.clinic.alarms.sources import Search, found, seen_among
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.intake.models import SeenTo
from opentraction.clinic.memory import acts_in, acts_on, clinic_number, memory
from opentraction.clinic.models import Clinic, Patient
from opentraction.quantities import BadInput, State

EMERGENCY_NUMBER: Final = "911"
"""Codes, prices and directory are those of the United States; where a page has room it names the European one too."""

__all__ = [
    "EMERGENCY_NUMBER",
    "LEVELS",
    "Alarm",
    "Level",
    "Stopped",
    "Told",
    "alarms_of",
    "emergencies_in",
    "in_emergency",
    "neutral",
    "read_told",
    "seen_to",
    "stopped_among",
    "told_in",
    "why_stopped",
    "written",
]


class Stopped(BadInput):
    """Something is refused because the patient is stopped: one sentence of its own."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence
        super().__init__("patient", State("stopped"), sentence)

    def sentence(self) -> str:
        return self._sentence


def neutral() -> str:
    """What the front desk is told, who may not see why."""
    return _("No session on the table can be booked for this patient now. Ask a clinician.")


@asked_once
def alarms_of(patient: Patient, now: datetime) -> tuple[Alarm, ...]:
    """Everything that stops or alarms one patient at `now`, the gravest first. What cannot be read stops too."""
    return memory.recall(("alarms", patient.pk), lambda: acts_on(patient), now, lambda: _alarms_of(patient, now))


def _alarms_of(patient: Patient, now: datetime) -> tuple[Alarm, ...]:
    return tuple(sorted(found(Search(Q(patient=patient), now), [patient]), key=_gravest))


def in_emergency(patient: Patient, now: datetime) -> bool:
    """Whether somebody has to act at once."""
    return any(one.level == "emergency" for one in alarms_of(patient, now))


def seen_to(patient: Patient, now: datetime) -> SeenTo | None:
    """What was done last about the patient's emergencies, if somebody has seen to each of them."""
    told = told_in(alarms_of(patient, now))
    if not told:
        return None
    return memory.recall(("seen to", patient.pk), lambda: acts_on(patient), now, lambda: _seen_to(told), told)


def told_in(alarms: Iterable[Alarm]) -> frozenset[Told]:
    """By which rows the emergencies among them were told."""
    return frozenset(told for one in alarms if one.level == "emergency" for told in one.told)


def _seen_to(told: frozenset[Told]) -> SeenTo | None:
    seen = seen_among(told)
    return max((row.seen_to for row in seen.values()), key=lambda one: one.pk) if seen.keys() == told else None


def why_stopped(patient: Patient, now: datetime, *, look: bool) -> str:
    """Why nothing that leads to the table is done for a patient, as one sentence; the neutral one for who may not look.

    Empty where nothing stops them.
    """
    all_ = alarms_of(patient, now)
    if not all_:
        return ""
    said = _("Not on the table until a clinician has settled this. {why}")
    return said.format(why=all_[0].because) if look else neutral()


def emergencies_in(clinic: Clinic | int, now: datetime) -> list[Alarm]:
    """The emergencies of a clinic to which nobody has seen yet, one for each patient, the newest first.

    A handful of questions in all. Whoever was sent to a hospital leaves the list and stays stopped: a red line that
    never goes out is soon not read.
    """
    key = clinic_number(clinic)
    return memory.recall(("emergencies", key), lambda: acts_in(key), now, lambda: _emergencies_in(key, now))


def _emergencies_in(clinic: int, now: datetime) -> list[Alarm]:
    asked = Search(Q(patient__clinic=clinic), now, ("emergency",), unseen=True)
    newest: dict[int, Alarm] = {}
    for one in sorted(found(asked), key=lambda one: one.at, reverse=True):
        newest.setdefault(one.patient.pk, one)
    return list(newest.values())


def stopped_among(patients: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of these patients for whom no session on the table is booked: a handful of questions for a whole day."""
    keys = set(patients)
    return frozenset(one.patient.pk for one in found(Search(Q(patient__in=keys), now))) if keys else frozenset()


def _gravest(one: Alarm) -> tuple[int, float]:
    return LEVELS.index(one.level), -one.at.timestamp()
