"""Days of a clinic, by the names this room knows them."""

from __future__ import annotations

from datetime import date, datetime

from opentraction.clinic.days import day_at, zone_of
from opentraction.clinic.models import Clinic

__all__ = ["day_of", "zone_of"]


def day_of(moment: datetime, clinic: Clinic) -> date:
    """The day in the clinic's own time zone."""
    return day_at(clinic, moment)
