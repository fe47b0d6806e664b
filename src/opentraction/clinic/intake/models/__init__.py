"""What the intake keeps: drafts, links for a phone, verdicts, overrides, checks of the day, emergencies seen to."""

from __future__ import annotations

from opentraction.clinic.intake.models.intake import Intake
from opentraction.clinic.intake.models.link import IntakeLink
from opentraction.clinic.intake.models.override import VerdictOverride
from opentraction.clinic.intake.models.screening import Screening
from opentraction.clinic.intake.models.seen_to import SeenAlarm, SeenTo
from opentraction.clinic.intake.models.visit import VisitCheckRow

__all__ = ["Intake", "IntakeLink", "Screening", "SeenAlarm", "SeenTo", "VerdictOverride", "VisitCheckRow"]
