"""Sessions sold together, and what comes back when somebody stops early."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.record import Record
from opentraction.care.money.sources import Source, read_source
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_FILE: Final = Path(__file__).parent / "refund.toml"
MOST_SESSIONS: Final = 60


@dataclass(frozen=True, slots=True)
class Package(Record):
    """`sessions` for one `price`; `list_price` is one session bought by itself. BadInput if that is cheaper."""

    sessions: int
    price: Money
    list_price: Money

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= MOST_SESSIONS:
            raise BadInput("package.sessions", self.sessions, f"a whole number from 1 to {MOST_SESSIONS}")
        dearest = self.list_price * self.sessions
        if not Money(0, self.price.currency) <= self.price <= dearest:
            raise BadInput("package.price", self.price.show(), f"at most {dearest.show()}, the sessions bought singly")

    def kept(self, taken: int) -> Money:
        """What the clinic keeps after `taken` sessions; those beyond the package cost the list price.

        Rounded down, not half to even: a part of a cent goes back, so that no session not taken is ever paid for.
        """
        if taken < 0:
            raise BadInput("taken", taken, "a whole number from 0")
        inside = min(taken, self.sessions)
        share = Money(self.price.cents * inside // self.sessions, self.price.currency)
        return share + self.list_price * (taken - inside)


@dataclass(frozen=True, slots=True)
class Refund(Record):
    """What is settled when a package ends: `refund` goes back, or `due` is still to pay; one of them is zero."""

    taken: int
    kept: Money
    paid: Money
    refund: Money
    due: Money
    pay_by: date


def settle(package: Package, taken: int, paid: Money, ended_on: date) -> Refund:
    """The refund of a package that ended after `taken` sessions; `paid` is `Account.paid_for` its invoice.

    Raises BadInput.
    """
    if paid < Money(0, paid.currency):
        raise BadInput("paid", paid.show(), "what was paid, at least zero")
    kept, nothing = package.kept(taken), Money(0, paid.currency)
    return Refund(
        taken=taken,
        kept=kept,
        paid=paid,
        refund=max(paid - kept, nothing),
        due=max(kept - paid, nothing),
        pay_by=ended_on + timedelta(days=refund_rule().pay_within_days),
    )


@dataclass(frozen=True, slots=True)
class RefundRule:
    """The rule as written in refund.toml; `counts` has, for each ending, the least share [%] that counts."""

    pay_within_days: int
    counts: dict[str, int]
    key: str
    text: str
    source: Source


@functools.cache
def refund_rule() -> RefundRule:
    """The rule. Raises BadInput for a method or a fee that breaks its laws."""
    top = parse_toml(read_text(_FILE), _FILE.name)
    top.only("method", "fee_cents", "pay_within_days", "counts", "told")
    top.word("method", ("pro-rata",))
    top.count("fee_cents", 0, 0)
    told = top.table("told")
    return RefundRule(
        pay_within_days=top.count("pay_within_days", 0, 90),
        counts={one.text("ending"): one.count("from_percent", 0, 101) for one in top.tables("counts")},
        key=told.text("key"),
        text=told.text("text", longest=400),
        source=read_source(told),
    )


def sessions_taken(endings: Iterable[tuple[str, int]]) -> int:
    """How many sessions count, of (ending, share of the planned time pulled [%]). Raises BadInput for a new ending."""
    counts, taken = refund_rule().counts, 0
    for ending, percent in endings:
        if ending not in counts:
            raise BadInput("ending", ending, "one of " + ", ".join(counts))
        taken += percent >= counts[ending]
    return taken


def package_of(table: Table, list_price: Money) -> Package | None:
    """The package in a table of a file; None for an empty table. Raises BadInput."""
    if not table:
        return None
    table.only("sessions", "price")
    sessions = table.count("sessions", 1, MOST_SESSIONS)
    try:
        return Package(sessions, parse_money(table.need("price", '"2200.00 USD"'), table.place("price")), list_price)
    except BadInput as refusal:
        raise refusal.within(table.source) from None
