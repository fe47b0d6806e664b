"""Consent that tells the truth: its words in versions, who agreed to which, and whether that still holds today."""

from __future__ import annotations

from opentraction.care.consent.changes import Change, changes
from opentraction.care.consent.given import Consent, Given
from opentraction.care.consent.paper import consent_form, signed_form
from opentraction.care.consent.signature import checked_drawing, drawing_hash, drawing_svg
from opentraction.care.consent.standing import REASONS, Lapse, Standing, since_consent, standing_of
from opentraction.care.consent.text import ConsentText, current, version_of, versions

__all__ = [
    "REASONS",
    "Change",
    "Consent",
    "ConsentText",
    "Given",
    "Lapse",
    "Standing",
    "changes",
    "checked_drawing",
    "consent_form",
    "current",
    "drawing_hash",
    "drawing_svg",
    "signed_form",
    "since_consent",
    "standing_of",
    "version_of",
    "versions",
]
