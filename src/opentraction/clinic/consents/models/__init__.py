"""What the clinic keeps of consent: the patient's way through the words, what was signed, what was taken back."""

from __future__ import annotations

from opentraction.clinic.consents.models.purpose import PurposeChange
from opentraction.clinic.consents.models.signed import SignedConsent
from opentraction.clinic.consents.models.signing import Signing
from opentraction.clinic.consents.models.withdrawal import Withdrawal

__all__ = ["PurposeChange", "SignedConsent", "Signing", "Withdrawal"]
