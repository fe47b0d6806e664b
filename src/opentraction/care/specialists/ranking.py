"""How reviews count: a Bayesian mean that a few reviews cannot push far, older reviews fading, n always beside it.

Only the number of stars of a verified visit counts. What a review says in words never moves anybody up or down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import Final

PRIOR: Final = 10.0
"""C: an unreviewed specialist is treated as if this many reviews at the area's mean were there. Our proposal."""
HALF_LIFE: Final = 18 * 365.25 / 12
"""Days after which a review counts half: 18 months. Our proposal."""
STARS: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Rating:
    """Stars of one verified visit, 1 to 5, and the day of the visit."""

    stars: int
    day: date


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown of a specialist's ratings. Means are None where nothing is known."""

    n: int
    mean: float | None
    ranked: float | None
    """The Bayesian mean."""
    spread: tuple[int, ...]
    """How often 1, 2, 3, 4 and 5 stars were given."""
    first: date | None
    last: date | None


def weight(day: date, today: date) -> float:
    """1 for a visit of today, a half after 18 months; a day to come counts as today."""
    return float(0.5 ** (max(0, (today - day).days) / HALF_LIFE))


def area_mean(ratings: Iterable[Rating], today: date) -> float | None:
    """m: the mean stars of all ratings around, faded as each is; None when there are none."""
    pairs = [(weight(one.day, today), one.stars) for one in ratings]
    total = sum(each for each, _ in pairs)
    return sum(each * stars for each, stars in pairs) / total if total else None


def bayesian_mean(ratings: Iterable[Rating], area: float, today: date, prior: float = PRIOR) -> float:
    """(C m + sum of w r) / (C + sum of w): between the area's mean and the ratings' own."""
    pairs = [(weight(one.day, today), one.stars) for one in ratings]
    return (prior * area + sum(w * stars for w, stars in pairs)) / (prior + sum(w for w, _ in pairs))


def summary(ratings: Sequence[Rating], area: float | None, today: date) -> Summary:
    """All that a page shows of these ratings."""
    days = [one.day for one in ratings]
    return Summary(
        n=len(ratings),
        mean=sum(one.stars for one in ratings) / len(ratings) if ratings else None,
        ranked=None if area is None else bayesian_mean(ratings, area, today),
        spread=tuple(sum(one.stars == stars for one in ratings) for stars in STARS),
        first=min(days, default=None),
        last=max(days, default=None),
    )


def wilson_lower(successes: int, n: int, confidence: float = 0.95) -> float | None:
    """Lower end of Wilson's two-sided interval of a share (Wilson 1927); None when n is 0. Raises ValueError.

    For "share of patients with a worthwhile change": 3 of 3 is shown as "at least 44 %", not as 100 %.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n))
