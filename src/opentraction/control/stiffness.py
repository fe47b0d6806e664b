"""How stiff this body and belt are, learnt from how the force answers the drum.

Straps and skin stiffen with load, so one number will not do: a tangent is taken as kappa * g(F), with g of a typical
belt. Two of them are learnt, because a pelvis of 40 kg on a soft trunk makes the same patient soft when pulled slowly
and stiff when pulled fast:

- `slow` from windows of 0.2 s while the reference moves (least squares with forgetting, a prior until something is
  known). It turns a wanted rate into a speed (feed-forward).
- `fast` from second differences over 50 ms wherever the drum changed its speed. It sets the gain of the feedback, and
  because an oscillation is the richest excitation there is, a gain too high corrects itself.

Windows, because single ticks would correlate the sensor's noise with the loop's own answer to it. Windows, weights and
bounds are the project's own: 1.2 and 80 N/mm lie outside what a belt of 3 to 40 N/mm on any body reads at 300 N, the
weights were tuned over the bodies of docs/researcher/population.md.
"""

from __future__ import annotations

import math
from typing import NamedTuple

SLOW_TICKS = 40
FAST_TICKS = 10
SLOW_FORGET = 0.95
FAST_FORGET = 0.97
SLOW_PRIOR = 1.0e-8  # [m^2] of squared travel that outweighs the prior
FAST_PRIOR = 4.0e-8  # [m^2]
FAST_LEAST = 0.00006  # [m] smallest second difference that tells anything
SOFTEST = 1200.0  # [N/m] at 300 N
STIFFEST = 80000.0
TRUNK = 5000.0
"""Softest trunk and chest harness [N/m] at 300 N; project, from the body's parameters."""
TOE = 0.2
"""Square of the typical tangent at no load over that at 300 N."""


class Fit(NamedTuple):
    """One learnt kappa [N/m] and the sums behind it."""

    kappa: float
    zz: float
    zy: float


class Window(NamedTuple):
    """Ticks since the window began, and travel [m] and force [N] at its start and at the start before."""

    ticks: int
    travel: float
    force: float
    travel_before: float
    force_before: float


class Stiffness(NamedTuple):
    """Both fits and their windows; `seen` is the travel delayed as the force is [m]."""

    slow: Fit
    fast: Fit
    slow_window: Window
    fast_window: Window
    seen: float


def fresh_stiffness(kappa: float) -> Stiffness:
    """Nothing known yet but the expected stiffness `kappa` [N/m] at 300 N; feedback begins with half the gain."""
    window = Window(0, 0.0, 0.0, 0.0, 0.0)
    return Stiffness(Fit(kappa, 0.0, 0.0), Fit(2.0 * kappa, 0.0, 0.0), window, window, 0.0)


def shape(force: float) -> float:
    """g(F): typical tangent stiffness over that at 300 N."""
    return math.sqrt(TOE + (1.0 - TOE) * max(force, 0.0) / 300.0)


def slow_tangent(s: Stiffness, force: float) -> float:
    """Tangent stiffness [N/m] at `force` [N] for slow movement."""
    return s.slow.kappa * shape(force)


def fast_tangent(s: Stiffness, force: float) -> float:
    """Tangent stiffness [N/m] at `force` [N] for quick movement, never below the slow one."""
    return max(s.fast.kappa, s.slow.kappa) * shape(force)


def quick_prior(slow: float, prior: float) -> float:
    """What a slow pull foretells of a quick one [N/m], at most twice the expected stiffness `prior`.

    Belt and trunk give in series when pulled slowly, the belt alone when pulled quickly; the trunk is no softer than
    `TRUNK`. A belt that is soft on any trunk is thus known to be soft before anything quick has happened.
    """
    if slow >= TRUNK:
        return 2.0 * prior
    return min(slow / (1.0 - slow / TRUNK), 2.0 * prior)


def learn(
    s: Stiffness, prior: float, travel: float, force: float, moving: bool, taut: bool, lag: float, dt: float
) -> Stiffness:
    """Both fits after one tick; the slow one counts only while the reference moves, the fast one on a taut cable."""
    seen = s.seen + (travel - s.seen) * (dt / (lag + dt))
    slow, slow_window = _learn_slow(s.slow, s.slow_window, prior, seen, force, moving and taut)
    expected = quick_prior(slow.kappa, prior)
    fast, fast_window = _learn_fast(s.fast, s.fast_window, expected, seen, force, taut)
    fast = _fitted(fast.zz, fast.zy, FAST_PRIOR, expected)
    return Stiffness(slow, fast, slow_window, fast_window, seen)


def _learn_slow(fit: Fit, w: Window, prior: float, travel: float, force: float, use: bool) -> tuple[Fit, Window]:
    if not use or w.ticks == 0:
        return fit, Window(1 if use else 0, travel, force, 0.0, 0.0)
    if w.ticks < SLOW_TICKS:
        return fit, Window(w.ticks + 1, w.travel, w.force, 0.0, 0.0)
    z = shape(0.5 * (force + w.force)) * (travel - w.travel)
    return _update(fit, z, force - w.force, SLOW_FORGET, SLOW_PRIOR, prior), Window(1, travel, force, 0.0, 0.0)


def _learn_fast(fit: Fit, w: Window, prior: float, travel: float, force: float, use: bool) -> tuple[Fit, Window]:
    """Windows counted 1..n, then n+1..2n once a first difference is there."""
    if not use or w.ticks == 0:
        return fit, Window(1 if use else 0, travel, force, 0.0, 0.0)
    if w.ticks != FAST_TICKS and w.ticks != 2 * FAST_TICKS:
        return fit, Window(w.ticks + 1, w.travel, w.force, w.travel_before, w.force_before)
    bend_x = travel - 2.0 * w.travel + w.travel_before
    bend_f = force - 2.0 * w.force + w.force_before
    after = Window(FAST_TICKS + 1, travel, force, w.travel, w.force)
    if w.ticks == FAST_TICKS or abs(bend_x) < FAST_LEAST:
        return fit, after
    return _update(fit, shape(w.force) * bend_x, bend_f, FAST_FORGET, FAST_PRIOR, prior), after


def _update(fit: Fit, z: float, y: float, forget: float, weight: float, prior: float) -> Fit:
    """Least squares through the origin with forgetting and a prior."""
    return _fitted(forget * fit.zz + z * z, forget * fit.zy + z * y, weight, prior)


def _fitted(zz: float, zy: float, weight: float, prior: float) -> Fit:
    """The stiffness that the sums and the prior together tell."""
    kappa = (zy + weight * prior) / (zz + weight)
    return Fit(min(max(kappa, SOFTEST), STIFFEST), zz, zy)
