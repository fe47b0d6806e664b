"""What the wing keeps: amendments and what was decided on them, legal holds, and removals."""

from __future__ import annotations

from opentraction.clinic.records.models.amendment import ASKED_BY, Amendment, AmendmentDecision
from opentraction.clinic.records.models.legal_hold import LegalHold
from opentraction.clinic.records.models.removal import Removal, RemovalRequest

__all__ = ["ASKED_BY", "Amendment", "AmendmentDecision", "LegalHold", "Removal", "RemovalRequest"]
