"""What a course would cost: if it ends at a review, as planned, and at the most.

How likely each is nobody knows, so none is called likely: the middle figure is the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.care.money.bill import Line, Totals, discounted, totals
from opentraction.care.money.instalments import Instalment, instalments
from opentraction.care.money.money import Money, zero
from opentraction.care.money.order import Order
from opentraction.care.money.package import refund_rule
from opentraction.care.money.prices import PriceItem
from opentraction.care.money.record import Record
from opentraction.care.money.travel import Burden, burden
from opentraction.quantities import BadInput

UNKNOWN_ODDS = (
    "Nobody knows beforehand how long you will come. The low figure holds if the course ends at the first review, the "
    "middle one if you take every session that is planned, the high one if sessions and extras are added."
)


@dataclass(frozen=True, slots=True)
class Stop(Record):
    """The course ended after `sessions`: what it has cost in all, line by line, and what the way has asked."""

    sessions: int
    words: str
    lines: tuple[Line, ...]
    totals: Totals
    way: Burden | None

    @property
    def total(self) -> Money:
        """Everything, with tax."""
        return self.totals.total


@dataclass(frozen=True, slots=True)
class CourseEstimate(Record):
    """An estimate of one order: each early end, the plan, the most, and how the plan would be paid."""

    order: Order
    stops: tuple[Stop, ...]
    planned: Stop
    highest: Stop
    instalments: tuple[Instalment, ...]

    @property
    def low(self) -> Money:
        """The cost if the course ends at the first review."""
        return (*self.stops, self.planned)[0].total

    @property
    def high(self) -> Money:
        """The cost with every session and extra that might be added."""
        return self.highest.total

    def told(self) -> tuple[str, ...]:
        """The estimate in a few sentences for the patient."""
        return (
            f"As planned, {self.order.sessions} sessions: {self.planned.total.show()}.",
            *(f"{stop.words}: {stop.total.show()}." for stop in self.stops),
            f"{self.highest.words}: {self.high.show()}.",
            UNKNOWN_ODDS,
            *((refund_rule().text,) if self.order.package is not None else ()),
        )


def estimate(order: Order) -> CourseEstimate:
    """The estimate of an order. Raises BadInput where it cannot be paid as asked."""
    early = [visit for visit in order.reviews if visit < order.sessions]
    planned = _stop(order, order.sessions, f"As planned, after {order.sessions} sessions", order.chosen)
    return CourseEstimate(
        order=order,
        stops=tuple(_stop(order, visit, f"If you stop at visit {visit}", order.chosen) for visit in early),
        planned=planned,
        highest=_stop(order, order.at_most, _most_words(order), order.chosen + order.maybe),
        instalments=_parts(order, planned),
    )


def _most_words(order: Order) -> str:
    return f"At the most, {order.at_most} sessions" + (" and every extra" if order.maybe else "")


def _stop(order: Order, sessions: int, words: str, keys: tuple[str, ...]) -> Stop:
    lines = discounted(_lines(order, sessions, keys), order.discounts)
    return Stop(
        sessions=sessions,
        words=words,
        lines=lines,
        totals=totals(lines, order.tax, order.prices.currency),
        way=None if order.travel is None else burden(order.travel, sessions),
    )


def _lines(order: Order, sessions: int, keys: tuple[str, ...]) -> tuple[Line, ...]:
    items = order.items(keys)
    before = [_line(item, 1) for item in items if item.kind == "exam"]
    return (*before, *_session_lines(order, sessions), *_further(order, items, sessions))


def _further(order: Order, items: tuple[PriceItem, ...], sessions: int) -> list[Line]:
    """What comes beside the sessions: a review at each of its visits, extras once or each time."""
    reviews = sum(1 for visit in order.reviews if visit <= sessions)
    times = {"reassessment": reviews, "exam": 0}
    counted = [(item, times.get(item.kind, sessions if item.per_session else 1)) for item in items]
    return [_line(item, count) for item, count in counted if count]


def _session_lines(order: Order, sessions: int) -> list[Line]:
    item, package = order.prices.session, order.package
    if package is None:
        return [_line(item, sessions)]
    inside = min(sessions, package.sessions)
    words = f"{item.words}, {inside} of a package of {package.sessions}"
    kept = package.kept(inside)
    sold = Line(words, 1, kept, zero(kept.currency), item.kind, item.code, (), item.taxable)
    return [sold] if inside == sessions else [sold, _line(item, sessions - inside)]


def _line(item: PriceItem, quantity: int) -> Line:
    return Line(
        words=item.words,
        quantity=quantity,
        unit=item.price,
        discount=zero(item.price.currency),
        kind=item.kind,
        code=item.code,
        taxable=item.taxable,
        elsewhere=item.elsewhere,
    )


def _parts(order: Order, planned: Stop) -> tuple[Instalment, ...]:
    """How the clinic's own part of the plan would be paid; what others bill is theirs to ask for."""
    if order.parts == 1:
        return ()
    if order.first_visit is None:
        raise BadInput("instalments", order.parts, "instalments with estimate.first_visit, the day of the first one")
    own = own_total(order, planned)
    return instalments(own, order.parts, order.first_visit, order.every)


def own_total(order: Order, stop: Stop) -> Money:
    """What this clinic itself will ask for."""
    own = tuple(line for line in stop.lines if not line.elsewhere)
    return totals(own, order.tax, order.prices.currency).total
