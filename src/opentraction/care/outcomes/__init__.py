"""What changed, and whether it matters: questionnaires scored by their rules, change against the smallest worthwhile
difference, the examination, when to ask again, a course on one page, and the clinic's own results with intervals.

Missing is never zero: a score that cannot be told is None, a form that never came is counted as missing.
"""

from __future__ import annotations

from opentraction.care.outcomes.change import Change, change, threshold_words
from opentraction.care.outcomes.file import changes, read_forms, told
from opentraction.care.outcomes.form import Form
from opentraction.care.outcomes.instrument import Instrument, Item
from opentraction.care.outcomes.library import instrument, instruments
from opentraction.care.outcomes.score import Score, score

__all__ = [
    "Change",
    "Form",
    "Instrument",
    "Item",
    "Score",
    "change",
    "changes",
    "instrument",
    "instruments",
    "read_forms",
    "score",
    "threshold_words",
    "told",
]
