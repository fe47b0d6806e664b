"""A request to correct the record, for tests."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.clinic.models import Patient
from opentraction.clinic.records.models import Amendment


def amendment_of(patient: Patient, by: User) -> Amendment:
    """An open request, written down by `by`."""
    one = Amendment(patient=patient, about="the record", what="L4-L5", why="The scan says so", asked_by="patient")
    one.at, one.by = timezone.now(), by
    one.save()
    return one
