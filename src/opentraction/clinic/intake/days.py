"""Which day it is at a clinic."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opentraction.clinic.models import Clinic


def zone_of(clinic: Clinic) -> tzinfo:
    """Its time zone; UTC where it is not known here."""
    try:
        return ZoneInfo(clinic.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def day_at(clinic: Clinic, now: datetime) -> date:
    """The day of `now` where the clinic is."""
    return now.astimezone(zone_of(clinic)).date()
