"""One reason why a patient is stopped, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from opentraction.clinic.models import Patient

Level = Literal["emergency", "urgent", "stop"]
LEVELS: Final[tuple[Level, ...]] = ("emergency", "urgent", "stop")
"""Act now; to a surgeon or a hospital today; no pull until a clinician has settled it."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One reason. `step` is where on the road it is settled, `url` what to open, `at` when the clinic could know."""

    patient: Patient
    step: str
    level: Level
    because: str
    url: str
    at: datetime
