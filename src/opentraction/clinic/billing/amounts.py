"""Amounts as people type them: `95`, `$95.00`, `1,250.00`, or `95,00` and `1.250,00` where the clinic writes so."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from opentraction.care.money import Money, parse_percent
from opentraction.care.money.money import CURRENCIES, LARGEST
from opentraction.quantities import BadInput

# The group that ends thousands, then the one that begins cents; an apostrophe or a narrow space is heard in both.
_POINT: Final = re.compile(r"^([0-9]{1,3}(?:[,'’ \u00a0\u202f][0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{1,2}))?$", re.ASCII)
_COMMA: Final = re.compile(r"^([0-9]{1,3}(?:[.'’ \u00a0\u202f][0-9]{3})+|[0-9]{1,9})(?:,([0-9]{1,2}))?$", re.ASCII)
_NOT_DIGITS: Final = re.compile(r"[^0-9]", re.ASCII)


def read_amount(text: str, where: str, currency: str, comma: bool = False, least: int = 0) -> Money:
    """What was typed, as money of at least `least` cents. Raises BadInput for anything that is not clear."""
    match = (_COMMA if comma else _POINT).match(_bare(text, currency))
    if match is None or len(text) > 40:
        raise BadInput(where, text, f"an amount such as {write_amount(Money(95_00, currency), comma)}")
    cents = int(_NOT_DIGITS.sub("", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))
    if not least <= cents <= LARGEST:
        ends = (write_amount(Money(end, currency), comma) for end in (least, LARGEST))
        raise BadInput(where, text, "from {} to {} {}".format(*ends, currency))
    return Money(cents, currency)


def _bare(text: str, currency: str) -> str:
    """Without the sign or the name of the currency, before or after."""
    text = text.strip()
    for sign in (CURRENCIES[currency].strip(), currency):
        if text.startswith(sign) or text.endswith(sign):
            return text.removeprefix(sign).removesuffix(sign).strip()
    return text


def write_amount(money: Money, comma: bool = False) -> str:
    """As `read_amount` reads it back: `95.00`, or `95,00`."""
    whole, cents = divmod(abs(money.cents), 100)
    return f"{'-' if money.cents < 0 else ''}{whole}{',' if comma else '.'}{cents:02d}"


def read_percent(text: str, where: str, comma: bool = False) -> Fraction:
    """`5`, `5 %` or `8.25 %` as a share. Raises BadInput."""
    bare = text.strip().removesuffix("%").strip()
    try:
        return parse_percent(f"{bare.replace(',', '.') if comma else bare} %", where)
    except BadInput as refusal:
        raise BadInput(where, text, refusal.allowed) from None


def read_number(text: str, where: str, high: int, comma: bool = False) -> int:
    """A length in hundredths, `7.5` as 750; at most `high` whole. Raises BadInput."""
    match = (_COMMA if comma else _POINT).match(text.strip())
    hundredths = -1
    if match is not None:
        hundredths = int(_NOT_DIGITS.sub("", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))
    if not 0 <= hundredths <= high * 100:
        raise BadInput(where, text, f"a number from 0 to {high}, such as {'7,5' if comma else '7.5'}")
    return hundredths
