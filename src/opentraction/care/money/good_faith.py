"""The good-faith estimate for people who pay themselves (United States): contents, deadline, when to dispute."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from opentraction.care.money.bill import Line
from opentraction.care.money.estimate import CourseEstimate, own_total
from opentraction.care.money.instalments import months_later
from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.package import refund_rule
from opentraction.care.money.parties import Clinic, Person, need
from opentraction.care.money.record import Record
from opentraction.care.money.sources import Source, read_source
from opentraction.quantities.toml_file import parse_toml, read_text

_FILE: Final = Path(__file__).parent / "good_faith.toml"


@dataclass(frozen=True, slots=True)
class Rules:
    """The law's numbers and our words for its notices, by key."""

    dispute_above: Money
    dispute_days: int
    valid_months: int
    asked_days: int
    soon: tuple[int, int]
    later: tuple[int, int]
    told: dict[str, str]
    source: Source


@functools.cache
def rules() -> Rules:
    """As written in good_faith.toml."""
    top = parse_toml(read_text(_FILE), _FILE.name)
    top.only("numbers", "source", "told")
    numbers = top.table("numbers")
    return Rules(
        dispute_above=parse_money(numbers.text("dispute_above"), "dispute_above"),
        dispute_days=numbers.count("dispute_days", 1, 365),
        valid_months=numbers.count("valid_months", 1, 12),
        asked_days=numbers.count("asked_days", 1, 30),
        soon=(numbers.count("soon_from", 1, 30), numbers.count("soon_days", 1, 30)),
        later=(numbers.count("later_from", 1, 30), numbers.count("later_days", 1, 30)),
        told={one.text("key"): one.text("text", longest=800) for one in top.tables("told")},
        source=read_source(top.table("source")),
    )


@dataclass(frozen=True, slots=True)
class Early(Record):
    """What it will have cost if the course ends after so many sessions."""

    sessions: int
    total: Money


@dataclass(frozen=True, slots=True)
class GoodFaith(Record):
    """A good-faith estimate: frozen as it was given. `separate` lines are billed by somebody else."""

    clinic: Clinic
    person: Person
    made_on: date
    first_visit: date | None
    valid_until: date
    sessions: int
    lines: tuple[Line, ...]
    separate: tuple[Line, ...]
    tax: Money
    total: Money
    early: tuple[Early, ...]
    refund: str
    estimate_sha256: str


def good_faith(course: CourseEstimate, clinic: Clinic | None, person: Person | None) -> GoodFaith:
    """The good-faith estimate of a course as planned. Raises BadInput for a side or a number the form needs."""
    clinic, person = _sides(clinic, person)
    order, lines = course.order, course.planned.lines
    own = tuple(line for line in lines if not line.elsewhere)
    maybe = tuple(line for line in course.highest.lines if line.elsewhere)
    asked = own_total(order, course.planned)
    net = sum((line.net for line in own[1:]), start=own[0].net)
    return GoodFaith(
        clinic=clinic,
        person=person,
        made_on=order.made_on,
        first_visit=order.first_visit,
        valid_until=months_later(order.first_visit or order.made_on, rules().valid_months),
        sessions=order.sessions,
        lines=own,
        separate=maybe,
        tax=asked - net,
        total=asked,
        early=tuple(Early(stop.sessions, own_total(order, stop)) for stop in course.stops),
        refund=refund_rule().text if order.package is not None else "",
        estimate_sha256=course.sha256,
    )


def _sides(clinic: Clinic | None, person: Person | None) -> tuple[Clinic, Person]:
    need(clinic, "clinic", "a good-faith estimate names the clinic, in [clinic]")
    need(person, "patient", "a good-faith estimate names the person, in [patient]")
    assert clinic is not None
    assert person is not None
    for key in ("npi", "tax_number", "state"):
        need(getattr(clinic, key), f"clinic.{key}", f"a good-faith estimate gives the clinic's {key}")
    need(person.born, "patient.born", 'a good-faith estimate gives the day of birth, such as "1972-03-05"')
    return clinic, person


def must_give_by(booked: date, visit: date | None = None) -> date | None:
    """The last day to give the estimate: `booked` is the day of booking, or of asking where there is no `visit`.

    Business days are Monday to Friday; public holidays are not known here. None where the visit comes too soon for the
    law to ask for one.
    """
    law = rules()
    if visit is None:
        return business_days_later(booked, law.asked_days)
    ahead = business_days_between(booked, visit)
    if ahead < law.soon[0]:
        return None
    return business_days_later(booked, law.later[1] if ahead >= law.later[0] else law.soon[1])


def business_days_later(day: date, days: int) -> date:
    """`days` business days after a day."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def business_days_between(first: date, last: date) -> int:
    """Business days after `first`, up to and with `last`."""
    return sum((first + timedelta(days=i)).weekday() < 5 for i in range(1, (last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Dispute:
    """Whether a bill may be disputed: how much more it asks, and the last day for it."""

    may: bool
    more: Money
    until: date


def dispute(given: GoodFaith, billed: Money, first_bill: date, today: date) -> Dispute:
    """Hold what this clinic billed in all against its estimate."""
    more, law = billed - given.total, rules()
    until = first_bill + timedelta(days=law.dispute_days)
    return Dispute(more >= law.dispute_above and today <= until, more, until)
