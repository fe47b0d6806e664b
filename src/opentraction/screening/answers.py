"""What may be answered. "I do not know" is an answer of its own; not answered is neither that nor "no".

kind      value
yes-no    True or False
number    float, in the question's unit (kg and m for mass and length)
choice    one option
several   sorted tuple of options; empty is "none of these"; with "unknown" in it the others are not known
date      date
body-map  tuple of Mark
grid      tuple of Cell
text      str
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any


class Unknown(Enum):
    """The one value of "I do not know"."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
UNSURE = "unknown"  # the tick in a list that says: of the others I am not sure
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One mark on the body chart: where, which side, what kind, how strong (0-10)."""

    place: str
    side: str
    kind: str
    score: int


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell of a grid of levels and sides: a grade, or None where it was not tested or is not known."""

    row: str
    side: str
    value: int | None


Answer = bool | float | str | date | tuple[str, ...] | tuple[Mark, ...] | tuple[Cell, ...] | Unknown
Answers = Mapping[str, Answer]


def known(answer: Answer | None) -> bool:
    """Whether an answer was given and is not "I do not know", not even in part."""
    if answer is None or answer is UNKNOWN:
        return False
    if isinstance(answer, tuple):
        return UNSURE not in answer and not any(isinstance(part, Cell) and part.value is None for part in answer)
    return True


def plain_answer(answer: Answer) -> Any:
    """An answer as JSON has it."""
    if isinstance(answer, Unknown):
        return answer.value
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, tuple):
        return [part if isinstance(part, str) else asdict(part) for part in answer]
    return answer


def plain_answers(answers: Answers) -> dict[str, Any]:
    """All answers as JSON has them, by question id."""
    return {key: plain_answer(answers[key]) for key in sorted(answers)}
