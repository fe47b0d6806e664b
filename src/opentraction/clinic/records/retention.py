"""Whose record's time has passed, by the schedule. Removing is an act of two people (`actions/removing.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from opentraction.care.retention import keep_record_until, schedule, years_after
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ, READ_LIST
from opentraction.clinic.records.models import LegalHold

NO_CARE = (READ, READ_LIST, "export", "put on legal hold", "lift legal hold", "ask for removal")
"""Acts that do not prolong what is kept: a look, a copy, the hold, which has its own way, and the wish to remove."""


@dataclass(frozen=True)
class Kept:
    """How long a patient's record is kept."""

    patient: Patient
    last_act: date
    until: date
    hold: LegalHold | None
    minor: bool = False
    """Whether it is kept as long as it is because the patient was a minor."""

    def due(self, today: date) -> bool:
        """Whether its time has passed and nothing holds it."""
        return today > self.until and self.hold is None


def kept(patients: Iterable[Patient]) -> list[Kept]:
    """Each with the day until which it is kept, that which ends first in front."""
    people = list(patients)
    keys = [one.pk for one in people]
    acts = AuditRow.objects.filter(patient__in=keys).exclude(act__in=NO_CARE).order_by()
    last = dict(acts.values_list("patient").annotate(last=Max("at")))
    holds = {one.patient_id: one for one in LegalHold.objects.filter(patient__in=keys).order_by("id")}
    found = [_kept(one, last.get(one.pk, one.created).date(), holds.get(one.pk)) for one in people]
    return sorted(found, key=lambda one: (one.until, one.patient.number))


def _kept(patient: Patient, last: date, hold: LegalHold | None) -> Kept:
    until = keep_record_until(last, patient.birth_date)
    minor = until > years_after(last, schedule()["record"].years)
    return Kept(patient, last, until, hold if hold is not None and hold.held else None, minor)
