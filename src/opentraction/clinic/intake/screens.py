"""The pages of `screening.pages` as short screens: a few questions each, what follows from an answer beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from opentraction import screening
from opentraction.screening import Answers, Page, Question, visit_book
from opentraction.screening.conditions import atoms
from opentraction.screening.question import Questions

ROOM: Final = {"patient": 4, "clinician": 9}
"""How much fits on a screen; a long list of ticks takes two places."""
LONG_LIST: Final = 5


@dataclass(frozen=True, slots=True)
class Screen:
    """One short screen: part `part` of `parts` of a page."""

    id: str
    page: Page
    part: int
    parts: int
    questions: tuple[Question, ...]
    book: Questions | None = None
    """The questions among which these stand; the intake's unless said."""

    @property
    def asked_of(self) -> str:
        return self.page.asked_of

    def shown(self, answers: Answers, region: str) -> list[Question]:
        """The questions that are asked now."""
        return [one for one in self.questions if self.asks(one, answers, region)]

    def asks(self, question: Question, answers: Answers, region: str) -> bool:
        """Whether a question is asked now."""
        return screening.visible(question, answers, region, self.book)


@cache
def screens(region: str, patient_only: bool = False) -> tuple[Screen, ...]:
    """All screens of a region in their order: first what the patient is asked, then what the clinician is."""
    whole = screening.pages("patient", region)
    whole += () if patient_only else screening.pages("clinician", region)
    return tuple(screen for page in whole for screen in _parts(page))


def _parts(page: Page) -> Iterator[Screen]:
    groups = _groups(page)
    for n, questions in enumerate(groups, start=1):
        name = page.id if len(groups) == 1 else f"{page.id}-{n}"
        yield Screen(name, page, n, len(groups), tuple(questions))


def _groups(page: Page) -> list[list[Question]]:
    groups: list[list[Question]] = [[]]
    used = 0
    for question in page.questions:
        takes = 0 if _follows(question, groups[-1]) else _size(question, page.asked_of)
        if groups[-1] and takes and used + takes > ROOM[page.asked_of]:
            groups.append([])
            used = 0
        groups[-1].append(question)
        used += takes
    return groups


def _follows(question: Question, group: Iterable[Question]) -> bool:
    """Whether an answer on this screen makes it appear."""
    asked = {atom.question for atom in atoms(question.when)} if question.when else set()
    return bool(asked & {one.id for one in group})


def _size(question: Question, asked_of: str) -> int:
    if question.kind == "body-map":
        return ROOM[asked_of]
    return 2 if len(question.options) > LONG_LIST else 1


@cache
def visit_screen() -> Screen:
    """The questions of the day."""
    questions = screening.visit_questions()
    return Screen("today", Page("today", "Today", "patient", questions), 1, 1, questions, visit_book().questions)


def screen_of(question: str, region: str) -> Screen | None:
    """The screen that asks a question."""
    return next((one for one in screens(region) if any(asked.id == question for asked in one.questions)), None)


def by_id(name: str, region: str, patient_only: bool = False) -> Screen | None:
    """The screen of that name; None for a name that is none."""
    return next((one for one in screens(region, patient_only) if one.id == name), None)


def asked_now(answers: Answers, region: str, patient_only: bool = False) -> list[Screen]:
    """The screens that have something to ask."""
    return [one for one in screens(region, patient_only) if one.shown(answers, region)]


def neighbours(screen: Screen, answers: Answers, region: str, patient_only: bool = False) -> tuple[str, str]:
    """The names of the screens before and after; empty at either end."""
    names = [one.id for one in screens(region, patient_only) if one.id == screen.id or one.shown(answers, region)]
    here = names.index(screen.id)
    return (names[here - 1] if here else "", names[here + 1] if here + 1 < len(names) else "")


def open_questions(answers: Answers, region: str, patient_only: bool = False) -> list[tuple[Screen, Question]]:
    """What is asked now and has no answer at all yet, in the order of the screens."""
    every = asked_now(answers, region, patient_only)
    return [(screen, one) for screen in every for one in screen.shown(answers, region) if one.id not in answers]
