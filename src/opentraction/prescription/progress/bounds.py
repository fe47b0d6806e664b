"""The bounds of a course's force: what it starts from, what it never passes, and which bound it is that binds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.history import Screened
from opentraction.prescription.progress.rules import CERTAINTIES, Book, Reason, Rule, shipped
from opentraction.prescription.progress.saying import said_force
from opentraction.quantities import parse_quantity, quantity
from opentraction.quantities.toml_file import Table, parse_toml


@dataclass(frozen=True, slots=True)
class Bound:
    """One upper bound of a force [N], and why it is there."""

    newtons: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Several bounds of one force; the lowest binds. `share` is what screening leaves of it."""

    bounds: tuple[Bound, ...]
    share: float = 1.0
    found: Reason | None = None

    @property
    def binding(self) -> Bound:
        """The bound that binds; of equal ones the first."""
        lowest = min(self.bounds, key=lambda bound: bound.newtons)
        if self.found is None:
            return lowest
        return Bound(lowest.newtons * self.share, self.found)

    @property
    def force(self) -> float:
        """The highest force [N] all bounds allow."""
        return self.binding.newtons

    @property
    def words(self) -> str:
        """What binds, in words."""
        return self.binding.reason.words


@dataclass(frozen=True, slots=True)
class Start:
    """Where a course starts: planned force and its bounds, hard cap and its bounds, first session [N, s]."""

    planned: Ceiling
    cap: Ceiling
    first: float
    first_length: float
    why_first: Reason


def starting_force(course: Course, screened: Screened | None = None, rules: Book | None = None) -> Start:
    """The planned force, the hard cap and the first session of a course."""
    book = rules or shipped()
    share, found = _reduced(screened, book)
    hard = _hard(course, book)
    cap = Ceiling(tuple(hard), share, found)
    planned = Ceiling((*_planned(course, book), *hard), share, found)
    first = book["B13"]
    force = whole_newtons(first["share"] * planned.force)
    return Start(planned, cap, force, min(first["length"], longest(course, book)), first.says())


def longest(course: Course, rules: Book) -> float:
    """The longest session [s] of this course."""
    return min(course.length, rules[course.longest_rule]["length"])


def whole_newtons(force: float) -> float:
    """Down to a whole newton, so that no bound is passed by rounding."""
    return float(math.floor(force + 1e-9))


def under_ceiling(ceiling: float) -> float:
    """The highest force [N] that keeps its headroom (2 % or 5 N) below a ceiling [N]."""
    return min(ceiling / 1.02, ceiling - 5.0)


def _planned(course: Course, book: Book) -> list[Bound]:
    weight = course.patient.body.weight
    if course.neck:
        return [_bound(book["B05"], book["B05"]["share"] * weight)]
    half, share = book["B01"], book["B02"]
    return [_bound(half, half["share"] * weight - half["less"]), _bound(share, share["share"] * weight)]


def _hard(course: Course, book: Book) -> list[Bound]:
    weight = course.patient.body.weight
    if course.neck:
        bounds = [_bound(book["B06"], book["B06"]["most"]), _bound(book["B07"], book["B07"]["share"] * weight)]
    else:
        more = book["B04"]
        bounds = [_bound(book["B03"], book["B03"]["share"] * weight)]
        bounds.append(_bound(more, more["share"] * weight + more["more"]))
    bounds.append(_bound(book["B08"], _device(course)))
    if course.clinician_cap is not None:
        bounds.append(_bound(book["B09"], course.clinician_cap))
    bounds.append(_ceiling(book["B10"], course.patient.ceiling, course))
    if course.plan_ceiling is not None:
        bounds.append(_ceiling(book["B11"], course.plan_ceiling, course))
    return bounds


def _device(course: Course) -> float:
    """The device's limit [N], never above what this project pulls at all."""
    most = quantity("cervical_force" if course.neck else "force").bounds.high
    return most if course.device_max is None else min(course.device_max, most)


def _ceiling(rule: Rule, ceiling: float, course: Course) -> Bound:
    return Bound(under_ceiling(ceiling), rule.says(ceiling=said_force(ceiling, course.unit)))


def _bound(rule: Rule, newtons: float) -> Bound:
    return Bound(newtons, rule.says())


@dataclass(frozen=True, slots=True)
class Limit:
    """What a finding of screening leaves of the force; a share of 0 means: do not start."""

    key: str
    found: str
    share: float
    source: str
    certainty: str
    reviewed_by: str


@cache
def screening_limits() -> dict[str, Limit]:
    """Findings of screening that reduce the force, by screening's limit or rule."""
    table = parse_toml(files(__package__).joinpath("limits.toml").read_text("utf-8"), "limits.toml")
    table.only("limit")
    return {one.key: one for one in map(_limit, table.tables("limit"))}


def _limit(table: Table) -> Limit:
    table.only("key", "found", "share", "source", "certainty", "reviewed_by")
    return Limit(
        table.text("key"),
        table.text("found"),
        parse_quantity(table.need("share", '"75 %"'), "fraction", table.place("share")),
        table.text("source", longest=300),
        table.word("certainty", CERTAINTIES),
        table.text("reviewed_by"),
    )


def strictest(screened: Screened | None) -> Limit | None:
    """The finding that leaves least of the force, None where all of it is left."""
    known = screening_limits()
    found = [known[key] for key in (*screened.limits, *screened.rules) if key in known] if screened else []
    return min(found, key=lambda limit: limit.share, default=None)


def _reduced(screened: Screened | None, book: Book) -> tuple[float, Reason | None]:
    limit = strictest(screened)
    if limit is None or limit.share >= 1.0:
        return 1.0, None
    rule = book["B12"]
    words = rule.words.format(share=f"{100.0 * limit.share:.0f} %", found=f"{limit.found} ({limit.key})")
    return limit.share, Reason(rule.id, words, limit.source, limit.certainty)
