"""What changed, and whether it matters: questionnaires scored by their rules, change against the smallest worthwhile
difference, the examination, when to ask again, a course on one page, and the clinic's own results with intervals.

Missing is never zero: a score that cannot be told is None, a form that never came is counted as missing.
"""

from __future__ import annotations

from opentraction.care.outcomes.body_map import body_map, body_maps, summary
from opentraction.care.outcomes.change import Change, change, threshold_words
from opentraction.care.outcomes.course import PatientCourse, SessionPoint
from opentraction.care.outcomes.course_paper import course_page, course_pdf
from opentraction.care.outcomes.course_picture import course_picture
from opentraction.care.outcomes.examination import MOTIONS, QUALITIES, Examination, Felt, Raise
from opentraction.care.outcomes.file import changes, read_forms, told
from opentraction.care.outcomes.findings import Finding, findings, must_stop
from opentraction.care.outcomes.form import Form
from opentraction.care.outcomes.instrument import Fact, Instrument, Item
from opentraction.care.outcomes.intervals import exact, wilson
from opentraction.care.outcomes.languages import in_language, only_in_english, picture_in
from opentraction.care.outcomes.library import instrument, instruments
from opentraction.care.outcomes.results import CourseOutcome, Results, Share, results
from opentraction.care.outcomes.results_picture import results_picture
from opentraction.care.outcomes.roots import roots
from opentraction.care.outcomes.schedule import CourseFacts, Due, Reminders, add_months, due, plan, reminders, schedule
from opentraction.care.outcomes.score import Score, score

__all__ = [
    "MOTIONS",
    "QUALITIES",
    "Change",
    "CourseFacts",
    "CourseOutcome",
    "Due",
    "Examination",
    "Fact",
    "Felt",
    "Finding",
    "Form",
    "Instrument",
    "Item",
    "PatientCourse",
    "Raise",
    "Reminders",
    "Results",
    "Score",
    "SessionPoint",
    "Share",
    "add_months",
    "body_map",
    "body_maps",
    "change",
    "changes",
    "course_page",
    "course_pdf",
    "course_picture",
    "due",
    "exact",
    "findings",
    "in_language",
    "instrument",
    "instruments",
    "must_stop",
    "only_in_english",
    "picture_in",
    "plan",
    "read_forms",
    "reminders",
    "results",
    "results_picture",
    "roots",
    "schedule",
    "score",
    "summary",
    "threshold_words",
    "told",
    "wilson",
]
