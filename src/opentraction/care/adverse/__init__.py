"""Adverse events: classes as data, severity, relatedness, what to do at once, who may have to be told, when to look
again. The class says the least that is done; severity may only raise it.
"""

from __future__ import annotations

from opentraction.care.adverse.event import AdverseEvent
from opentraction.care.adverse.response import FollowUp, Report, Response, follow_ups, reports, response
from opentraction.care.adverse.taxonomy import Kind, Taxonomy, holds, kind, taxonomy

__all__ = [
    "AdverseEvent",
    "FollowUp",
    "Kind",
    "Report",
    "Response",
    "Taxonomy",
    "follow_ups",
    "holds",
    "kind",
    "reports",
    "response",
    "taxonomy",
]
