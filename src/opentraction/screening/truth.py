"""Three-valued logic (Kleene, 1938): True, False, or None for "not known". Unknown is never taken for no."""

from __future__ import annotations

from collections.abc import Sequence

Truth = bool | None


def both(values: Sequence[Truth]) -> Truth:
    """All of them: one False decides; otherwise one unknown leaves it open."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def either(values: Sequence[Truth]) -> Truth:
    """Any of them: one True decides; otherwise one unknown leaves it open."""
    return opposite(both([opposite(value) for value in values]))


def opposite(value: Truth) -> Truth:
    """Not; what is not known stays so."""
    return None if value is None else not value


def at_least(n: int, values: Sequence[Truth]) -> Truth:
    """At least `n` of them."""
    sure = sum(value is True for value in values)
    possible = sure + sum(value is None for value in values)
    if sure >= n:
        return True
    return None if possible >= n else False
