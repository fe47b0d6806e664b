"""Which day it is at a clinic."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opentraction.clinic.models import Clinic


def day_at(clinic: Clinic, now: datetime) -> date:
    """The day of `now` where the clinic is; that of UTC where its zone is not known here."""
    try:
        return now.astimezone(ZoneInfo(clinic.time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date()
