"""A modelled person: what the kernels need, from a body mass and the parameter file, at the middle or drawn."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from opentraction.body.harness import HarnessParameters
from opentraction.body.spine import Levels, SpineParameters
from opentraction.quantities.parameters import Parameter, load_parameters

REFERENCE_FORCE = 300.0
"""Force at which harness stiffness is stated [N]."""


class ThoraxParameters(NamedTuple):
    """Upper harness and what it holds, SI units."""

    k1: float
    k2: float
    damping: float


class BodyParameters(NamedTuple):
    """Everything the body kernels read."""

    mass: float  # [kg] pelvis and legs with the part of the trunk that moves
    harness: HarnessParameters
    spine: SpineParameters
    thorax: ThoraxParameters


class BehaviourParameters(NamedTuple):
    """How this person breathes and how strongly they cough, SI units."""

    breathing_force: float
    breathing_rate: float
    tone: float
    tone_tau: float


@dataclass(frozen=True)
class Person:
    """One modelled person."""

    mass: float
    body: BodyParameters
    behaviour: BehaviourParameters
    harness_stiffness: float


PARAMETERS = load_parameters("opentraction.body")


class _Chooser:
    """Takes each parameter at its middle, at a stated percentile, or drawn from a stream."""

    def __init__(self, rng: np.random.Generator | None, z: float = 0.0) -> None:
        self.rng = rng
        self.z = z

    def __call__(self, parameter: Parameter) -> float:
        return parameter.at(self.z) if self.rng is None else parameter.draw(self.rng)


def typical_person(mass: float) -> Person:
    """The middle of every spread at body `mass` [kg]."""
    return _person(mass, _Chooser(None))


def person_at(mass: float, z: float) -> Person:
    """Every spread `z` standard deviations from its middle; 1.645 is the 95th percentile."""
    return _person(mass, _Chooser(None, z))


def draw_person(rng: np.random.Generator, mass: float | None = None) -> Person:
    """A person drawn from the spreads; mass 40 to 160 kg unless given, harness 3 to 40 N/mm."""
    if mass is None:
        mass = float(np.clip(PARAMETERS["body"]["mass"].value * np.exp(0.27 * rng.standard_normal()), 40.0, 160.0))
    return _person(mass, _Chooser(rng))


def chosen_person(mass: float, choose: Callable[[Parameter], float]) -> Person:
    """A person of body `mass` [kg] with each parameter where `choose` takes it."""
    return _person(mass, choose)


def progressive(stiffness: float, toe: float, force: float = REFERENCE_FORCE) -> tuple[float, float]:
    """k1 [N/m], k2 [N/m^2] of F = k1 s + k2 s^2 with tangent `stiffness` at `force` and `toe` times it at no load.

    From the tangent at F: k(F)^2 = k1^2 + 4 k2 F.
    """
    k1 = toe * stiffness
    return k1, (stiffness * stiffness - k1 * k1) / (4.0 * force)


def _person(mass: float, choose: Callable[[Parameter], float]) -> Person:
    harness = PARAMETERS["harness"]
    stiffness = choose(harness["stiffness"])
    body = BodyParameters(
        mass=mass * choose(PARAMETERS["body"]["lower_share"]),
        harness=harness_parameters(stiffness, choose),
        spine=_spine(choose),
        thorax=thorax_parameters(choose),
    )
    b = PARAMETERS["behaviour"]
    behaviour = BehaviourParameters(
        choose(b["breathing_force"]), choose(b["breathing_rate"]), choose(b["tone"]), choose(b["tone_tau"])
    )
    return Person(mass, body, behaviour, stiffness)


def harness_parameters(stiffness: float, choose: Callable[[Parameter], float]) -> HarnessParameters:
    """Pelvic harness of `stiffness` [N/m] at 300 N; `choose` takes each other parameter where it wants it."""
    h = PARAMETERS["harness"]
    relaxing = choose(h["maxwell"])
    k1, k2 = progressive(stiffness * (1.0 - relaxing), choose(h["toe"]))
    return HarnessParameters(
        k1=k1,
        k2=k2,
        maxwell=stiffness * relaxing,
        tau=choose(h["tau"]),
        damping=stiffness * choose(h["damping_time"]),
        slip_rate=choose(h["slip_rate"]),
        slip_most=choose(h["slip_most"]),
    )


def _spine(choose: Callable[[Parameter], float]) -> SpineParameters:
    s = PARAMETERS["spine"]
    k1 = choose(s["k1"])
    share = _level_share()
    compliance = [part / k1 for part in share]
    fast, slow = choose(s["fast_share"]), choose(s["slow_share"])
    return SpineParameters(
        k1=k1,
        k2=choose(s["k2"]),
        compression=choose(s["compression"]),
        damping=choose(s["damping"]),
        share=Levels(*share),
        fast=Levels(*(fast * c for c in compliance)),
        slow=Levels(*(slow * c for c in compliance)),
        fast_tau=choose(s["fast_tau"]),
        slow_tau=choose(s["slow_tau"]),
    )


@functools.cache
def _level_share() -> tuple[float, ...]:
    raw = tomllib.loads(files("opentraction.body").joinpath("parameters.toml").read_text("utf-8"))
    values = [float(v) for v in raw["spine"]["level_share"]["values"]]
    return tuple(v / sum(values) for v in values)


def thorax_parameters(choose: Callable[[Parameter], float]) -> ThoraxParameters:
    """Upper harness, each parameter where `choose` takes it."""
    t = PARAMETERS["thorax"]
    stiffness = choose(t["stiffness"])
    k1, k2 = progressive(stiffness, choose(t["toe"]))
    return ThoraxParameters(k1, k2, stiffness * choose(t["damping_time"]))
