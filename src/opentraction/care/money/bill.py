"""Lines, discounts and tax: how a bill adds up. Each is rounded once, and no cent is lost between lines and total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from opentraction.care.money.codes import MODIFIERS, codes
from opentraction.care.money.money import Money, parse_money, parse_percent, show_percent, total, zero
from opentraction.care.money.record import Record
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table


@dataclass(frozen=True, slots=True)
class Line(Record):
    """`quantity` of one thing at a `unit` price; `discount` is this line's part of what was taken off."""

    words: str
    quantity: int
    unit: Money
    discount: Money
    kind: str = "option"
    code: str = ""
    modifiers: tuple[str, ...] = ()
    taxable: bool = False
    elsewhere: bool = False
    on: date | None = None

    def __post_init__(self) -> None:
        if self.code and self.code not in codes():
            raise BadInput("code", self.code, "one of " + ", ".join(codes()))
        for one in self.modifiers:
            if one not in MODIFIERS:
                raise BadInput("modifier", one, "one of " + ", ".join(MODIFIERS))
        if not 1 <= self.quantity <= 999 or self.unit.cents < 0:
            raise BadInput("quantity", self.quantity, "a whole number from 1 to 999, of a price of at least zero")
        if not zero(self.unit.currency) <= self.discount <= self.gross:
            raise BadInput("discount", self.discount.show(), f"at most {self.gross.show()}, the line itself")

    @property
    def gross(self) -> Money:
        """Before any discount."""
        return self.unit * self.quantity

    @property
    def net(self) -> Money:
        """After discount, before tax."""
        return self.gross - self.discount


@dataclass(frozen=True, slots=True)
class Discount(Record):
    """A share or an amount taken off the lines of some kinds, of all kinds where `kinds` is empty."""

    words: str
    percent: Fraction | None
    amount: Money | None
    kinds: tuple[str, ...] = ()

    def off(self, net: Money) -> Money:
        """What it takes off `net`; an amount never more than there is."""
        if self.percent is not None:
            return net.share(self.percent)
        return min(self.amount, net) if self.amount is not None else zero(net.currency)

    def show(self) -> str:
        """`Pays at once, 5 %`."""
        much = show_percent(self.percent) if self.percent is not None else self.amount.show() if self.amount else "0"
        return f"{self.words}, {much}"


@dataclass(frozen=True, slots=True)
class Tax(Record):
    """A tax on the taxable lines, on their sum, after discounts."""

    words: str
    rate: Fraction

    def of(self, net: Money) -> Money:
        """The tax of a taxable sum, rounded half to even."""
        return net.share(self.rate)


@dataclass(frozen=True, slots=True)
class Totals(Record):
    """`gross - discount = net`, `net + tax = total`; `taxable` is the part of net that is taxed."""

    gross: Money
    discount: Money
    net: Money
    taxable: Money
    tax: Money
    total: Money


def discounted(lines: Sequence[Line], discounts: Sequence[Discount]) -> tuple[Line, ...]:
    """The lines with each discount, one after the other, spread over the lines it is for; the parts add up exactly."""
    done = list(lines)
    for discount in discounts:
        hit = [i for i, line in enumerate(done) if line.net and (not discount.kinds or line.kind in discount.kinds)]
        if not hit:
            continue
        nets = [done[i].net for i in hit]
        off = discount.off(total(nets, nets[0].currency))
        for i, part in zip(hit, off.split([net.cents for net in nets]), strict=True):
            done[i] = replace(done[i], discount=done[i].discount + part)
    return tuple(done)


def totals(lines: Sequence[Line], tax: Tax | None, currency: str) -> Totals:
    """What the lines add up to."""
    net = total((line.net for line in lines), currency)
    taxable = total((line.net for line in lines if line.taxable), currency)
    taxed = tax.of(taxable) if tax is not None else zero(currency)
    return Totals(
        gross=total((line.gross for line in lines), currency),
        discount=total((line.discount for line in lines), currency),
        net=net,
        taxable=taxable,
        tax=taxed,
        total=net + taxed,
    )


def discount_of(table: Table, kinds: Sequence[str], currency: str) -> Discount:
    """The discount in a table of a file: `percent` or `amount`. Raises BadInput."""
    table.only("words", "percent", "amount", "on")
    if ("percent" in table) == ("amount" in table):
        raise table.refuse("percent", table.data.get("percent", "with amount"), "either percent or amount")
    on = (table.word("on", kinds),) if "on" in table else ()
    try:
        percent = parse_percent(table.data["percent"], table.place("percent")) if "percent" in table else None
        amount = parse_money(table.data["amount"], table.place("amount")) if "amount" in table else None
    except BadInput as refusal:
        raise refusal.within(table.source) from None
    if amount is not None and amount.currency != currency:
        raise table.refuse("amount", amount.written(), f"an amount in {currency}, the currency of the prices")
    return Discount(table.text("words", longest=60), percent, amount, on)


def tax_of(table: Table) -> Tax | None:
    """The tax in a table of a file; None for an empty table. Raises BadInput."""
    if not table:
        return None
    table.only("words", "rate")
    try:
        return Tax(table.text("words", longest=40), parse_percent(table.need("rate", '"8.25 %"'), table.place("rate")))
    except BadInput as refusal:
        raise refusal.within(table.source) from None
