"""The editor of the price list: the rows of the last version to change, and a few empty ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from opentraction.care import money
from opentraction.care.money.codes import codes
from opentraction.care.money.prices import KINDS, prices_of
from opentraction.clinic.billing.amounts import read_amount, write_amount
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.models import Books
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table

EMPTY: Final = 3
MOST: Final = 60
COLUMNS: Final = ("words", "kind", "code", "price")
FLAGS: Final = ("per_session", "taxable", "elsewhere")
_NOT_KEY: Final = re.compile(r"[^a-z0-9]+")


@dataclass
class Row:
    """One item as typed; `refusal` is what is wrong with it."""

    index: int
    key: str = ""
    words: str = ""
    kind: str = "option"
    code: str = ""
    price: str = ""
    per_session: bool = False
    taxable: bool = False
    elsewhere: bool = False
    refusal: str = ""


@dataclass
class PricesForm:
    """Every row, the day from which they hold, and what is wrong with the list."""

    valid_from: str
    rows: list[Row]
    wrong: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether anything cannot be used."""
        return bool(self.wrong) or any(row.refusal for row in self.rows)

    kinds = KINDS
    codes = property(lambda self: ("", *codes()))


def filled(prices: money.PriceList, books: Books, today: date) -> PricesForm:
    """The form with the items of a list, and some empty rows."""
    rows = [_row(i, item, books) for i, item in enumerate(prices.items)]
    return PricesForm(today.isoformat(), rows + [Row(len(rows) + i) for i in range(EMPTY)])


def _row(index: int, item: money.PriceItem, books: Books) -> Row:
    price = write_amount(item.price, books.comma)
    flags = (item.per_session, item.taxable, item.elsewhere)
    return Row(index, item.key, item.words, item.kind, item.code, price, *flags)


def read(posted: Mapping[str, str], books: Books, version: int) -> tuple[PricesForm, money.PriceList | None]:
    """What was typed, and the list it makes; None where something cannot be used, which the form then says."""
    form = PricesForm(posted.get("valid_from", "").strip()[:20], [_posted(posted, i) for i in range(_count(posted))])
    items = [one for one in (_item(row, books, form) for row in form.rows if row.words or row.price) if one]
    try:
        day = read_day(form.valid_from, "valid from")
        data = {"version": str(version), "valid_from": day.isoformat(), "currency": books.currency, "item": items}
        prices = prices_of(Table(data, "prices"))
    except BadInput as refusal:
        form.wrong += [] if form.bad else [str(refusal)]
        return form, None
    return form, None if form.bad else prices


def _count(posted: Mapping[str, str]) -> int:
    text = posted.get("rows", "")
    return min(int(text), MOST) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _posted(posted: Mapping[str, str], index: int) -> Row:
    row = Row(index)
    for name in ("key", *COLUMNS):
        setattr(row, name, posted.get(f"{name}-{index}", "").strip()[:80])
    for name in FLAGS:
        setattr(row, name, bool(posted.get(f"{name}-{index}")))
    return row


def _item(row: Row, books: Books, form: PricesForm) -> dict[str, Any] | None:
    """The item as a table has it; None, and the row says why, where it cannot be read."""
    try:
        price = read_amount(row.price, "price", books.currency, books.comma)
        if not row.words or not row.words.isprintable() or len(row.words) > 60:
            raise BadInput("words", row.words, "what it is, in 1 to 60 characters")
        if row.kind not in KINDS or row.code not in ("", *codes()):
            raise BadInput("kind", f"{row.kind} {row.code}", "a kind and a code of the list")
    except BadInput as refusal:
        row.refusal = f"{refusal}"
        return None
    item: dict[str, Any] = {"key": row.key or _fresh_key(row, form), "words": row.words, "kind": row.kind}
    item |= {"price": price.written(), **{name: getattr(row, name) for name in FLAGS}}
    return item | ({"code": row.code} if row.code else {})


def _fresh_key(row: Row, form: PricesForm) -> str:
    """From the words, and unlike every other."""
    taken = {one.key for one in form.rows}
    base = _NOT_KEY.sub("-", row.words.lower()).strip("-")[:24] or "item"
    row.key = next(key for key in (base, *(f"{base}-{n}" for n in range(2, MOST + 2))) if key not in taken)
    return row.key
