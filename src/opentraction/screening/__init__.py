"""May this person be treated: an intake of short pages, rules as data with their sources, and a verdict that explains
itself. The worst of all rules wins, and what is not known holds. A `Clearance` carries the answer to the table.
"""

from __future__ import annotations

from opentraction.screening.actions import DO_NOT_START, TREATS, Action
from opentraction.screening.answers import UNKNOWN, UNSURE, Answer, Answers, Cell, Mark, known, plain_answer
from opentraction.screening.body_map import BodyMap, body_map
from opentraction.screening.clearance import Clearance, Consent, clear
from opentraction.screening.indications import all_indications
from opentraction.screening.intake import Intake, from_plain, parse_intake, read_intake
from opentraction.screening.languages import (
    LANGUAGES,
    Worded,
    chart_words,
    page_title,
    plain_headline,
    plain_why,
    worded,
)
from opentraction.screening.letter import Correspondents, addressee, addressees, letter, write_letter
from opentraction.screening.override import Overridden, override
from opentraction.screening.question import REGIONS, Page, Question
from opentraction.screening.questions import intake_questions, pages
from opentraction.screening.reading import read_answer
from opentraction.screening.rules import LIMITS, RuleBook, rule_book, visit_book
from opentraction.screening.same_body import Apart, Near, apart
from opentraction.screening.scene import asked_answers, visible
from opentraction.screening.screen import screen
from opentraction.screening.validity import validity
from opentraction.screening.verdict import Reason, Verdict
from opentraction.screening.visit import VisitCheck, visit_check, visit_questions
from opentraction.screening.words import caveat, headline, limit_words, plain_words

__all__ = [
    "DO_NOT_START",
    "LANGUAGES",
    "LIMITS",
    "REGIONS",
    "TREATS",
    "UNKNOWN",
    "UNSURE",
    "Action",
    "Answer",
    "Answers",
    "Apart",
    "BodyMap",
    "Cell",
    "Clearance",
    "Consent",
    "Correspondents",
    "Intake",
    "Mark",
    "Near",
    "Overridden",
    "Page",
    "Question",
    "Reason",
    "RuleBook",
    "Verdict",
    "VisitCheck",
    "Worded",
    "addressee",
    "addressees",
    "all_indications",
    "apart",
    "asked_answers",
    "body_map",
    "caveat",
    "chart_words",
    "clear",
    "from_plain",
    "headline",
    "intake_questions",
    "known",
    "letter",
    "limit_words",
    "override",
    "page_title",
    "pages",
    "parse_intake",
    "plain_answer",
    "plain_headline",
    "plain_why",
    "plain_words",
    "read_answer",
    "read_intake",
    "rule_book",
    "screen",
    "validity",
    "visible",
    "visit_book",
    "visit_check",
    "visit_questions",
    "worded",
    "write_letter",
]
