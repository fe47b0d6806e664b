"""What the wing keeps: amendments and what was decided on them, and legal holds."""

from __future__ import annotations

from opentraction.clinic.records.models.amendment import ASKED_BY, Amendment, AmendmentDecision
from opentraction.clinic.records.models.legal_hold import LegalHold

__all__ = ["ASKED_BY", "Amendment", "AmendmentDecision", "LegalHold"]
