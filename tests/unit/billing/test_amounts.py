"""Amounts as typed: read back what was written, in both manners, and refuse what is not clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from opentraction.care.money import Money
from opentraction.care.money.money import CURRENCIES, LARGEST
from opentraction.clinic.billing.amounts import read_amount, read_number, read_percent, write_amount
from opentraction.quantities import BadInput


@pytest.mark.parametrize(
    ("text", "comma", "cents"),
    [
        ("95", False, 95_00),
        ("$95.00", False, 95_00),
        (" 95.5 ", False, 95_50),
        ("1,250.00", False, 1250_00),
        ("1250 USD", False, 1250_00),
        ("1'250.05", False, 1250_05),
        ("95,00", True, 95_00),
        ("1.250,00", True, 1250_00),
        ("1 250,00", True, 1250_00),
        ("$ 95", True, 95_00),
        ("0", False, 0),
    ],
)
def test_what_people_type_is_read(text: str, comma: bool, cents: int) -> None:
    assert read_amount(text, "amount", "USD", comma) == Money(cents)


@pytest.mark.parametrize(
    ("text", "comma"),
    [
        ("95,00", False),  # 95 or 9500? nobody knows
        ("95.00", True),
        ("1,25.00", False),
        ("1.250,00", False),
        ("-5", False),
        ("5-", False),
        ("", False),
        ("ninety", False),
        ("95.001", False),
        ("€95", False),
        ("٩٥", False),
        ("1e3", False),
        ("9" * 30, False),
        ("95\0", False),
        ("100000000.01", False),
    ],
)
def test_what_is_not_clear_is_refused_in_one_sentence(text: str, comma: bool) -> None:
    with pytest.raises(BadInput) as refusal:
        read_amount(text, "amount", "USD", comma)
    assert str(refusal.value).count(". ") == 0


@given(some.integers(0, LARGEST), some.sampled_from(sorted(CURRENCIES)), some.booleans())
def test_an_amount_is_read_back_as_it_is_written(cents: int, currency: str, comma: bool) -> None:
    much = Money(cents, currency)
    assert read_amount(write_amount(much, comma), "amount", currency, comma) == much
    assert comma or read_amount(much.show(), "amount", currency) == much


def test_the_least_is_held() -> None:
    with pytest.raises(BadInput, match=r"from 0\.01 to"):
        read_amount("0", "amount", "USD", least=1)


def test_shares_and_lengths() -> None:
    assert read_percent("5", "x") == read_percent("5 %", "x") == read_percent("5,0 %", "x", comma=True)
    assert read_number("7.5", "x", 100) == read_number("7,5", "x", 100, comma=True) == 750
    for text in ("", "101", "-1", "x"):
        with pytest.raises(BadInput):
            read_number(text, "x", 100)
