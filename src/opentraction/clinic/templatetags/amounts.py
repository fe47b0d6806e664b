"""Amounts as text: always with the unit, both units where a mistake would matter, a dash for what is not known."""

from __future__ import annotations

import math
import re
from typing import Any

from django import template

from opentraction.quantities import display

register = template.Library()
DECIMALS = {"N": 0, "lb": 0, "kgf": 1}
LONGEST = 40
DASH = "–"
_NEWTONS = re.compile(r"(?<![(\d.'])(\d+(?:\.\d+)?) N\b(?![ /]?[sm]\b)")
_PAIRS = re.compile(r"(\d+(?:\.\d+)?) N \((\d+(?:\.\d+)?) lb\)")
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
    return display(float(newtons), "force", unit, decimals)


@register.filter
def mass(kilograms: float) -> str:
    return f"{display(kilograms, 'mass', 'kg', 1)} ({display(kilograms, 'mass', 'lb', 0)})"


@register.filter
def clock(seconds: float | None) -> str:
    """Minutes and seconds, `"19:40"`."""
    if seconds is None or not math.isfinite(float(seconds)):
        return DASH
    whole = max(0, round(float(seconds)))
    return f"{whole // 60}:{whole % 60:02d}"


@register.filter
def forces_in(text: str, unit: str) -> str:
    """A recorded sentence or a refusal with its newtons in the reader's unit too: `"reduced to 40 lb (178 N)"`.

    What already says newtons and pounds says the reader's unit first.
    """
    if unit == "N":
        return text
    text = _PAIRS.sub(lambda found: f"{_own(found, unit)} ({found[1]} N)", text)
    return _NEWTONS.sub(lambda found: f"{force(float(found[1]), unit)} ({found[0]})", text)


def _own(found: re.Match[str], unit: str) -> str:
    return f"{found[2]} lb" if unit == "lb" else display(float(found[1]), "force", unit, 1)


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
