"""What a course keeps. All of it is written once: a change is another row."""

from __future__ import annotations

from opentraction.clinic.courses.models.advice import AdviceRow
from opentraction.clinic.courses.models.check import TodayCheck
from opentraction.clinic.courses.models.course import CourseAmendment, CourseReview, CourseRow
from opentraction.clinic.courses.models.terms import RUNNING, STATES, Terms

__all__ = [
    "RUNNING",
    "STATES",
    "AdviceRow",
    "CourseAmendment",
    "CourseReview",
    "CourseRow",
    "Terms",
    "TodayCheck",
]
