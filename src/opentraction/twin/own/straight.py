"""Parameters seen so that travel follows them almost in a straight line.

Four springs stand in series: what is sure is their sum, and a softer belt makes up for a stiffer spine. In logarithms
of stiffness that is a bent, very thin sheet; in stretches at two forces it is flat. So slopes are taken in stretches.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from opentraction.body.spine import total
from opentraction.twin.own.prior import SHOWING, FloatArray, Known, twin_of, values
from opentraction.twin.plant import body_compliance, tangent

LOW: Final = 100.0
HIGH: Final = 300.0
_NUDGE = 1e-4


def straightened(known: Known, names: tuple[str, ...], z: FloatArray) -> FloatArray:
    """As many numbers as `z` has, in millimetres, logarithms, or as they are."""
    shared = len(known.names)
    given = values(names[:shared], z[:shared])
    seen = _seen(known, given)
    as_it_is = np.array([seen.get(name, own) for name, own in zip(names[:shared], z[:shared], strict=True)])
    return np.concatenate((as_it_is, z[shared:]))


def slopes_of(known: Known, names: tuple[str, ...], z: FloatArray) -> FloatArray:
    """Derivative of `straightened` by `z`, square; by the shared parameters, as the others stay as they are."""
    slope, here = np.eye(z.size), straightened(known, names, z)
    for j in range(len(known.names)):
        there = z.copy()
        there[j] += _NUDGE
        slope[:, j] = (straightened(known, names, there) - here) / _NUDGE
    return slope


def _seen(known: Known, given: Mapping[str, float]) -> dict[str, float]:
    """What stands in the place of each parameter that bends."""
    _, p = twin_of(known, dict(given))
    h, s, u, cable, couch = p.body.harness, p.body.spine, p.body.thorax, p.table.cable, p.table.carriage
    showing = given[SHOWING[known.split]]
    give = 1e3 * (1.0 / tangent(s.k1, s.k2, HIGH) + 1.0 / tangent(u.k1, u.k2, HIGH))
    quick = _stretch(HIGH, h.k1 + h.maxwell, h.k2)
    bristle = showing * couch.coulomb / couch.bristle
    seen = {
        "cable.k1": _stretch(LOW, cable.k1, cable.k2),
        "cable.k2": _stretch(HIGH, cable.k1, cable.k2),
        "cable.creep_share": cable.creep_share * _stretch(HIGH, cable.k1, cable.k2),
        "cable.creep_tau": math.log(cable.creep_tau),
        "harness.toe": _stretch(LOW, h.k1 + h.maxwell, h.k2),
        "harness.stiffness": quick,
        "harness.maxwell": _stretch(HIGH, h.k1, h.k2) - quick,
        "harness.tau": math.log(h.tau),
        "harness.slip_rate": 1e3 * h.slip_most * -math.expm1(-h.slip_rate * HIGH * 300.0),
        "harness.slip_most": 1e3 * h.slip_most * -math.expm1(-h.slip_rate * HIGH * 1800.0),
        "spine.k1": _stretch(LOW, s.k1, s.k2),
        "spine.k2": _stretch(HIGH, s.k1, s.k2),
        "spine.fast_share": 1e3 * HIGH * total(s.fast),
        "spine.fast_tau": math.log(s.fast_tau),
        "spine.slow_share": 1e3 * HIGH * total(s.slow) * -math.expm1(-300.0 / s.slow_tau),
        "spine.slow_tau": 1e3 * HIGH * total(s.slow) * -math.expm1(-1800.0 / s.slow_tau),
        "thorax.toe": _stretch(LOW, u.k1, u.k2),
        "thorax.stiffness": _stretch(HIGH, u.k1, u.k2),
        "behaviour.tone": 1e3 * given["behaviour.tone"] * body_compliance(0.5 * HIGH, p),
        "behaviour.tone_tau": math.log(given["behaviour.tone_tau"]),
    }
    if known.split:
        seen["carriage.rolling"] = showing * couch.coulomb * give
        seen["carriage.breakaway_extra"] = showing * (couch.breakaway - couch.coulomb) * give
        seen["carriage.bristle"] = math.log(bristle)
    else:
        seen["carriage.sliding"] = showing * couch.coulomb * give
        seen["carriage.skin_bristle"] = math.log(bristle)
    return seen


def _stretch(force: float, k1: float, k2: float) -> float:
    """Stretch [mm] of F = k1 s + k2 s^2."""
    return 2e3 * force / (k1 + tangent(k1, k2, force))
