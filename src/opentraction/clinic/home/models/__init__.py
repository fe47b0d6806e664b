"""What the clinic keeps of the home programme: facts asked, orders, the log, and who let on after a stop."""

from __future__ import annotations

from opentraction.clinic.home.models.cleared import Cleared
from opentraction.clinic.home.models.entry import HomeEntry
from opentraction.clinic.home.models.facts import HomeFacts
from opentraction.clinic.home.models.programme import ProgrammeRow

__all__ = ["Cleared", "HomeEntry", "HomeFacts", "ProgrammeRow"]
