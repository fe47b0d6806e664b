"""Small checks of what a person signs: who, why, and a time that says its zone."""

from __future__ import annotations

from datetime import UTC, datetime

from opentraction.quantities import BadInput, check_line

LONGEST_NAME = 150
SHORTEST_REASON = 10
LONGEST_REASON = 500


def signer(by: object, where: str) -> str:
    """A name that is there. Raises BadInput."""
    name = check_line(by, where, LONGEST_NAME).strip()
    if not name:
        raise BadInput(where, by, "the name of the clinician who signs")
    return name


def reason_given(reason: object, where: str) -> str:
    """A reason of some substance. Raises BadInput."""
    text = check_line(reason, where, LONGEST_REASON).strip()
    if len(text) < SHORTEST_REASON:
        raise BadInput(where, reason, f"a reason of at least {SHORTEST_REASON} characters")
    return text


def in_utc(at: datetime, where: str) -> datetime:
    """The same instant in UTC. Raises BadInput for a time without a zone."""
    if at.tzinfo is None:
        raise BadInput(where, at.isoformat(), "a time with its zone, such as 2026-03-31T09:30:00+00:00")
    return at.astimezone(UTC)
