"""A screen's questions as a page shows them: words, what was answered, what is wrong with what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.http import QueryDict

from opentraction import screening
from opentraction.clinic.intake.answering import Read, control_of
from opentraction.clinic.intake.figure import body_figure
from opentraction.clinic.intake.screens import Screen
from opentraction.clinic.intake.wording import words
from opentraction.quantities.units import FACTORS
from opentraction.screening import UNKNOWN, Answer, Cell, Mark, Question, Worded

UNITS: Final = {"mass": ["kg", "lb"], "length": ["cm", "m", "in"]}
SCALE: Final = [str(n) for n in range(11)]


@dataclass
class Field:
    """One question on a page. `value` is what stands in its input, `ticked` what is chosen."""

    question: Question
    words: Worded
    language: str = "en"
    value: str = ""
    unit: str = ""
    units: list[str] = field(default_factory=list)
    ticked: frozenset[str] = frozenset()
    unknown: bool = False
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    refusal: str = ""
    new: bool = False
    suggested: bool = False
    """The value comes from the patient's record; nobody has answered yet."""
    chart: Chart | None = None

    @property
    def kind(self) -> str:
        """The kind of control."""
        return control_of(self.question)

    @property
    def short(self) -> bool:
        """Whether its options are names of a few letters, which stand side by side."""
        return max((len(said) for said in self.words.options.values()), default=0) <= 4

    @property
    def unit_words(self) -> str:
        """Its unit in the reader's language; symbols are the same in all."""
        return str(words(self.language)["units"].get(self.question.unit, self.question.unit))

    @property
    def grid(self) -> list[tuple[str, str, str, str]]:
        """Row, its words, left and right as written."""
        return [(row, said, *self._pair(row)) for row, said in self.words.rows.items()]

    def _pair(self, row: str) -> tuple[str, str]:
        cells = self.cells.get(row, {})
        return cells.get("left", ""), cells.get("right", "")


@dataclass
class Chart:
    """The body chart: the figure, the marks there are, the mark that is being made."""

    svg: str
    marks: list[tuple[int, str]]
    places: Mapping[str, str]
    kinds: Mapping[str, str]
    sides: Mapping[str, str]
    place: str
    side: str
    kind: str
    score: str
    scale: list[str]


@dataclass
class Beside:
    """What stands beside the answers: amounts as typed, what was posted and refused, a place pointed at on the chart,
    what the record suggests, and what is not shown (on a phone nothing stands that was not given there).
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    post: QueryDict | None = None
    pointed: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()


def fields_of(screen: Screen, region: str, read: Read, language: str, beside: Beside) -> list[Field]:
    """The questions that are asked now."""
    post = beside.post
    found = []
    for question in screen.shown(read.answers, region):
        one = Field(question, screening.worded(question, region, language), language, new=question.id in read.new)
        one.refusal = read.refusals.get(question.id, "")
        one.units = UNITS.get(question.measure, [])
        answer = None if question.id in beside.hidden else read.answers.get(question.id)
        if one.refusal and post is not None:
            _as_posted(one, post)
        else:
            _as_answered(one, answer, beside)
        if question.kind == "body-map":
            one.chart = _chart(question, answer, language, post if one.refusal and post else beside.pointed)
        found.append(one)
    return found


def _as_posted(one: Field, post: QueryDict) -> None:
    key = one.question.id
    one.value, one.unit = post.get(key, "")[:60], post.get(f"{key}.unit", "")
    one.ticked, one.unknown = frozenset(post.getlist(key)), bool(post.get(f"{key}.unknown"))
    sides = ("left", "right")
    one.cells = {row: {side: post.get(f"{key}.{row}.{side}", "")[:4] for side in sides} for row in one.question.rows}


def _as_answered(one: Field, answer: Answer | None, beside: Beside) -> None:
    question = one.question
    one.unit = one.units[0] if one.units else ""
    if answer is None and question.id in beside.suggestions:
        one.suggested = True
        _write(one, beside.suggestions[question.id])
        one.ticked = frozenset({beside.suggestions[question.id]})
    elif answer is UNKNOWN:
        one.unknown, one.ticked = True, frozenset({"unknown"})
    elif isinstance(answer, tuple):
        _many(one, answer)
    elif answer is not None:
        _one(one, answer, beside.typed)


def _many(one: Field, answer: tuple[Any, ...]) -> None:
    cells = [part for part in answer if isinstance(part, Cell)]
    for cell in cells:
        one.cells.setdefault(cell.row, {})[cell.side] = "" if cell.value is None else str(cell.value)
    one.ticked = frozenset(part for part in answer if isinstance(part, str)) or frozenset(
        {"none"} if not answer else ()
    )


def _one(one: Field, answer: Answer, typed: Mapping[str, str]) -> None:
    question = one.question
    if isinstance(answer, bool):
        one.ticked = frozenset({"yes" if answer else "no"})
    elif isinstance(answer, str):
        one.value, one.ticked = answer, frozenset({answer})
    elif isinstance(answer, date):
        one.value = answer.isoformat()
    elif isinstance(answer, int | float):
        one.value = f"{answer:g}"
        one.ticked = frozenset({one.value})
        if question.measure:
            _write(one, typed.get(question.id) or f"{answer:g} {question.unit}")


def _write(one: Field, text: str) -> None:
    """An amount into its input and its unit."""
    number, _, unit = text.partition(" ")
    one.value = number if unit or not one.units else text
    if unit and unit in FACTORS.get(one.question.measure, {}):
        one.unit = unit
        one.units = one.units if unit in one.units else [*one.units, unit]
    elif unit:
        one.value = text


def _chart(question: Question, answer: Answer | None, language: str, chosen: Mapping[str, str]) -> Chart:
    places, kinds, sides = screening.chart_words(language)
    marks = [one for one in answer if isinstance(one, Mark)] if isinstance(answer, tuple) else []
    said = [f"{places[one.place]}, {sides[one.side]}: {kinds[one.kind].lower()} {one.score}" for one in marks]

    def part(name: str, allowed: Mapping[str, str]) -> str:
        value = str(chosen.get(f"{question.id}.{name}") or chosen.get(name, ""))
        return value if value in allowed else ""

    return Chart(
        svg=body_figure(marks, language),
        marks=list(enumerate(said)),
        places=places,
        kinds=kinds,
        sides=sides,
        place=part("place", places),
        side=part("side", sides),
        kind=part("kind", kinds),
        score=part("score", dict.fromkeys(SCALE, "")),
        scale=SCALE[1:],
    )
