"""Consent that tells the truth: its words in versions, who agreed to which, and whether that still holds today."""

from __future__ import annotations

from opentraction.care.consent.given import Consent, Given
from opentraction.care.consent.paper import consent_form, signed_form
from opentraction.care.consent.standing import Standing, since_consent, standing_of
from opentraction.care.consent.text import ConsentText, current, version_of, versions

__all__ = [
    "Consent",
    "ConsentText",
    "Given",
    "Standing",
    "consent_form",
    "current",
    "signed_form",
    "since_consent",
    "standing_of",
    "version_of",
    "versions",
]
