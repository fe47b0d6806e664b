"""Which day and hour it is at a clinic: a moment falls on a day where the clinic is, not where the server stands."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opentraction.clinic.models import Clinic


def zone_of(clinic: Clinic) -> ZoneInfo:
    """The clock on the clinic's wall; that of UTC where its zone is not known on this machine."""
    try:
        return ZoneInfo(clinic.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "" and "Europe" are folders to it
        return ZoneInfo("UTC")


def local(clinic: Clinic, moment: datetime) -> datetime:
    """The moment as that clock shows it."""
    return moment.astimezone(zone_of(clinic))


def day_at(clinic: Clinic, moment: datetime) -> date:
    """The day of the moment there."""
    return local(clinic, moment).date()
