"""The form of an invoice: which sessions, what else, a discount, until when; read into a `Draft`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from opentraction.care import money
from opentraction.care.money.codes import MODIFIERS
from opentraction.clinic.billing.actions.invoices import Draft
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.forms.estimate import ON, discount_of
from opentraction.clinic.billing.forms.fields import Field, Form, number, one_of
from opentraction.clinic.billing.given import Given
from opentraction.clinic.billing.models import Books, PriceListRow, prices_on

MOST_OF_ONE: Final = 99
LONGEST_DUE: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the form stands on: books, the price list in force, the sessions to bill, today."""

    books: Books
    row: PriceListRow
    given: list[Given]
    today: date

    @property
    def others(self) -> list[money.PriceItem]:
        """What this clinic itself may charge beside the session."""
        return [item for item in self.row.prices.items if item.kind != "session" and not item.elsewhere]


def blank(ground: Ground, posted: Mapping[str, str] | None = None) -> Form:
    """The form as first shown, every session ticked, or with what was posted."""
    modifiers = (("", _("none")), *((key, f"{key}: {words}") for key, words in MODIFIERS.items()))
    due = ground.today + timedelta(days=ground.books.due_days)
    fields = [
        *(Field(_name(one), _said(one), "yes", kind="tick") for one in ground.given),
        *(Field(f"item-{item.key}", item.words, hint=item.price.show(), kind="number") for item in ground.others),
        Field("modifier", _("Modifier on the sessions"), kind="choice", choices=modifiers),
        Field("discount_words", _("Discount for")),
        Field("discount_much", _("How much"), hint=_("A share such as 5 %, or an amount.")),
        Field("discount_on", _("On"), kind="choice", choices=tuple((one, one or _("everything")) for one in ON)),
        Field("due", _("Due"), due.isoformat(), kind="date"),
    ]
    return Form.of(fields, posted)


def _name(one: Given) -> str:
    return f"session-{one.session.pk}"


def _said(one: Given) -> str:
    return _("Session {n}, {day}").format(n=one.number, day=one.on.isoformat())


def read(form: Form, ground: Ground) -> Draft | None:
    """The draft; None where something cannot be used, which the form then says."""
    chosen = [one for one in ground.given if form[_name(one)].value]
    modifier = form.read("modifier", one_of(form["modifier"].choices))
    lines = [_session_line(one, ground, modifier or "") for one in chosen]
    for item in ground.others:
        count = form.read(f"item-{item.key}", number(0, MOST_OF_ONE, 0))
        lines += [_line(item, count, ground.today)] if count else []
    last = ground.today + LONGEST_DUE
    due = form.read("due", lambda text: read_day(text, "due", ground.today, last))
    discounts = discount_of(form, ground.books)
    if not lines and not form.bad:
        form.wrong.append(_("Nothing is on this invoice. Tick a session, or write how many of something else."))
    if form.bad or due is None:
        return None
    return Draft(tuple(lines), tuple(one.session.pk for one in chosen), due, discounts)


def _session_line(one: Given, ground: Ground, modifier: str) -> money.Line:
    """At the price of its own day."""
    row = prices_on(ground.books.clinic, one.on) or ground.row
    line = _line(row.prices.session, 1, one.on)
    return replace(line, modifiers=(modifier,) if modifier else ())


def _line(item: money.PriceItem, count: int, on: date) -> money.Line:
    price = item.price
    return money.Line(
        item.words, count, price, money.zero(price.currency), item.kind, item.code, (), item.taxable, on=on
    )


def read_parts(form: Form, bill: money.Invoice, reader: Callable[[str], money.Money | None]) -> list[money.Credited]:
    """The amounts to take back, line by line; an empty field takes nothing."""
    parts = []
    for index in range(len(bill.lines)):
        amount = form.read(f"line-{index}", reader)
        if amount:
            parts.append(money.Credited(index, amount))
    return parts
