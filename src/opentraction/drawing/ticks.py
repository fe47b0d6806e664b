"""Tick positions people can read: 1, 2, 5 for numbers; halves and quarters of minutes for time."""

from __future__ import annotations

import math

_CLOCK_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def nice_step(span: float, count: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that cuts `span` into at most `count` parts."""
    raw = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1.0, 2.0, 5.0):
        if raw <= factor * power * (1.0 + 1e-9):
            return factor * power
    return 10.0 * power


def clock_step(span: float, count: int) -> float:
    """The smallest usual step of time [s] that cuts `span` into at most `count` parts."""
    for step in _CLOCK_STEPS:
        if span / step <= count:
            return float(step)
    return nice_step(span, count)


def ticks(low: float, high: float, step: float) -> list[float]:
    """Multiples of `step` from `low` to `high`, ends included."""
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def nice_top(high: float, step: float) -> float:
    """An upper edge just above `high`: whole or half steps, so that the data fill the plot."""
    return 0.5 * step * math.ceil(1.02 * high / (0.5 * step) - 1e-9)


def whole_ticks(low: float, high: float, count: int) -> list[float]:
    """Whole numbers with the first and the last among them, about `count` in all, evenly spaced between."""
    step = max(1.0, nice_step(max(high - low, 1.0), count))
    step *= 2.5 if str(step)[0] == "2" else 1.0  # people count in fives and tens
    inner = [tick for tick in ticks(low, high, step) if tick - low >= 0.6 * step and high - tick >= 0.6 * step]
    return sorted({low, *inner, high})


def number_text(value: float, step: float) -> str:
    """A tick's number with just the decimals its step needs."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0.0 else text.replace("-", "\N{MINUS SIGN}")


def clock_text(seconds: float, step: float) -> str:
    """`75` -> `1:15`; whole minutes as `5 min` when every tick is one, and so hours and days."""
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    seconds = abs(seconds)
    if step >= 3600.0:
        return f"{sign}{seconds / 86400.0:.0f} d" if step >= 86400.0 else f"{sign}{seconds / 3600.0:.0f} h"
    if step >= 60.0:
        return f"{sign}{seconds / 60.0:.0f} min"
    if step < 1.0:
        return f"{sign}{seconds:.1f} s"
    return f"{sign}{int(seconds + 0.5) // 60}:{int(seconds + 0.5) % 60:02d}"
