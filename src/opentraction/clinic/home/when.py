"""The clinic's own clock: a day at home is the clinic's day, not the server's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opentraction.clinic.models import Clinic


def local(clinic: Clinic, moment: datetime) -> datetime:
    """The moment where the clinic is; as it stands where its zone is not known here."""
    try:
        return moment.astimezone(ZoneInfo(clinic.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment
