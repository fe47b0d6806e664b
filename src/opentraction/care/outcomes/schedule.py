"""When to ask again: which form is due on which day, which is late, which was missed. Missed stays missing."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from opentraction.care.outcomes.form import Form
from opentraction.care.outcomes.library import instrument
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

State = Literal["done", "ahead", "due", "late", "missed"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """One moment to ask: at the start, at a visit, at the end, or so many months after it; days around it count."""

    id: str
    name: str
    at: str
    count: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments in order, and what is asked by region: always, at the first only, from the second on."""

    occasions: tuple[Occasion, ...]
    asked: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]

    def instruments(self, region: str, occasion: str) -> tuple[str, ...]:
        """What is asked of a patient with a complaint there. Raises BadInput for a region nobody planned for."""
        if region not in self.asked:
            raise BadInput("course.region", region, "one of " + ", ".join(self.asked))
        always, first, later = self.asked[region]
        return always + (first if occasion == self.occasions[0].id else later)


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What the calendar needs to know. `visits` are the days of sessions held, `started` the day of the first of them
    (or for which it is planned), `ended` the day the course ended, None while it goes on."""

    who: str
    region: str
    started: date
    visits: tuple[date, ...] = ()
    ended: date | None = None

    def __post_init__(self) -> None:
        if self.ended is not None and self.ended < self.started:
            raise BadInput("course.ended", self.ended.isoformat(), f"a day from {self.started.isoformat()} on")
        if any(day < self.started for day in self.visits):
            raise BadInput("course.visits", min(self.visits).isoformat(), f"from {self.started.isoformat()} on")


@dataclass(frozen=True, slots=True)
class Due:
    """One form at one occasion. `due` is the day, `closes` the last that counts; `taken` the day it was filled in.

    `late_days` counts from the day it was due, while it can still be filled in and when it was missed.
    """

    who: str
    instrument: str
    occasion: str
    name: str
    due: date
    closes: date
    state: State
    late_days: int
    taken: date | None = None

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        days = {"due": self.due, "closes": self.closes, "taken": self.taken}
        return {
            "who": self.who,
            "instrument": self.instrument,
            "short": instrument(self.instrument).short,
            "occasion": self.occasion,
            "name": self.name,
            **{key: day.isoformat() if day else None for key, day in days.items()},
            "state": self.state,
            "late_days": self.late_days,
        }


@cache
def schedule() -> Schedule:
    """The one that ships."""
    path = Path(__file__).with_name("schedule.toml")
    return schedule_from(parse_toml(read_text(path), path.name))


def schedule_from(top: Table) -> Schedule:
    """From a file. Raises BadInput."""
    asked = {}
    for one in top.tables("ask"):
        one.only("region", "instruments", "first", "later")
        names = [
            tuple(instrument(name).id for name in one.data.get(key, ())) for key in ("instruments", "first", "later")
        ]
        asked[one.text("region")] = (names[0], names[1], names[2])
    return Schedule(tuple(_occasion(one) for one in top.tables("occasion")), asked)


def _occasion(one: Table) -> Occasion:
    one.only("id", "name", "at", "count", "before", "after")
    at = one.word("at", ("start", "visit", "end", "months"))
    count = one.count("count", 1, 120) if at in {"visit", "months"} else 0
    return Occasion(one.text("id"), one.text("name"), at, count, one.count("before", 0, 60), one.count("after", 0, 120))


def day_of(occasion: Occasion, course: CourseFacts) -> date | None:
    """The day an occasion falls on; None while it is not known, or where the course ended before it."""
    if occasion.at == "start":
        return course.started
    if occasion.at == "visit":
        held = sorted(course.visits)
        return held[occasion.count - 1] if len(held) >= occasion.count else None
    if course.ended is None:
        return None
    return course.ended if occasion.at == "end" else add_months(course.ended, occasion.count)


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where there is no such day (31 January: 28 February)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def plan(course: CourseFacts, forms: Sequence[Form], today: date, using: Schedule | None = None) -> list[Due]:
    """Every form of every occasion whose day is known, with its state, in order of days."""
    book = using or schedule()
    known = [(one, day) for one in book.occasions if (day := day_of(one, course)) is not None]
    found = [
        _due(course, one, day, name, _taken(one, day, name, known, forms), today)
        for one, day in known
        for name in book.instruments(course.region, one.id)
    ]
    return sorted(found, key=lambda one: one.due)


def due(course: CourseFacts, forms: Sequence[Form], today: date, using: Schedule | None = None) -> list[Due]:
    """What to hand out today: due or late, and still open."""
    return [one for one in plan(course, forms, today, using) if one.state in {"due", "late"}]


def _taken(
    occasion: Occasion, day: date, name: str, known: list[tuple[Occasion, date]], forms: Sequence[Form]
) -> date | None:
    """The day of the form that counts here: inside the window and no nearer to another occasion; the nearest of them.

    A form without a score does not count: it is asked again.
    """
    inside = [
        form.taken
        for form in forms
        if form.instrument == name and _open(occasion, day, form.taken) and form.score().valid
        if _distance(day, form.taken) <= min(_distance(at, form.taken) for o, at in known if _open(o, at, form.taken))
    ]
    return min(inside, key=lambda taken: (_distance(day, taken), taken), default=None)


def _open(occasion: Occasion, day: date, taken: date) -> bool:
    return day - timedelta(days=occasion.before) <= taken <= day + timedelta(days=occasion.after)


def _distance(one: date, other: date) -> int:
    return abs((one - other).days)


def _due(course: CourseFacts, occasion: Occasion, day: date, name: str, taken: date | None, today: date) -> Due:
    closes = day + timedelta(days=occasion.after)
    state: State = "done" if taken is not None else _waiting(course, occasion, day, closes, today)
    late = 0 if taken is not None else max(0, (today - day).days)
    return Due(course.who, name, occasion.id, occasion.name, day, closes, state, late, taken)


def _waiting(course: CourseFacts, occasion: Occasion, day: date, closes: date, today: date) -> State:
    """How a form stands that nobody has filled in. What is asked after the first pull is no baseline any more."""
    if occasion.at == "start" and course.visits:
        return "missed"
    if today < day:
        return "due" if _open(occasion, day, today) else "ahead"
    return "due" if today == day else "late" if today <= closes else "missed"


@dataclass(frozen=True, slots=True)
class Reminders:
    """Who is to be asked what by which day, and how many of all forms whose day has come are there.

    `asked` = done + due + late + missed; `missing` of them cannot come any more.
    """

    to_ask: tuple[Due, ...]
    done: int
    open: int
    late: int
    missing: int

    @property
    def asked(self) -> int:
        """All whose day has come."""
        return self.done + self.open + self.late + self.missing

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        counts = {name: getattr(self, name) for name in ("asked", "done", "open", "late", "missing")}
        return {**counts, "to_ask": [one.document() for one in self.to_ask]}


def reminders(
    courses: Sequence[tuple[CourseFacts, Sequence[Form]]], today: date, using: Schedule | None = None
) -> Reminders:
    """Over many courses: what to ask for today, those that close first at the top."""
    every = [one for course, forms in courses for one in plan(course, forms, today, using)]
    count = {state: sum(one.state == state for one in every) for state in ("done", "due", "late", "missed")}
    asking = sorted((one for one in every if one.state in {"due", "late"}), key=lambda one: (one.closes, one.who))
    return Reminders(tuple(asking), count["done"], count["due"], count["late"], count["missed"])
