"""Amounts as text: always with the unit, both units where a mistake would matter, a dash for what is not known."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template

from opentraction.quantities import display
from opentraction.quantities.units import FACTORS

register = template.Library()
DECIMALS = {"N": 0, "lb": 0, "kgf": 1}
LONGEST = 40
CUT = 0.002
"""Of the last figure: a limit that misses a round number by rounding alone still shows it."""
_HAIR_S = 1e-6
DASH = "–"
_NUMBER = r"(?<![\w.,('’-])(?<![\u2212\u2013])([-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)"
"""A whole number as people write it, with its sign, thousands and exponent; not the end of a range or of a word."""
_NO_MORE = r"(?![\w/·⋅×*^²³⁻-])(?! ?[/·⋅×*]| (?:s|m|mm|cm|min|per)\b)"
"""The unit ends here: newtons a second, newton metres and the like are no forces."""
_NEWTONS = re.compile(rf"{_NUMBER} N{_NO_MORE}(?! \([^)]* (?:lb|kgf)\))")
_PAIRS = re.compile(rf"{_NUMBER} N \(([-\u2212]?\d+(?:\.\d+)?) lb\)")
_QUOTED = re.compile(r"""((?<!\w)'.*?'(?!\w)|"[^"]*"|“[^”]*”|\u2018.*?\u2019(?!\w))""")
OTHER = {"N": "lb", "lb": "N", "kgf": "N"}


@register.filter
def force(newtons: float | None, unit: str) -> str:
    """A force in the reader's unit, `"67 lb"`."""
    return _shown(newtons, unit, DECIMALS[unit])


@register.filter
def force_both(newtons: float | None, unit: str) -> str:
    """A force in the reader's unit and in the other one, `"67 lb (298 N)"`."""
    if newtons is None or not math.isfinite(float(newtons)):
        return DASH
    return f"{force(newtons, unit)} ({force(newtons, OTHER[unit])})"


@register.filter
def force_fine(newtons: float | None, unit: str) -> str:
    """A small force, such as an error, with one more decimal."""
    return _shown(newtons, unit, DECIMALS[unit] + 1)


def _shown(newtons: float | None, unit: str, decimals: int) -> str:
    """What is not known is a dash alone: nothing has no unit."""
    if newtons is None or not math.isfinite(float(newtons)):
        return DASH
    return display(_half_up(float(newtons), unit, decimals), "force", unit, decimals)


def _half_up(newtons: float, unit: str, decimals: int) -> float:
    """A force whose figure in `unit` is rounded with the half upwards, as the live page rounds it."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(newtons / FACTORS["force"][unit]).quantize(step, ROUND_HALF_UP)) * FACTORS["force"][unit]


@register.filter
def limit(newtons: float | None, unit: str) -> str:
    """A limit in the reader's unit, never more than it is: what is left of the last figure is cut off."""
    if newtons is None or not math.isfinite(float(newtons)):
        return DASH
    shift = 10 ** DECIMALS[unit]
    whole = math.floor(float(newtons) / FACTORS["force"][unit] * shift + CUT)
    return f"{whole / shift:.{DECIMALS[unit]}f} {unit}"


@register.filter
def mass(kilograms: float) -> str:
    return f"{display(kilograms, 'mass', 'kg', 1)} ({display(kilograms, 'mass', 'lb', 0)})"


@register.filter
def clock(seconds: float | None) -> str:
    """Minutes and whole seconds that have gone by, `"19:40"`."""
    if seconds is None or not math.isfinite(float(seconds)):
        return DASH
    whole = max(0, math.floor(float(seconds) + _HAIR_S))
    return f"{whole // 60}:{whole % 60:02d}"


@register.filter
def lasting(seconds: float) -> str:
    """How long a whole session takes, the last second begun counted, as the rehearsal says it."""
    return clock(math.ceil(seconds - _HAIR_S))


@register.filter
def forces_in(text: str, unit: str) -> str:
    """A recorded sentence or a refusal with its forces in both units: `"reduced to 40 lb (178 N)"`.

    The reader's unit goes first. What stands in quotes was written by somebody and stays as it is.
    """
    parts = _QUOTED.split(text)
    return "".join(part if k % 2 else _both_ways(part, unit) for k, part in enumerate(parts))


def _both_ways(text: str, unit: str) -> str:
    if unit == "N":
        return _NEWTONS.sub(lambda found: f"{found[0]} ({force(_newtons(found), 'lb')})", text)
    text = _PAIRS.sub(lambda found: f"{_own(found, unit)} ({found[1]} N)", text)
    return _NEWTONS.sub(lambda found: f"{force(_newtons(found), unit)} ({found[0]})", text)


def _newtons(found: re.Match[str]) -> float:
    return float(found[1].replace(",", "").replace("\N{MINUS SIGN}", "-"))


def _own(found: re.Match[str], unit: str) -> str:
    return f"{found[2]} lb" if unit == "lb" else display(_newtons(found), "force", unit, 1)


@register.filter
def audit_detail(detail: dict[str, Any], unit: str) -> str:
    """What an audit row holds besides act and subject, as a person reads it."""
    return ", ".join(_said(key, value, unit) for key, value in detail.items())


def _said(key: str, value: Any, unit: str) -> str:
    if key == "to_n":
        newtons = display(float(value), "force", "N", 1)
        return f"to {newtons}" if unit == "N" else f"to {force(value, unit)} ({newtons})"
    if key == "wait_s":
        return f"next try after {value} s"
    if key == "ok":
        return "no answer" if value is None else "accepted" if value else "refused"
    if isinstance(value, dict):
        value = [f"{name.replace('_', ' ')} {one}" for name, one in value.items()]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{key.replace('_', ' ')} {text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}"
