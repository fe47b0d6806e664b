"""The clinic's own price list: dated, versioned, in one currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from opentraction.care.money.codes import codes
from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.record import Record
from opentraction.care.money.sources import read_day
from opentraction.quantities import BadInput, State
from opentraction.quantities.toml_file import Table, parse_toml, read_text

KINDS: Final = ("session", "exam", "reassessment", "imaging", "option")
STARTING: Final = Path(__file__).parent / "starting_prices.toml"


@dataclass(frozen=True, slots=True)
class PriceItem(Record):
    """One thing with a price. `per_session` is charged at each session, anything else once; `code` may be empty."""

    key: str
    words: str
    kind: str
    price: Money
    code: str = ""
    taxable: bool = False
    per_session: bool = False
    elsewhere: bool = False  # done and billed by somebody else, such as an X-ray practice


@dataclass(frozen=True, slots=True)
class PriceList(Record):
    """What a clinic charges from `valid_from` on; exactly one item is the session."""

    version: str
    valid_from: date
    currency: str
    items: tuple[PriceItem, ...]

    @property
    def session(self) -> PriceItem:
        """The item every course is made of."""
        return next(item for item in self.items if item.kind == "session")

    def item(self, key: str) -> PriceItem:
        """The item of this key. Raises BadInput, naming those there are."""
        for item in self.items:
            if item.key == key:
                return item
        raise BadInput("price", key, "one of " + ", ".join(item.key for item in self.items))

    def of_kind(self, kind: str) -> tuple[PriceItem, ...]:
        """The items of a kind, in the order of the list."""
        return tuple(item for item in self.items if item.kind == kind)


def in_force(lists: Iterable[PriceList], today: date) -> PriceList | None:
    """The list that holds today: the one begun last, of two begun on one day the later version."""
    begun = [one for one in lists if one.valid_from <= today]
    return max(begun, key=lambda one: (one.valid_from, one.version), default=None)


def read_prices(path: Path) -> PriceList:
    """The price list in a TOML file. Raises BadInput, naming file and field."""
    top = parse_toml(read_text(path), str(path))
    top.only("prices")
    return prices_of(top.table("prices"))


def starting_prices() -> PriceList:
    """A list to begin from and to change; its prices are examples, not advice."""
    return read_prices(STARTING)


def prices_of(table: Table) -> PriceList:
    """The price list in a table of a larger file. Raises BadInput."""
    table.only("version", "valid_from", "currency", "item", "note")
    currency = table.text("currency", "USD", longest=3)
    items = tuple(_item(one, currency) for one in table.tables("item"))
    _check_items(table, items)
    return PriceList(table.text("version", longest=20), read_day(table, "valid_from"), currency, items)


def _item(table: Table, currency: str) -> PriceItem:
    table.only("key", "words", "kind", "price", "code", "taxable", "per_session", "elsewhere")
    code = table.text("code", "")
    if code and code not in codes():
        raise table.refuse("code", code, "one of " + ", ".join(codes()))
    try:
        price = parse_money(table.need("price", '"130.00 USD"'), table.place("price"))
    except BadInput as refusal:
        raise refusal.within(table.source) from None
    if price.currency != currency:
        raise table.refuse("price", price.written(), f"an amount in {currency}, the currency of the list")
    return PriceItem(
        key=table.text("key", longest=30),
        words=table.text("words", longest=60),
        kind=table.word("kind", KINDS),
        price=price,
        code=code,
        taxable=table.flag("taxable"),
        per_session=table.flag("per_session"),
        elsewhere=table.flag("elsewhere"),
    )


def _check_items(table: Table, items: tuple[PriceItem, ...]) -> None:
    keys = [item.key for item in items]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise table.refuse("item", twice, "each key once")
    sessions = [item for item in items if item.kind == "session"]
    if len(sessions) != 1 or not sessions[0].price:
        raise table.refuse("item", State(f"without one session ({len(sessions)} given)"), "one session with a price")
