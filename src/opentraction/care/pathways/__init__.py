"""The roads beside the table: waiting, exercise, injection, decompression and the operations, side by side as data with
sources; how urgent a surgeon is, with reasons and the questions still open. It compares and warns, and never chooses.
"""

from __future__ import annotations

from opentraction.care.pathways.compare import STANDINGS, Card, Table, compare, side_by_side
from opentraction.care.pathways.facts import Facts
from opentraction.care.pathways.handout import handout_pdf
from opentraction.care.pathways.languages import say_in
from opentraction.care.pathways.pathway import ROWS, Cost, Figure, Pathway, Said, note, pathways
from opentraction.care.pathways.urgency import LEVELS, URGENT, Rule, Urgency, level_words, rules, surgical_urgency, told

__all__ = [
    "LEVELS",
    "ROWS",
    "STANDINGS",
    "URGENT",
    "Card",
    "Cost",
    "Facts",
    "Figure",
    "Pathway",
    "Rule",
    "Said",
    "Table",
    "Urgency",
    "compare",
    "handout_pdf",
    "level_words",
    "note",
    "pathways",
    "rules",
    "say_in",
    "side_by_side",
    "surgical_urgency",
    "told",
]
