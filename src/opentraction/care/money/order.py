"""What an estimate is asked for: how many sessions, what else, at which prices, and how it would be paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from opentraction.care.money.bill import Discount, Tax
from opentraction.care.money.instalments import EVERY
from opentraction.care.money.package import MOST_SESSIONS, Package
from opentraction.care.money.prices import PriceItem, PriceList
from opentraction.care.money.record import Record
from opentraction.care.money.travel import Travel
from opentraction.quantities import BadInput

# The course is looked at again after these visits; clinical reference, section 3 [design].
REVIEWS: Final = (6, 12, 18)


@dataclass(frozen=True, slots=True)
class Order(Record):
    """One course to be priced. `chosen` items are in every figure; `maybe` items only in the highest.

    `at_most` is the number of sessions if the course is made longer after a review. Raises BadInput for what does not
    go together.
    """

    prices: PriceList
    sessions: int
    at_most: int
    made_on: date
    first_visit: date | None = None
    chosen: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    reviews: tuple[int, ...] = REVIEWS
    package: Package | None = None
    discounts: tuple[Discount, ...] = ()
    tax: Tax | None = None
    travel: Travel | None = None
    parts: int = 1
    every: str = "month"

    def __post_init__(self) -> None:
        _within("estimate.sessions", self.sessions, 1, MOST_SESSIONS)
        _within("estimate.at_most", self.at_most, self.sessions, MOST_SESSIONS)
        _check_items(self)
        _check_reviews(self.reviews)
        if self.every not in EVERY:
            raise BadInput("instalments.every", self.every, "one of " + ", ".join(EVERY))
        if self.package is not None:
            _check_package(self, self.package)

    def items(self, keys: tuple[str, ...]) -> tuple[PriceItem, ...]:
        """The items of these keys, in the order of the list."""
        return tuple(item for item in self.prices.items if item.key in keys)


def _within(where: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise BadInput(where, value, f"a whole number from {low} to {high}")


def _check_items(order: Order) -> None:
    for key in order.chosen + order.maybe:
        if order.prices.item(key).kind == "session":
            raise BadInput("estimate.options", key, "anything but the session, which is always in")
    both = set(order.chosen) & set(order.maybe)
    if both:
        raise BadInput("estimate.maybe", min(both), "an item that is not chosen already")


def _check_reviews(reviews: tuple[int, ...]) -> None:
    rising = all(one < other for one, other in pairwise(reviews))
    if not reviews or reviews[0] < 1 or not rising:
        raise BadInput("estimate.reviews", list(reviews), "visits in rising order, such as [6, 12, 18]")


def _check_package(order: Order, package: Package) -> None:
    if package.sessions > order.sessions:
        raise BadInput("package.sessions", package.sessions, f"at most {order.sessions}, the sessions planned")
    if package.list_price != order.prices.session.price:
        listed = order.prices.session.price.show()
        raise BadInput("package.list_price", package.list_price.show(), f"{listed}, the session of the list")
    if any("session" in one.kinds or not one.kinds for one in order.discounts):
        raise BadInput("discount.on", "session", "exam, imaging or option: a package has its price already")
