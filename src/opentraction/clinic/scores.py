"""What a comfort score may be: 0 is worst, 10 is best. Said here for the page, the table and the record."""

from __future__ import annotations

from opentraction.quantities import BadInput

SCORES = range(11)


def score_of(written: str) -> int:
    """The score somebody wrote. Raises BadInput."""
    if written not in {str(score) for score in SCORES}:
        raise BadInput("score", written, f"a whole number from {SCORES[0]} to {SCORES[-1]}")
    return int(written)
