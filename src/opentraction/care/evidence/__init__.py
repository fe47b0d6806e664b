"""What is known about traction and what is not, both sides, as data with sources.

`evidence_page()` is the content of the patient's page, `forest()` and `shrinking()` its two pictures (SVG),
`citation(id)` a line for a reader. Whatever we know from memory alone carries that in `.caveat`; show it.
"""

from __future__ import annotations

from opentraction.care.evidence.known import FROM_MEMORY, Certainty
from opentraction.care.evidence.languages import evidence_texts, patient_texts
from opentraction.care.evidence.natural_history import NaturalHistory, Regression, natural_history
from opentraction.care.evidence.page import EvidencePage, Sentence, citation, evidence_page
from opentraction.care.evidence.picture import forest, shrinking
from opentraction.care.evidence.positions import Position, guidelines, regulators
from opentraction.care.evidence.questions import Fact, Question, questions
from opentraction.care.evidence.studies import BeforeAfter, Effect, Share, Study, studies

__all__ = [
    "FROM_MEMORY",
    "BeforeAfter",
    "Certainty",
    "Effect",
    "EvidencePage",
    "Fact",
    "NaturalHistory",
    "Position",
    "Question",
    "Regression",
    "Sentence",
    "Share",
    "Study",
    "citation",
    "evidence_page",
    "evidence_texts",
    "forest",
    "guidelines",
    "natural_history",
    "patient_texts",
    "questions",
    "regulators",
    "shrinking",
    "studies",
]
