"""What was posted from a screen, question by question: answers as values, and one sentence for what cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from opentraction import screening
from opentraction.clinic.intake.screens import Screen
from opentraction.clinic.intake.wording import words
from opentraction.quantities import BadInput, display
from opentraction.screening import UNSURE, Answer, Mark, Question

_DECIMAL_COMMA = re.compile(r"^\s*[+-]?\d+,\d+\s*[A-Za-z]*\s*$")
_FEET = re.compile(r"^\s*(\d)\s*(?:ft|feet|')\s*(?:(\d{1,2}(?:\.\d)?)\s*(?:in|inches|\"|'')?)?\s*$", re.IGNORECASE)
_MOST = 400  # characters of one field; longer ones are an attack


@dataclass
class Read:
    """What came of it. `open` was shown and left empty; `new` appeared because of an answer beside it."""

    answers: dict[str, Answer]
    typed: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


class Refused(Exception):
    """An answer that cannot be used, with the sentence to say."""


Raw = Callable[[Question, QueryDict, dict[str, Answer]], Any]


def read_screen(
    screen: Screen, region: str, before: dict[str, Answer], post: QueryDict, today: date, language: str = "en"
) -> Read:
    """`before` with the answers of one screen put in, taken out or refused; what is hidden again is dropped."""
    read = Read(dict(before))
    shown = set(post.getlist("shown"))
    for question in screen.questions:
        if not screen.asks(question, read.answers, region):
            read.answers.pop(question.id, None)
        elif question.id in shown:
            _take(question, post, read, today, language)
        elif question.id not in read.answers:
            read.new.append(question.id)
    read.answers = screening.asked_answers(read.answers, region, screen.book)
    return read


def _take(question: Question, post: QueryDict, read: Read, today: date, language: str) -> None:
    try:
        raw = _RAW[question.kind](question, post, read.answers)
        read.answers.pop(question.id, None)
        if raw is None:
            read.open.append(question.id)
            return
        read.answers[question.id] = _past(screening.read_answer(question, raw), today)
        if question.measure and raw != UNSURE:
            read.typed[question.id] = str(raw)
    except Refused as refusal:
        _refuse(question, read, words(language)["needs"][str(refusal)])
    except BadInput:
        _refuse(question, read, allowed(question, language))


def _refuse(question: Question, read: Read, sentence: str) -> None:
    if question.kind != "body-map":  # marks that were added stay
        read.answers.pop(question.id, None)
    read.refusals[question.id] = sentence


def _past(answer: Answer, today: date) -> Answer:
    if isinstance(answer, date) and answer > today:
        raise Refused("future")
    return answer


def control_of(question: Question) -> str:
    """The kind of control that asks it: a number from 0 to 10 is a row of buttons."""
    is_scale = question.kind == "number" and question.whole and (question.low, question.high) == (0.0, 10.0)
    return "scale" if is_scale and not question.unit else question.kind


def wanted(question: Question, language: str = "en") -> str:
    """What to do with a question that was left empty: what its control offers, in one sentence."""
    said = words(language)["empty"]
    own = {
        "several": "several",
        "number": "number",
        "date": "date",
        "grid": "grid",
        "body-map": "chart",
        "text": "text",
    }
    return str(said[own.get(control_of(question), "choose")])


def allowed(question: Question, language: str) -> str:
    """What may be answered, in one sentence."""
    needs = words(language)["needs"]
    if question.kind == "number" and question.measure:
        low, high = (display(end, question.measure, question.unit, 1) for end in (question.low, question.high))
        return str(needs["measure"].format(low=low, high=high))
    if question.kind == "number":
        unit = f" {words(language)['units'].get(question.unit, question.unit)}" if question.unit else ""
        sentence = needs["whole" if question.whole else "number"]
        return str(sentence.format(low=f"{question.low:g}", high=f"{question.high:g}", unit=unit))
    return str(needs[{"date": "date", "grid": "grid", "body-map": "mark"}.get(question.kind, "other")])


def _text(post: QueryDict, name: str) -> str:
    return str(post.get(name, ""))[:_MOST].strip()


def _choice(question: Question, post: QueryDict, _: dict[str, Answer]) -> Any:
    return _text(post, question.id) or None


def _several(question: Question, post: QueryDict, _: dict[str, Answer]) -> Any:
    ticked = [str(one)[:_MOST] for one in post.getlist(question.id)]
    if "none" in ticked and len(ticked) > 1:
        raise Refused("one_or_none")
    return [] if ticked == ["none"] else ticked or None


def _written(question: Question, post: QueryDict, _: dict[str, Answer]) -> Any:
    """A number or a date; an amount gets the unit that was chosen beside it, unless it carries its own."""
    text, unknown = _text(post, question.id), bool(post.get(f"{question.id}.unknown"))
    if text and unknown:
        raise Refused("both")
    if unknown:
        return UNSURE
    if _DECIMAL_COMMA.match(text):
        text = text.replace(",", ".")
    feet = _FEET.match(text) if question.measure == "length" else None
    if feet:
        return f"{12 * int(feet[1]) + float(feet[2] or 0):g} in"
    bare = text[-1:].isdigit() or text.endswith(".")
    return f"{text} {_text(post, f'{question.id}.unit')}".strip() if question.measure and bare else text or None


def _grid(question: Question, post: QueryDict, _: dict[str, Answer]) -> Any:
    """Left and right of each row; an empty cell was not tested."""
    rows = {
        row: [_text(post, f"{question.id}.{row}.{side}") or UNSURE for side in ("left", "right")]
        for row in question.rows
    }
    empty = all(cell == UNSURE for pair in rows.values() for cell in pair)
    if post.get(f"{question.id}.unknown"):
        if not empty:
            raise Refused("both")
        return UNSURE
    return None if empty else rows


def _chart(question: Question, post: QueryDict, answers: dict[str, Answer]) -> Any:
    """The marks there were, less the one that is removed, with the one that is added; or nothing, or not known."""
    before = answers.get(question.id)
    marks = [one for one in before if isinstance(one, Mark)] if isinstance(before, tuple) else []
    away = _text(post, "do").partition("remove-")[2]
    marks = [one for i, one in enumerate(marks) if str(i) != away]
    added = _mark(question, post)
    if added is not None:
        marks = [one for one in marks if (one.place, one.side, one.kind) != (added.place, added.side, added.kind)]
        marks.append(added)
    said = _text(post, question.id)
    return marks or ([] if said == "none" else said or None)


def _mark(question: Question, post: QueryDict) -> Mark | None:
    place, side, kind, score = (_text(post, f"{question.id}.{part}") for part in ("place", "side", "kind", "score"))
    if not place:
        return None
    if not (side and kind and score.isascii() and score.isdecimal()):
        raise Refused("mark")
    marks = screening.read_answer(question, [{"place": place, "side": side, "kind": kind, "score": int(score[:4])}])
    assert isinstance(marks, tuple)
    mark = marks[0]
    assert isinstance(mark, Mark)
    return mark


_RAW: dict[str, Raw] = {
    "yes-no": _choice,
    "choice": _choice,
    "several": _several,
    "number": _written,
    "date": _written,
    "text": _choice,
    "grid": _grid,
    "body-map": _chart,
}
