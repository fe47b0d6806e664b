"""What the outcomes wing keeps: forms, examinations, adverse events, session reports, ends of courses, reminders."""

from __future__ import annotations

from opentraction.clinic.outcomes.models.adverse import AdverseEventRow, FollowUp, ReportMade
from opentraction.clinic.outcomes.models.course_end import CourseEnd
from opentraction.clinic.outcomes.models.examination import ExaminationRow, StopLifted
from opentraction.clinic.outcomes.models.form import OutcomeDraft, OutcomeForm
from opentraction.clinic.outcomes.models.kept import COUNTS
from opentraction.clinic.outcomes.models.reminder import ReminderSent
from opentraction.clinic.outcomes.models.session_report import SessionReport

__all__ = [
    "COUNTS",
    "AdverseEventRow",
    "CourseEnd",
    "ExaminationRow",
    "FollowUp",
    "OutcomeDraft",
    "OutcomeForm",
    "ReminderSent",
    "ReportMade",
    "SessionReport",
    "StopLifted",
]
