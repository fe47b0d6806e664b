"""Days of a clinic: a moment falls on a day where the clinic is, not where the server stands."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from opentraction.clinic.models import Clinic


def day_of(moment: datetime, clinic: Clinic) -> date:
    """The day in the clinic's own time zone."""
    return moment.astimezone(zone_of(clinic)).date()


def zone_of(clinic: Clinic) -> ZoneInfo:
    """The clinic's time zone."""
    return ZoneInfo(clinic.time_zone)
