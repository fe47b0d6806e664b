"""The plant: small enough steps, forces in balance, no energy from nothing, and the numbers of its parameters."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from opentraction.body.harness import harness_force, harness_relax, harness_stiffness
from opentraction.body.person import REFERENCE_FORCE, BodyParameters, person_at, typical_person
from opentraction.body.spine import chain_force, total
from opentraction.quantities import GRAVITY
from opentraction.quantities.vocabulary import ALL_WELL
from opentraction.table.virtual.carriage import carriage_force
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.plant import Plant, PlantParameters, World, plant_tick, slack_plant

MASS = 75.0
TICK = 0.005
QUIET = World(ALL_WELL, True, 0.0, 0.0, 0.0, 0.0, 0.0)


def parameters(*, split: bool = True, angle: float = 0.0, friction: float = 1.0) -> PlantParameters:
    person = typical_person(MASS)
    table = table_parameters(person.body.mass, split)
    c = table.carriage
    carriage = c._replace(coulomb=c.coulomb * friction, breakaway=c.breakaway * friction)
    return PlantParameters(table._replace(carriage=carriage), person.body, math.cos(angle))


def script(p: PlantParameters, steps: int, speeds: list[tuple[float, float]]) -> list[Plant]:
    """The plant after each tick of a script of (speed [m/s], seconds)."""
    plant, seen = slack_plant(0.005), []
    for speed, seconds in speeds:
        for _ in range(round(seconds / TICK)):
            plant = plant_tick(plant, speed, True, QUIET, p, TICK / steps, steps)
            seen.append(plant)
    return seen


SCRIPT = [(0.015, 4.0), (0.0, 4.0), (-0.02, 1.0), (0.01, 1.0), (0.0, 3.0), (-0.015, 5.0)]


@functools.cache
def scripted(steps: int) -> list[Plant]:
    return script(parameters(), steps, SCRIPT)


@pytest.mark.parametrize(
    "quantity",
    [
        lambda s: s.tension,
        lambda s: s.spine,
        lambda s: s.pelvis,
        lambda s: s.drive.travel,
        lambda s: total(s.creep.fast) + total(s.creep.slow),
        lambda s: s.relaxed,
        lambda s: s.cable_creep,
    ],
    ids=["tension", "spine", "pelvis", "travel", "creep", "relaxed", "cable creep"],
)
def test_one_millisecond_steps_are_small_enough(quantity: object) -> None:
    assert callable(quantity)
    coarse, fine = (np.array([quantity(s) for s in scripted(steps)]) for steps in (5, 20))
    assert np.ptp(fine) > 0.0
    away = np.abs(coarse - fine) / np.ptp(fine)
    assert math.sqrt(float(np.mean(away**2))) <= 0.003
    assert away.max() <= 0.0075, "at the sharpest turn of the drum"
    assert np.quantile(away, 0.98) <= 0.005


@pytest.mark.parametrize(("split", "angle"), [(True, 0.0), (True, 0.26), (False, 0.0)])
def test_at_rest_the_cable_balances_spine_and_couch(split: bool, angle: float) -> None:
    p = parameters(split=split, angle=angle)
    s = script(p, 5, [(0.015, 5.0), (0.0, 20.0)])[-1]
    couch = carriage_force(s.bristle, s.pelvis, 0.0, p.table.carriage)
    assert s.tension > 150.0
    assert s.tension * p.cosine == pytest.approx(s.spine + couch, abs=0.5)
    strap = s.thorax * (p.body.thorax.k1 + p.body.thorax.k2 * abs(s.thorax))
    assert s.spine == pytest.approx(strap, abs=0.5)


def test_a_closed_slow_cycle_takes_energy_and_makes_none() -> None:
    seen = script(parameters(), 5, [(0.004, 20.0), (-0.004, 20.0)])
    travel, tension = (np.array([f(s) for s in seen]) for f in (lambda s: s.drive.travel, lambda s: s.tension))
    given = float(np.trapezoid(tension, travel))
    put_in = float(np.trapezoid(tension[:4000], travel[:4000]))
    assert put_in > 2.0
    assert 0.05 * put_in < given < 0.6 * put_in


def cycle_loss(body: BodyParameters, half: float) -> float:
    """Energy lost in one closed cycle of the harness over the energy put in; `half` seconds each way."""
    h = body.harness
    n = round(half / 0.01)
    path = np.concatenate([np.linspace(0.0, 0.03, n), np.linspace(0.03, 0.0, n)])
    relaxed, forces = 0.0, []
    for stretch in path:
        relaxed = harness_relax(relaxed, float(stretch), h, 0.01)
        forces.append(harness_force(float(stretch), relaxed, h))
    return float(np.trapezoid(forces, path) / np.trapezoid(forces[:n], path[:n]))


def test_the_harness_loses_what_its_parameters_note_says() -> None:
    """The first cycle from rest: a quarter of the energy when pulled slowly, a tenth or less within seconds."""
    body = typical_person(MASS).body
    assert 0.04 < cycle_loss(body, 5.0) < 0.10
    assert 0.20 < cycle_loss(body, 35.0) < cycle_loss(body, 120.0) < 0.30


@pytest.mark.parametrize("z", [-1.645, 0.0, 1.645])
def test_the_tangent_of_the_harness_at_300_newtons_is_the_stated_one(z: float) -> None:
    person = person_at(MASS, z)
    h = person.body.harness
    stretch = (-h.k1 + math.sqrt(h.k1**2 + 4.0 * h.k2 * REFERENCE_FORCE)) / (2.0 * h.k2)
    assert stretch * (h.k1 + h.k2 * stretch) == pytest.approx(REFERENCE_FORCE)
    assert harness_stiffness(stretch, h) == pytest.approx(person.harness_stiffness, rel=1e-9)
    step = 1e-6
    slope = (harness_force(stretch + step, 0.0, h) - harness_force(stretch - step, 0.0, h)) / (2.0 * step)
    assert slope == pytest.approx(person.harness_stiffness, rel=1e-4)


def slow_pull(*, split: bool, to: float) -> list[Plant]:
    """Pull at 2 mm/s until the cable holds `to` [N]."""
    p, plant, seen = parameters(split=split), slack_plant(0.0), []
    while plant.tension < to:
        plant = plant_tick(plant, 0.002, True, QUIET, p, TICK / 5, 5)
        seen.append(plant)
        assert len(seen) < 40000
    return seen


def test_a_locked_couch_holds_a_quarter_of_body_weight_back_and_an_open_one_next_to_nothing() -> None:
    """Judovich 1955: about 26 % of body weight to overcome the couch (read, second hand)."""
    weight = MASS * GRAVITY
    locked, split = (slow_pull(split=how, to=0.55 * weight)[-1] for how in (False, True))
    assert (locked.tension - locked.spine) / weight == pytest.approx(0.25, abs=0.03)
    assert (split.tension - split.spine) / weight < 0.06


def test_below_the_couchs_friction_the_spine_feels_the_lesser_part() -> None:
    weight = MASS * GRAVITY
    locked, split = (slow_pull(split=how, to=0.24 * weight)[-1] for how in (False, True))
    assert locked.spine < 0.4 * locked.tension
    assert split.spine > 0.8 * split.tension


def test_the_chain_stretches_by_what_creep_leaves_of_the_opening() -> None:
    s = scripted(5)[1500]
    p = typical_person(MASS).body.spine
    chain = s.pelvis - s.thorax - total(s.creep.fast) - total(s.creep.slow)
    assert chain_force(chain, p) == pytest.approx(s.spine, rel=0.02)


def test_a_slack_cable_pulls_nothing() -> None:
    seen = script(parameters(), 5, [(-0.01, 1.0)])
    assert max(s.tension for s in seen) == 0.0
    assert abs(seen[-1].pelvis) < 1e-9


def locked(force: float, at: int, ticks: int, hold: float) -> list[Plant]:
    """A slow pull to `hold` [N], then the drum stands and the patient pulls with `force` [N] from tick `at` on."""
    p = parameters()
    s, seen = slack_plant(), []
    while s.tension < hold:
        s = plant_tick(s, 0.002, True, QUIET, p, 0.001, 5)
    for n in range(ticks):
        s = plant_tick(s, 0.0, True, QUIET._replace(body_force=force if n >= at else 0.0), p, 0.001, 5)
        seen.append(s)
    return seen


@pytest.mark.parametrize("force", [-20.0, 8.0, 100.0])
@pytest.mark.parametrize("hold", [100.0, 300.0])
def test_what_a_patient_pulls_is_what_a_locked_drum_reads(force: float, hold: float) -> None:
    seen, rest = (locked(f, 2000, 2500, hold)[-1].tension for f in (force, 0.0))
    assert seen - rest == pytest.approx(force, rel=0.12, abs=2.0)


def test_a_patient_who_tenses_pulls_and_never_pushes_first() -> None:
    seen = [s.tension for s in locked(100.0, 2000, 2100, 200.0)]
    assert min(seen[2000:]) > seen[1999] - 1.0
    assert max(seen[2000:2040]) > seen[1999] + 50.0


def test_who_is_clipped_on_does_not_jerk_the_cable() -> None:
    """Tone and breath were there before the clip: a soft belt with little slack stays slack."""
    p = parameters()
    s = slack_plant(0.004)
    seen = []
    for _ in range(200):
        s = plant_tick(s, 0.0, False, QUIET._replace(body_force=20.0), p, 0.001, 5)
        seen.append(s.tension)
    assert max(seen) == 0.0
