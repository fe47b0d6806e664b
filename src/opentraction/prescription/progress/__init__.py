"""The course of treatment: where its force starts, what the next session's force is and why, when to stop, and when to
come. Rules are data (`rules.toml`, `limits.toml`, `templates.toml`, `angles.toml`), each with source and certainty.

`next_session(course, history, today)` is pure: it gives an `Advice` that says what to do, and which rule says so.
"""

from __future__ import annotations

from opentraction.prescription.progress.advice import Action, Advice
from opentraction.prescription.progress.angles import SuggestedAngle, angle_table, read_angles, suggested_angle
from opentraction.prescription.progress.bounds import Start, screening_limits, starting_force
from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.file import CourseFile, course_from, parse_course, read_course
from opentraction.prescription.progress.history import (
    Check,
    History,
    Pain,
    Review,
    Scores,
    Screened,
    SessionDone,
    warning_signs,
)
from opentraction.prescription.progress.next_session import forbids, next_session
from opentraction.prescription.progress.questions import Question
from opentraction.prescription.progress.rules import CAVEAT, Reason, Rule, read_rules, shipped
from opentraction.prescription.progress.session_stops import Moment, StopNow, stop_session
from opentraction.prescription.progress.surgery import Findings, Referral, surgical_referral
from opentraction.prescription.progress.templates import Template, own_template, reassess, taper, templates
from opentraction.prescription.progress.visits import (
    Clinic,
    FollowUp,
    Visit,
    course_calendar,
    follow_ups,
    missed,
    reschedule,
)
from opentraction.prescription.progress.written import SessionPrescription, plan_for_session

__all__ = [
    "CAVEAT",
    "Action",
    "Advice",
    "Check",
    "Clinic",
    "Course",
    "CourseFile",
    "Findings",
    "FollowUp",
    "History",
    "Moment",
    "Pain",
    "Question",
    "Reason",
    "Referral",
    "Review",
    "Rule",
    "Scores",
    "Screened",
    "SessionDone",
    "SessionPrescription",
    "Start",
    "StopNow",
    "SuggestedAngle",
    "Template",
    "Visit",
    "angle_table",
    "course_calendar",
    "course_from",
    "follow_ups",
    "forbids",
    "missed",
    "next_session",
    "own_template",
    "parse_course",
    "plan_for_session",
    "read_angles",
    "read_course",
    "read_rules",
    "reassess",
    "reschedule",
    "screening_limits",
    "shipped",
    "starting_force",
    "stop_session",
    "suggested_angle",
    "surgical_referral",
    "taper",
    "templates",
    "warning_signs",
]
