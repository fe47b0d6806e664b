"""What the agenda keeps: hours, closures, tables and people to book, appointments, who waits, feeds."""

from __future__ import annotations

from opentraction.clinic.agenda.models.appointment import Appointment, Hold
from opentraction.clinic.agenda.models.feed import Feed
from opentraction.clinic.agenda.models.opening import ClosureRow, Opening
from opentraction.clinic.agenda.models.resource import ResourceRow
from opentraction.clinic.agenda.models.waiting import WaitingRow

__all__ = ["Appointment", "ClosureRow", "Feed", "Hold", "Opening", "ResourceRow", "WaitingRow"]
