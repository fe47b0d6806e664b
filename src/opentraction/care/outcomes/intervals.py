"""How sure a share of people can be told: Wilson's interval, the exact one, and the limits of a funnel."""

from __future__ import annotations

import math
from typing import NamedTuple

Z95 = 1.959963984540054


class Interval(NamedTuple):
    """A share between 0 and 1 with its lower and upper end."""

    share: float
    low: float
    high: float


def wilson(count: int, of: int, z: float = Z95) -> Interval | None:
    """Wilson's score interval of `count` in `of`; None of nobody. Wilson 1927, J Am Stat Assoc 22:209."""
    _check(count, of)
    if of == 0:
        return None
    share, square = count / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Interval(share, low, high)


def exact(count: int, of: int, level: float = 0.95) -> Interval | None:
    """The exact interval (Clopper and Pearson 1934): the ends at which a tail has half of what `level` leaves."""
    _check(count, of)
    if of == 0:
        return None
    tail = 0.5 * (1.0 - level)
    low = 0.0 if count == 0 else _root(lambda p: 1.0 - below(count - 1, of, p) - tail)
    high = 1.0 if count == of else _root(lambda p: tail - below(count, of, p))
    return Interval(count / of, low, high)


def below(count: int, of: int, share: float) -> float:
    """Probability of at most `count` in `of`, each with chance `share`: the binomial sum, its terms by logarithms."""
    if count < 0:
        return 0.0
    if count >= of or share <= 0.0:
        return 1.0
    if share >= 1.0:
        return 0.0
    return min(1.0, math.fsum(math.exp(_log_term(k, of, share)) for k in range(count + 1)))


def _log_term(k: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
    return ways + k * math.log(share) + (of - k) * math.log1p(-share)


def _root(rising) -> float:  # type: ignore[no-untyped-def]  # any function of one share
    """Where a rising function of a share crosses 0, to the last bit that matters."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rising(middle) < 0.0 else (low, middle)
    return 0.5 * (low + high)


def funnel_limits(of: int, share: float, level: float) -> tuple[float, float]:
    """Between which shares a clinician with `of` patients lies by chance alone in `level` of cases.

    Exact binomial limits, the steps smoothed as in Spiegelhalter 2005, Stat Med 24:1185 (from memory, unverified).
    """
    tail = 0.5 * (1.0 - level)
    return _quantile(tail, of, share), 1.0 - _quantile(tail, of, 1.0 - share)


def _quantile(tail: float, of: int, share: float) -> float:
    """The share at which the binomial sum reaches `tail`, straight lines between the steps."""
    if share <= 0.0 or share >= 1.0:
        return share
    count, before = 0, 0.0
    reached = math.exp(_log_term(0, of, share))
    while reached < tail and count < of:
        count += 1
        before, reached = reached, reached + math.exp(_log_term(count, of, share))
    step = reached - before
    within = (reached - tail) / step if step > 0.0 else 0.0
    return min(1.0, max(0.0, (count - within) / of))


def _check(count: int, of: int) -> None:
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} cannot be")
