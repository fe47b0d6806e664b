"""The small language of conditions, as data.

An atom is one line of three words: ``"t_score <= severe"``, ``"saddle_numb is yes"``, ``"devices has pacemaker"``,
``"imaging has any"``, ``"body_chart shows saddle"``, ``"onset_date within acute"``, ``"imaging_date older_than old"``.
The last word of a comparison is the name of a cut-off, never a number. Two answers that contradict each other are
``"onset_date before_birth age"`` and ``"systolic not_above diastolic"``: the last word is a question.
A group is a table:
``{any = [...]}``, ``{all = [...]}``, ``{not = ...}``, ``{at_least = 2, of = [...]}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opentraction.quantities import BadInput

COMPARISONS = ("<=", "<", ">=", ">")
AGES = ("within", "older_than")
AGAINST = ("before_birth", "not_above")  # compares with another answer
OPERATORS = ("is", "has", "shows", *AGES, *COMPARISONS, *AGAINST)
_ATOM = f"three words, question, one of {' '.join(OPERATORS)}, and a value or the name of a cut-off"
_GROUP = "an atom, or a table with any, all, not, or at_least and of"


@dataclass(frozen=True, slots=True)
class Atom:
    """One question compared with one word."""

    question: str
    operator: str
    word: str

    @property
    def cut_off(self) -> str:
        """The name of the cut-off it compares with; empty where it names an option."""
        return self.word if self.operator in (*AGES, *COMPARISONS) else ""

    def document(self) -> Any:
        return f"{self.question} {self.operator} {self.word}"


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions as one: `how` is any, all, not or at_least (then `count`)."""

    how: str
    parts: tuple[Condition, ...]
    count: int = 0

    def document(self) -> Any:
        parts = [part.document() for part in self.parts]
        if self.how == "at_least":
            return {"at_least": self.count, "of": parts}
        return {self.how: parts[0] if self.how == "not" else parts}


Condition = Atom | Group


def parse_condition(raw: object, where: str) -> Condition:
    """The condition written as `raw`. Raises BadInput naming `where`."""
    if isinstance(raw, str):
        return _atom(raw, where)
    if not isinstance(raw, dict):
        raise BadInput(where, raw, _GROUP)
    if raw.keys() == {"not"}:
        return Group("not", (parse_condition(raw["not"], f"{where}.not"),))
    if raw.keys() == {"at_least", "of"} and isinstance(raw["at_least"], int):
        return Group("at_least", _parts(raw["of"], f"{where}.of"), raw["at_least"])
    if len(raw) == 1 and raw.keys() <= {"any", "all"}:
        how = next(iter(raw))
        return Group(how, _parts(raw[how], f"{where}.{how}"))
    raise BadInput(where, sorted(raw), _GROUP)


def _parts(raw: object, where: str) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not raw:
        raise BadInput(where, raw, "a list of at least one condition")
    return tuple(parse_condition(part, f"{where}[{i}]") for i, part in enumerate(raw))


def _atom(raw: str, where: str) -> Atom:
    words = raw.split()
    if len(words) != 3 or words[1] not in OPERATORS:
        raise BadInput(where, raw, _ATOM)
    return Atom(*words)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every atom in a condition, in the order written."""
    if isinstance(condition, Atom):
        yield condition
        return
    for part in condition.parts:
        yield from atoms(part)
