"""Money as whole cents of one currency. Nothing here ever becomes a float.

A share that falls between two cents is rounded half to even; the parts of a divided sum add up to it exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from opentraction.quantities import BadInput

# How an amount begins. Every one of these has a hundred cents.
CURRENCIES: Final[dict[str, str]] = {"USD": "$", "CAD": "CA$", "AUD": "A$", "EUR": "€", "GBP": "£", "CHF": "CHF "}
LARGEST: Final = 100_000_000_00  # [cents]; a larger amount is a slip of the finger, not a bill of a clinic
_WRITTEN = re.compile(r"^(-?)([0-9]{1,9})(?:\.([0-9]{2}))? ([A-Z]{3})$", re.ASCII)
_EXAMPLE: Final = 'an amount and its currency in quotes, such as "130.00 USD"; of ' + ", ".join(CURRENCIES)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of money: `cents` of `currency`, which may be negative (a credit)."""

    cents: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if isinstance(self.cents, bool) or not isinstance(self.cents, int):
            raise TypeError(f"cents are whole numbers, not {self.cents!r}")
        if self.currency not in CURRENCIES:
            raise BadInput("currency", self.currency, "one of " + ", ".join(CURRENCIES))

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            raise TypeError("money is multiplied by whole numbers; take a share() of it by a fraction")
        return Money(self.cents * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.cents < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.cents <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.cents > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.cents >= self._same(other)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        return self.show()

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {other!r}")
        if other.currency != self.currency:
            raise BadInput("currency", other.currency, f"{self.currency}, as the amount it goes with")
        return other.cents

    def share(self, of: Fraction) -> Money:
        """The share `of` this amount, rounded half to even (`round` of a Fraction is exact)."""
        return Money(round(self.cents * of), self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide by `weights` (whole, none negative, not all zero); the parts add up to the whole exactly.

        Cents left over go one each to the parts that lost most by rounding down, the earlier first.
        """
        if not weights or min(weights) < 0 or sum(weights) == 0:
            raise ValueError("weights: at least one above zero, none negative")
        exact = [Fraction(abs(self.cents) * weight, sum(weights)) for weight in weights]
        parts = [share.numerator // share.denominator for share in exact]
        worst_first = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for i in worst_first[: abs(self.cents) - sum(parts)]:
            parts[i] += 1
        sign = -1 if self.cents < 0 else 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def show(self) -> str:
        """`$1,250.00`; a credit is `-$1,250.00`."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{CURRENCIES[self.currency]}{whole:,}.{cents:02d}"

    def written(self) -> str:
        """`1250.00 USD`, as files have it; `parse_money` reads it back."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{whole}.{cents:02d} {self.currency}"

    def document(self) -> dict[str, Any]:
        """Cents and currency, as records keep them."""
        return {"cents": self.cents, "currency": self.currency}


def zero(currency: str) -> Money:
    """Nothing to pay, which differs from not known (None)."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; of no amounts it is zero."""
    return sum(amounts, start=zero(currency))


def parse_money(text: object, where: str, least: int = 0) -> Money:
    """`"130.00 USD"` or `"130 USD"` as money of at least `least` cents. Raises BadInput; a bare number is refused."""
    match = _WRITTEN.match(text) if isinstance(text, str) and len(text) <= 40 else None
    if match is None or match[4] not in CURRENCIES:
        raise BadInput(where, text, _EXAMPLE)
    cents = int(match[2]) * 100 + int(match[3] or 0)
    cents = -cents if match[1] else cents
    if not least <= cents <= LARGEST:
        raise BadInput(where, text, f"from {Money(least, match[4]).show()} to {Money(LARGEST, match[4]).show()}")
    return Money(cents, match[4])


def money_from(document: Any, where: str = "money") -> Money:
    """The money a record kept. Raises BadInput."""
    if not isinstance(document, dict) or set(document) != {"cents", "currency"}:
        raise BadInput(where, document, "cents and currency")
    cents, currency = document["cents"], document["currency"]
    if isinstance(cents, bool) or not isinstance(cents, int) or not isinstance(currency, str):
        raise BadInput(where, document, "whole cents and the name of a currency")
    return Money(cents, currency)


_PERCENT = re.compile(r"^([0-9]{1,3})(?:\.([0-9]{1,4}))? ?%$", re.ASCII)


def parse_percent(text: object, where: str, highest: int = 100) -> Fraction:
    """`"8.25 %"` as the exact fraction 33/400. Raises BadInput."""
    match = _PERCENT.match(text) if isinstance(text, str) else None
    decimals = (match[2] or "") if match else ""
    value = Fraction(int(match[1] + decimals), 100 * 10 ** len(decimals)) if match else Fraction(-1)
    if not 0 <= value <= Fraction(highest, 100):
        raise BadInput(where, text, f'a percentage in quotes from "0 %" to "{highest} %", such as "8.25 %"')
    return value


def show_percent(share: Fraction) -> str:
    """`33/400` as `8.25 %`."""
    whole, rest = divmod(int(share * 1_000_000), 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + " %"
