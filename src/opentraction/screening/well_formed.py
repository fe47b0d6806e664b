"""What a condition may say: a question that exists, an operator that fits its kind, an option or cut-off it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opentraction.quantities import BadInput
from opentraction.screening.body_map import body_map
from opentraction.screening.conditions import AGAINST, AGES, COMPARISONS, Atom, Condition, atoms
from opentraction.screening.cut_offs import CutOff
from opentraction.screening.question import Question, Questions

Refuse = Callable[[str, object, str], BadInput]
_OPERATORS = {
    "yes-no": ("is",),
    "number": (*COMPARISONS, "not_above"),
    "choice": ("is",),
    "several": ("has",),
    "date": (*AGES, "before_birth"),
    "body-map": ("shows",),
    "grid": COMPARISONS,
    "text": (),
}


def check_condition(
    condition: Condition, questions: Questions, cut_offs: Mapping[str, CutOff], refuse: Refuse, key: str = "if"
) -> None:
    """Refuse a condition that could never be judged. Raises BadInput."""
    known = questions.by_id
    for atom in atoms(condition):
        if atom.question not in known:
            raise refuse(key, atom.question, "the id of a question")
        _check_atom(atom, known, cut_offs, refuse, key)


def _check_atom(
    atom: Atom, known: Mapping[str, Question], cuts: Mapping[str, CutOff], refuse: Refuse, key: str
) -> None:
    question = known[atom.question]
    if atom.operator not in _OPERATORS[question.kind]:
        raise refuse(key, atom.document(), f"an operator of a {question.kind} question")
    allowed = _others(atom, question, known) if atom.operator in AGAINST else _words(atom, question, cuts)
    if atom.word not in allowed:
        raise refuse(key, atom.document(), "a word among " + ", ".join(allowed))


def _others(atom: Atom, question: Question, known: Mapping[str, Question]) -> tuple[str, ...]:
    """The questions whose answer can contradict this one."""
    unit = "years" if atom.operator == "before_birth" else question.unit
    return tuple(key for key, one in known.items() if one.kind == "number" and one.unit == unit and key != question.id)


def _words(atom: Atom, question: Question, cuts: Mapping[str, CutOff]) -> tuple[str, ...]:
    if atom.cut_off:
        return tuple(cuts)
    if question.kind == "yes-no":
        return ("yes", "no")
    return tuple(body_map().patterns) if atom.operator == "shows" else (*question.options, "any")
