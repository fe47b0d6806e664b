"""The rule book of a course, read: each paragraph is a small course and the advice it must get.

Every paragraph begins with a course on which all is well (the constants here) and says only what is different:
`course` (keys of a course file), `last` and `previous` (answers about the last two sessions), `today`, `baseline`,
`screening`, `consent`, `score`, `review`, `body` (mass, ceiling), `sessions` (how many were held, every other day),
`gap` (days since the last) and `hours_since` it ended. "left out" takes a key away. What must follow stands in `then`.
"""

from __future__ import annotations

import tomllib
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from opentraction.patient import Body, Patient
from opentraction.prescription.progress import Advice, CourseFile, course_from, next_session
from opentraction.prescription.progress.rules import Book
from opentraction.quantities import parse_force
from opentraction.quantities.toml_file import Table

FOLDER = Path(__file__).parent
TODAY = date(2026, 3, 13)
KINDS = ("fires", "misses", "missing")
COURSE: dict[str, Any] = {"region": "lumbar", "template": "A", "start": date(2026, 3, 9), "length": "28 min"}
SESSION: dict[str, Any] = {
    "force": "40 lb",
    "length": "20 min",
    "ending": "completed",
    "before": {"spine": 4, "limb": 6},
    "after": {"spine": 4, "limb": 5},
    "felt": "noticeable",
    "comfort": 7,
    "soreness_hours": 6,
    "peripheralised": False,
    "new_distal": False,
    "dizzy": False,
}
CHECK: dict[str, Any] = {
    "pain": {"spine": 4, "limb": 5},
    "red_flags": [],
    "strength_drop": 0,
    "weakest_muscle": 5,
    "new_distal": False,
}
BEFORE = date(2026, 3, 1)
BASELINE: dict[str, Any] = {"day": BEFORE, "pain": {"spine": 5, "limb": 7}, "rmdq": 13}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the book."""

    rule: str
    kind: str
    title: str
    given: dict[str, Any]
    then: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule} {self.kind}: {self.title}"


def paragraphs(*files: str) -> list[Paragraph]:
    """All paragraphs of these files, in order."""
    return [
        _paragraph(rule, case)
        for file in files
        for rule, cases in tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8")).items()
        for case in cases
    ]


def _paragraph(rule: str, case: dict[str, Any]) -> Paragraph:
    given = {key: value for key, value in case.items() if key not in {"title", "then", *KINDS}}
    return Paragraph(rule, case["kind"], case["title"], given, case["then"])


def changed(plain: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    """The plain table with what is different; "left out" takes a key away."""
    out = deepcopy(plain)
    for key, value in by.items():
        if value == "left out":
            out.pop(key, None)
        else:
            out[key] = value
    return out


def read(paragraph: Paragraph) -> CourseFile:
    """The small course of a paragraph."""
    given = paragraph.given
    body = {"mass": 80.0, "ceiling": "150 lb", **given.get("body", {})}
    ceiling = parse_force(body["ceiling"], "ceiling").newtons(body["mass"])
    patient = Patient("017", Body(body["mass"], 1.76, 54.0), ceiling=ceiling)
    top = changed(COURSE, given.get("course", {}))
    top["session"] = _sessions(given)
    top |= {"score": given.get("score", []), "review": given.get("review", [])}
    for key, plain in {
        "today": CHECK | {"day": TODAY},
        "baseline": BASELINE,
        "screening": {"day": BEFORE, "verdict": "OK"},
        "consent": {"day": BEFORE},
    }.items():
        if given.get(key) != "left out":
            top[key] = changed(plain, given.get(key, {}))
    return course_from(Table(top), patient)


def _sessions(given: dict[str, Any]) -> list[dict[str, Any]]:
    """Good sessions every other day, the last `gap` days ago, with what is different in the last two."""
    count, last = given.get("sessions", 3), TODAY - timedelta(days=given.get("gap", 2))
    out = [SESSION | {"day": last - timedelta(days=2 * back)} for back in reversed(range(count))]
    for place, key in ((-1, "last"), (-2, "previous")):
        if count >= -place:
            out[place] = changed(out[place], given.get(key, {}))
    return out


def advise(paragraph: Paragraph, rules: Book | None = None) -> Advice:
    """The advice this paragraph's course gets under these rules."""
    course = read(paragraph)
    history, now = course.history, None
    if "hours_since" in paragraph.given:
        ended = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
        now = ended + timedelta(hours=paragraph.given["hours_since"])
        history = replace(history, sessions=(*history.sessions[:-1], replace(history.sessions[-1], ended=ended)))
    return next_session(course.course, history, TODAY, now, rules)
