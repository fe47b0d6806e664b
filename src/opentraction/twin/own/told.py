"""What is told of a person: stiffness, friction, creep, guarding, each a function of fitted values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from opentraction.body.spine import SpineParameters, total
from opentraction.twin.own.prior import Known, twin_of
from opentraction.twin.plant import PlantParameters, tangent

AT: Final = 300.0
"""Force at which stiffness and creep are told [N]."""
HELD: Final = 1800.0
"""Creep is told after so long [s]."""

Reckoned = Callable[[PlantParameters, Mapping[str, float]], float]


@dataclass(frozen=True)
class Quantity:
    """One thing told: key, words, unit, and how it follows from plant and fitted values (SI)."""

    key: str
    words: str
    unit: str
    per_si: float
    reckoned: Reckoned


def harness_tangent(p: PlantParameters) -> float:
    """Harness with skin at 300 N, quick [N/m]."""
    return tangent(p.body.harness.k1, p.body.harness.k2, AT) + p.body.harness.maxwell


def series_tangent(p: PlantParameters) -> float:
    """Harness, spine and upper harness one behind the other at 300 N, without the cable [N/m]."""
    spine, thorax = p.body.spine, p.body.thorax
    return 1.0 / (
        1.0 / harness_tangent(p) + 1.0 / tangent(spine.k1, spine.k2, AT) + 1.0 / tangent(thorax.k1, thorax.k2, AT)
    )


def crept(p: PlantParameters) -> float:
    """How much longer a steady 300 N makes the person in half an hour, spine and harness together [m]."""
    return _spine_crept(p.body.spine) + _relaxed(p) + _slipped(p)


def _spine_crept(s: SpineParameters) -> float:
    fast = total(s.fast) * (1.0 - math.exp(-HELD / s.fast_tau))
    return AT * (fast + total(s.slow) * (1.0 - math.exp(-HELD / s.slow_tau)))


def _relaxed(p: PlantParameters) -> float:
    """The harness's stretch at 300 N once its relaxing branch carries nothing, less that with it."""
    h = p.body.harness
    return _stretch(AT, h.k1, h.k2) - _stretch(AT, h.k1 + h.maxwell, h.k2)


def _slipped(p: PlantParameters) -> float:
    h = p.body.harness
    return h.slip_most * (1.0 - math.exp(-h.slip_rate * AT * HELD))


def _stretch(force: float, k1: float, k2: float) -> float:
    return 2.0 * force / (k1 + tangent(k1, k2, force))


def _of(name: str) -> Reckoned:
    return lambda _, given: given[name]


TOLD: Final = (
    Quantity("stiffness", "stiffness, harness to upper belt, at 300 N", "N/mm", 1e-3, lambda p, _: series_tangent(p)),
    Quantity("harness", "of it the pelvic harness with skin", "N/mm", 1e-3, lambda p, _: harness_tangent(p)),
    Quantity(
        "spine", "of it the lumbar spine", "N/mm", 1e-3, lambda p, _: tangent(p.body.spine.k1, p.body.spine.k2, AT)
    ),
    Quantity(
        "upper", "of it the upper belt", "N/mm", 1e-3, lambda p, _: tangent(p.body.thorax.k1, p.body.thorax.k2, AT)
    ),
    Quantity("friction", "friction of the couch, sliding", "N", 1.0, lambda p, _: p.table.carriage.coulomb),
    Quantity(
        "turning",
        "travel in which friction turns round",
        "mm",
        2e3,
        lambda p, _: p.table.carriage.coulomb / p.table.carriage.bristle,
    ),
    Quantity("relaxing", "share of the harness that relaxes", "", 1.0, _of("harness.maxwell")),
    Quantity("relaxing_time", "time in which it relaxes", "s", 1.0, _of("harness.tau")),
    Quantity("creep", "creep under 300 N in 30 min", "mm", 1e3, lambda p, _: crept(p)),
    Quantity("slip", "most the harness creeps over the skin", "mm", 1e3, _of("harness.slip_most")),
    Quantity("spine_creep", "of the creep, the spine", "mm", 1e3, lambda p, _: _spine_crept(p.body.spine)),
    Quantity("quick_time", "quick creep of the spine, time", "s", 1.0, _of("spine.fast_tau")),
    Quantity("slow_time", "slow creep of the spine, time", "s", 1.0, _of("spine.slow_tau")),
    Quantity("guarding", "guarding when the session begins", "N", 1.0, _of("behaviour.tone")),
    Quantity("guarding_time", "time in which guarding wanes", "s", 1.0, _of("behaviour.tone_tau")),
)


def told(known: Known, given: Mapping[str, float]) -> dict[str, float]:
    """Every quantity in its own unit, from fitted values in SI."""
    _, plant = twin_of(known, dict(given))
    return {one.key: one.per_si * one.reckoned(plant, given) for one in TOLD}
