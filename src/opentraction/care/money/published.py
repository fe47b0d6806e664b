"""Published prices, to stand beside the clinic's own."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.sources import Source, read_source, read_texts
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_FILE: Final = Path(__file__).parent / "published.toml"
OF: Final = ("session", "course", "package", "exam", "equipment")


@dataclass(frozen=True, slots=True)
class PublishedRange:
    """From `low` to `high`, as somebody publishes it; `answers` are the articles' statements it belongs to."""

    key: str
    of: str
    low: Money
    high: Money
    who: str
    answers: tuple[str, ...]
    source: Source

    def place(self, price: Money) -> str:
        """Where a price stands: below, within, above; in another currency it cannot be said."""
        if price.currency != self.low.currency:
            return "in another currency"
        return "below" if price < self.low else "above" if price > self.high else "within"

    def words(self) -> str:
        """`$125.00 to $150.00, the article for patients "Is It Effective"`."""
        return f"{self.low.show()} to {self.high.show()}, {self.who}"


@functools.cache
def published(of: str = "") -> tuple[PublishedRange, ...]:
    """Every published range, or those `of` a session, course, package, exam or equipment."""
    top = parse_toml(read_text(_FILE), _FILE.name)
    every = tuple(_range(one) for one in top.tables("range"))
    return tuple(one for one in every if not of or one.of == of)


def _range(table: Table) -> PublishedRange:
    table.only("key", "of", "low", "high", "who", "answers", "source", "certainty", "reviewed_by")
    low, high = (parse_money(table.text(key), table.place(key)) for key in ("low", "high"))
    if low > high:
        raise table.refuse("high", high.written(), f"at least {low.written()}")
    return PublishedRange(
        key=table.text("key"),
        of=table.word("of", OF),
        low=low,
        high=high,
        who=table.text("who"),
        answers=read_texts(table, "answers"),
        source=read_source(table),
    )
