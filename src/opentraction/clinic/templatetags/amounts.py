"""Amounts as text: always with the unit, both units where a mistake would matter, a dash for what is not known."""

from __future__ import annotations

import math

from django import template

from opentraction.quantities import display

register = template.Library()
DECIMALS = {"N": 0, "lb": 0, "kgf": 1}
OTHER = {"N": "lb", "lb": "N", "kgf": "N"}


@register.filter
def force(newtons: float | None, unit: str) -> str:
    """A force in the reader's unit, `"67 lb"`."""
    return display(math.nan if newtons is None else float(newtons), "force", unit, DECIMALS[unit])


@register.filter
def force_both(newtons: float | None, unit: str) -> str:
    """A force in the reader's unit and in the other one, `"67 lb (298 N)"`."""
    return f"{force(newtons, unit)} ({force(newtons, OTHER[unit])})"


@register.filter
def force_fine(newtons: float | None, unit: str) -> str:
    """A small force, such as an error, with one more decimal."""
    return display(math.nan if newtons is None else float(newtons), "force", unit, DECIMALS[unit] + 1)


@register.filter
def mass(kilograms: float) -> str:
    return f"{display(kilograms, 'mass', 'kg', 1)} ({display(kilograms, 'mass', 'lb', 0)})"


@register.filter
def clock(seconds: float | None) -> str:
    """Minutes and seconds, `"19:40"`."""
    if seconds is None or not math.isfinite(float(seconds)):
        return "–"
    whole = max(0, round(float(seconds)))
    return f"{whole // 60}:{whole % 60:02d}"
