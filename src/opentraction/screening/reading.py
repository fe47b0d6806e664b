"""One answer as it was written or typed, made into a value; or one sentence saying what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from opentraction.quantities import BadInput, display, parse_quantity
from opentraction.quantities.units import FACTORS
from opentraction.screening.answers import SIDES, UNKNOWN, UNSURE, Answer, Cell, Mark
from opentraction.screening.body_map import body_map
from opentraction.screening.question import Question

_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_NUMBER = re.compile(r"^\s*([+-]?[0-9]{1,9}(?:\.[0-9]{0,6})?)\s*(.*?)\s*$", re.ASCII)
_OLDEST = date(1900, 1, 1)
_LONGEST_TEXT = 2000
_MOST_MARKS = 200


def read_answer(question: Question, raw: object, where: str = "") -> Answer:
    """The value of `raw` for a question: from TOML, JSON or a form's text. "unknown" is always allowed.

    Raises BadInput, naming `where` (the question's id if empty).
    """
    place = where or question.id
    if isinstance(raw, str) and raw.strip().lower() == UNSURE:
        return (UNSURE,) if question.kind == "several" else UNKNOWN
    return _READERS[question.kind](question, raw, place)


def _yes_no(_: Question, raw: object, where: str) -> Answer:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in _WORDS:
        return _WORDS[raw.strip().lower()]
    raise BadInput(where, raw, "yes, no or unknown")


def _number(question: Question, raw: object, where: str) -> Answer:
    value = _measured(question, raw, where) if question.measure else _counted(question, raw, where)
    if not question.low <= value <= question.high or (question.whole and value != int(value)):
        raise BadInput(where, raw, allowed_number(question))
    return value


def _measured(question: Question, raw: object, where: str) -> float:
    return parse_quantity(raw, question.measure, where)


def _counted(question: Question, raw: object, where: str) -> float:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw) if abs(raw) < 1e9 else float("inf")
    match = _NUMBER.match(raw) if isinstance(raw, str) and len(raw) < 40 else None
    if match is None or match[2] not in {"", question.unit}:
        raise BadInput(where, raw, allowed_number(question))
    return float(match[1])


def allowed_number(question: Question) -> str:
    """The bounds of a number as text: `a number from 0 to 120 deg, or unknown`."""
    kind = "a whole number" if question.whole else "a number"
    if not question.measure:
        return f"{kind} from {question.low:g} to {question.high:g} {question.unit}".strip() + ", or unknown"
    low, high = (display(end, question.measure, question.unit, 2) for end in (question.low, question.high))
    units = ", ".join(unit for unit in FACTORS[question.measure] if unit)
    return f"a {question.measure} from {low} to {high}, in {units}, or unknown"


def _choice(question: Question, raw: object, where: str) -> Answer:
    if isinstance(raw, str) and raw.strip() in question.options:
        return raw.strip()
    raise BadInput(where, raw, "one of " + ", ".join((*question.options, UNSURE)))


def _several(question: Question, raw: object, where: str) -> Answer:
    parts = [raw] if isinstance(raw, str) else raw
    allowed = "a list of " + ", ".join((*question.options, UNSURE)) + "; [] for none of these"
    if not isinstance(parts, list | tuple) or len(parts) > len(question.options) + 1:
        raise BadInput(where, raw, allowed)
    for part in parts:
        if not isinstance(part, str) or part not in (*question.options, UNSURE):
            raise BadInput(where, part, allowed)
    return tuple(sorted(set(parts)))


def _date(_: Question, raw: object, where: str) -> Answer:
    day = raw if isinstance(raw, date) and not isinstance(raw, datetime) else None
    if isinstance(raw, str):
        try:
            day = date.fromisoformat(raw.strip())
        except ValueError:
            day = None
    if day is None or day < _OLDEST:
        raise BadInput(where, str(raw), "a date such as 2026-03-31, or unknown")
    return day


def _text(_: Question, raw: object, where: str) -> Answer:
    if isinstance(raw, str) and len(raw) <= _LONGEST_TEXT and raw.replace("\n", " ").isprintable():
        return raw.strip()
    raise BadInput(where, raw, f"printable text of at most {_LONGEST_TEXT} characters")


def _chart(_: Question, raw: object, where: str) -> Answer:
    if not isinstance(raw, list | tuple) or len(raw) > _MOST_MARKS:
        raise BadInput(where, raw, f"a list of at most {_MOST_MARKS} marks, or unknown")
    return tuple(sorted(_mark(part, f"{where}[{i}]") for i, part in enumerate(raw)))


def _mark(raw: object, where: str) -> Mark:
    chart = body_map()
    allowed = 'a mark such as {place = "L5", side = "left", kind = "pain", score = 6}'
    if isinstance(raw, Mark):
        return raw
    if not isinstance(raw, dict) or raw.keys() != {"place", "side", "kind", "score"}:
        raise BadInput(where, raw, allowed)
    for key, words in (("place", chart.places), ("side", (*SIDES, "middle")), ("kind", chart.kinds)):
        if raw[key] not in words:
            raise BadInput(f"{where}.{key}", raw[key], "one of " + ", ".join(words))
    score = raw["score"]
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 10:
        raise BadInput(f"{where}.score", score, "a whole number from 0 to 10")
    return Mark(raw["place"], raw["side"], raw["kind"], score)


def _grid(question: Question, raw: object, where: str) -> Answer:
    """A table of rows with left and right, `{L4 = [5, "unknown"]}`; a row left out was not tested."""
    if not isinstance(raw, dict):
        raise BadInput(where, raw, "a table with, for each of " + ", ".join(question.rows) + ", [left, right]")
    for row in raw:
        if row not in question.rows:
            raise BadInput(f"{where}.{row}", raw[row], "a row among " + ", ".join(question.rows))
    cells = []
    for row in question.rows:
        pair = raw.get(row, [UNSURE, UNSURE])
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise BadInput(f"{where}.{row}", pair, "two values, [left, right]")
        cells += [
            Cell(row, side, _grade(question, part, f"{where}.{row}")) for side, part in zip(SIDES, pair, strict=True)
        ]
    return tuple(cells)


def _grade(question: Question, raw: object, where: str) -> int | None:
    if raw in (UNSURE, ""):
        return None
    value = _number(question, raw, where)
    assert isinstance(value, float)
    return int(value)


_READERS: dict[str, Callable[[Question, object, str], Answer]] = {
    "yes-no": _yes_no,
    "number": _number,
    "choice": _choice,
    "several": _several,
    "date": _date,
    "body-map": _chart,
    "grid": _grid,
    "text": _text,
}
