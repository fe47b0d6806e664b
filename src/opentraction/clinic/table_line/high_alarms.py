"""What every page tells of the table, whoever's patient lies on it: alarms of high priority that nobody has seen."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from opentraction.clinic.sight import bound_in
from opentraction.clinic.table_line import line
from opentraction.clinic.table_line.sessions import foreign

Message = dict[str, Any]


def high_alarms(user: User) -> Message:
    """Their words, and where to go; empty while the table is away, which its own pages tell."""
    link = line.link()
    told = (link.telemetry or {}) if link.up else {}
    high = [one for one in told.get("alarms") or [] if one.get("priority") == "high" and not one.get("acknowledged")]
    ours = high and bound_in(told) and not foreign(user, told)
    where = reverse("treatment", args=[bound_in(told)]) if ours else ""
    return {"alarms": [{key: one.get(key) for key in ("number", "text", "act")} for one in high], "where": where}
