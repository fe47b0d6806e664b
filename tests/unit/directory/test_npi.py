"""An NPI checks itself: every single wrong digit is found, and nearly every swapped pair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.specialists.npi import is_npi, luhn_sum, read_npi, with_check_digit
from opentraction.quantities import BadInput

NPIS = st.from_regex(r"[12][0-9]{8}", fullmatch=True).map(with_check_digit)


def test_the_published_example() -> None:
    # 1234567893 is the example of the registry's own check digit paper (from memory, unverified).
    assert is_npi("1234567893")
    assert [digit for digit in "0123456789" if is_npi("123456789" + digit)] == ["3"]


def test_luhn_by_hand() -> None:
    # 7992739871: from the right 1, 7*2=14->5, 8, 9*2=18->9, 3, 7*2->5, 2, 9*2->9, 9, 7*2->5; together 56
    assert luhn_sum("7992739871") == 1 + 5 + 8 + 9 + 3 + 5 + 2 + 9 + 9 + 5


@given(NPIS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_found(npi: str, place: int, by: int) -> None:
    wrong = str((int(npi[place]) + by) % 10)
    assert is_npi(npi)
    assert not is_npi(npi[:place] + wrong + npi[place + 1 :])


@given(NPIS, st.integers(0, 8))
def test_two_neighbours_swapped_are_found_but_for_0_and_9(npi: str, place: int) -> None:
    a, b = npi[place], npi[place + 1]
    swapped = npi[:place] + b + a + npi[place + 2 :]
    assert is_npi(swapped) == (a == b or {a, b} == {"0", "9"})


@pytest.mark.parametrize("text", ["", "123456789", "12345678933", "\uff11234567893", "123456789X", "-123456789"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="ten digits"):
        read_npi(text)


def test_spaces_and_dashes_are_forgiven_a_person() -> None:
    assert read_npi("1234 567-893") == "1234567893"
