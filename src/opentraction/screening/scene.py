"""A set of answers in one region on one day, and what is true of it: the conditions come to life here."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from opentraction.screening.answers import UNKNOWN, UNSURE, Answer, Answers, Cell, Mark, known
from opentraction.screening.body_map import body_map
from opentraction.screening.conditions import AGAINST, AGES, Atom, Condition
from opentraction.screening.cut_offs import CutOff
from opentraction.screening.question import Question, Questions
from opentraction.screening.questions import intake_questions
from opentraction.screening.truth import Truth, at_least, both, either, opposite

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}
_YEAR = 365.25  # days


@dataclass(frozen=True, slots=True)
class Finding:
    """The truth of a condition, the questions that leave it open, and the answers it stands on."""

    truth: Truth
    open: tuple[str, ...] = ()
    stands_on: tuple[str, ...] = ()


class Scene:
    """Answers, region and day, with the questions they answer. Nothing in it changes."""

    def __init__(self, answers: Answers, region: str, today: date | None, questions: Questions | None = None) -> None:
        self.answers = answers
        self.region = region
        self.today = today
        self._questions = questions or intake_questions()
        self._asked: dict[str, Finding] = {}

    @property
    def questions(self) -> Mapping[str, Question]:
        return self._questions.by_id

    def asked(self, key: str) -> Finding:
        """Whether a question applies: region and `when`; open while what decides it is not known."""
        if key not in self._asked:
            self._asked[key] = self._applies(self.questions[key])
        return self._asked[key]

    def _applies(self, question: Question) -> Finding:
        if self.region not in question.regions:
            return Finding(False)
        return Finding(True) if question.when is None else self.judge(question.when, self._questions.cut_offs)

    def judge(self, condition: Condition, cut_offs: Mapping[str, CutOff]) -> Finding:
        """The truth of a condition."""
        if isinstance(condition, Atom):
            return self._atom(condition, cut_offs)
        found = [self.judge(part, cut_offs) for part in condition.parts]
        truth = _joined(condition.how, condition.count, [one.truth for one in found])
        left_open = tuple(dict.fromkeys(key for one in found if one.truth is None for key in one.open))
        wanted = condition.how != "not"
        ground = tuple(dict.fromkeys(key for one in found if one.truth is wanted for key in one.stands_on))
        return Finding(truth, left_open if truth is None else (), ground)

    def _atom(self, atom: Atom, cut_offs: Mapping[str, CutOff]) -> Finding:
        asked = self.asked(atom.question)
        if asked.truth is not True:
            return Finding(asked.truth, asked.open)
        if atom.operator in AGAINST:
            return self._against(atom)
        answer = self.answers.get(atom.question)
        truth = None if answer is None or answer is UNKNOWN else self._compare(atom, answer, cut_offs)
        return Finding(truth, (atom.question,) if truth is None else (), (atom.question,))

    def _against(self, atom: Atom) -> Finding:
        """Whether two answers contradict each other. A day that nobody knows contradicts nothing."""
        day, keys = self.answers.get(atom.question), (atom.question, atom.word)
        if atom.operator == "before_birth" and not isinstance(day, date):
            return Finding(False)
        left_open = tuple(key for key in keys if not known(self.answers.get(key)))
        if left_open or self.today is None:
            return Finding(None, left_open, keys)
        one, other = (_value(self.answers[key], self.today) for key in keys)
        # Whoever is 54 was born less than 55 years ago.
        return Finding(one >= other + 1 if atom.operator == "before_birth" else one <= other, (), keys)

    def _compare(self, atom: Atom, answer: Answer, cut_offs: Mapping[str, CutOff]) -> Truth:
        if atom.operator == "is":
            return answer == {"yes": True, "no": False}.get(atom.word, atom.word)
        if isinstance(answer, date):
            return self._aged(atom, answer, cut_offs[atom.word].value)
        if isinstance(answer, tuple):
            return _in_many(atom, answer, cut_offs)
        assert isinstance(answer, int | float)
        return _COMPARE[atom.operator](answer, cut_offs[atom.word].value)

    def _aged(self, atom: Atom, day: date, days: float) -> Truth:
        assert atom.operator in AGES
        if self.today is None:
            return None
        age = (self.today - day).days
        return age < days if atom.operator == "within" else age > days


def _value(answer: Answer, today: date) -> float:
    """A number as it is; a day as years ago."""
    if isinstance(answer, date):
        return (today - answer).days / _YEAR
    assert isinstance(answer, int | float)
    return answer


def _joined(how: str, count: int, truths: list[Truth]) -> Truth:
    if how == "not":
        return opposite(truths[0])
    if how == "at_least":
        return at_least(count, truths)
    return either(truths) if how == "any" else both(truths)


def _in_many(atom: Atom, answer: tuple[object, ...], cut_offs: Mapping[str, CutOff]) -> Truth:
    if atom.operator == "has":
        return _has(atom.word, answer)
    if atom.operator == "shows":
        pattern = body_map().patterns[atom.word]
        marks = [part for part in answer if isinstance(part, Mark) and part.score > 0]
        return any(mark.place in pattern.places and mark.kind in pattern.kinds for mark in marks)
    cells = [part.value for part in answer if isinstance(part, Cell)]
    cut = cut_offs[atom.word].value
    return either([None if value is None else _COMPARE[atom.operator](value, cut) for value in cells])


def _has(word: str, answer: tuple[object, ...]) -> Truth:
    """A ticked option is true whatever else is unsure; an unticked one is unknown beside an "unknown"."""
    ticked = [part for part in answer if part != UNSURE]
    if (ticked and word == "any") or word in ticked:
        return True
    return None if UNSURE in answer else False


def visible(question: Question, answers: Answers, region: str = "", questions: Questions | None = None) -> bool:
    """Whether a question is to be asked now: what makes it appear is known and holds."""
    scene = Scene(answers, region or question.regions[0], None, questions)
    return scene.asked(question.id).truth is True


def asked_answers(answers: Answers, region: str, questions: Questions | None = None) -> dict[str, Answer]:
    """Only the answers whose question is still asked; what a changed answer has hidden again is dropped."""
    scene = Scene(answers, region, None, questions)
    return {key: value for key, value in answers.items() if scene.asked(key).truth is True}
