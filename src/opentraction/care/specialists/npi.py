"""The National Provider Identifier: ten digits, the last of which checks the others.

Check: Luhn's sum over 80840 followed by the NPI is a multiple of ten (ISO/IEC 7812; from memory, unverified). It finds
typing errors. It says nothing about a licence.
"""

from __future__ import annotations

from typing import Final

from opentraction.quantities import BadInput

PREFIX: Final = "80840"
LENGTH: Final = 10
ALLOWED: Final = "ten digits, of which the last checks the others"


def luhn_sum(digits: str) -> int:
    """Luhn's sum: from the right each second digit doubled, of a doubled one the digits added."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        doubled = 2 * value if place % 2 else value
        total += doubled - 9 if doubled > 9 else doubled
    return total


def is_npi(text: str) -> bool:
    """Whether `text` is an NPI as it is written: ten plain digits whose check digit holds."""
    plain = len(text) == LENGTH and text.isascii() and text.isdigit()
    return plain and luhn_sum(PREFIX + text) % 10 == 0


def with_check_digit(nine: str) -> str:
    """The NPI that begins with these nine digits."""
    return nine + str(-luhn_sum(PREFIX + nine + "0") % 10)


def read_npi(text: str, where: str = "npi") -> str:
    """The NPI a person typed, spaces and dashes forgiven. Raises BadInput."""
    digits = text.replace(" ", "").replace("-", "")
    if not is_npi(digits):
        raise BadInput(where, text, ALLOWED)
    return digits
