"""What screening may say, mildest to worst. The worst that any rule says is the verdict.

EMERGENCY > REFER_URGENT > EXCLUDE > REFER > HOLD > CAUTION > OK. A plain REFER stands under EXCLUDE, because the other
doctor's answer can lift it, and above HOLD, because nobody here can (design: the source names it without a place).
"""

from __future__ import annotations

from enum import IntEnum


class Action(IntEnum):
    """An action; a greater one is worse."""

    OK = 0
    CAUTION = 1
    HOLD = 2
    REFER = 3
    EXCLUDE = 4
    REFER_URGENT = 5
    EMERGENCY = 6


TREATS = frozenset({Action.OK, Action.CAUTION})
DO_NOT_START = "do_not_start"  # the one limit that forbids by itself


def unknown_weighs(action: Action) -> Action:
    """What a paragraph says while its answer is not known: as much as if it held, but never more than HOLD."""
    return min(action, Action.HOLD)
