"""Table and body together: one plant step of about a millisecond, and one control tick made of several.

Chain from drum to couch: drum - cable - buckle - harness - pelvis on its carriage - lumbar spine - thorax in its
harness - frame. Massless joints (buckle, thorax) are stepped semi-implicitly with the tangents of their neighbours, the
pelvis by semi-implicit Euler. Slow states (creep, relaxation) move once a tick.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from opentraction.body.harness import harness_creep, harness_force, harness_relax, harness_stiffness
from opentraction.body.person import BodyParameters
from opentraction.body.spine import Creep, Levels, chain_force, chain_stiffness, creep_step, total
from opentraction.table.virtual.cable import cable_creep, cable_stiffness, cable_tension
from opentraction.table.virtual.carriage import carriage_force, friction_step
from opentraction.table.virtual.drive import Drive, drive_step
from opentraction.table.virtual.hardware import Hardware, hardware_step
from opentraction.table.virtual.load_cell import Cell, cell_filter, cell_sample
from opentraction.table.virtual.parameters import TableParameters


class Plant(NamedTuple):
    """The whole mechanical state, SI units."""

    t: float
    drive: Drive
    hardware: Hardware
    cable_creep: float
    buckle: float
    relaxed: float
    slip: float
    pelvis: float
    pelvis_speed: float
    bristle: float
    thorax: float
    creep: Creep
    length: float
    length_rate: float
    lain: float  # [m] shortening when the cable was clipped on; length counts from there
    load: float
    tension: float
    spine: float
    cell_a: Cell
    cell_b: Cell


class PlantParameters(NamedTuple):
    """Table, body, and the cosine of the pull angle."""

    table: TableParameters
    body: BodyParameters
    cosine: float


class World(NamedTuple):
    """What happens around the plant in one tick."""

    switches: int
    cable_whole: bool
    body_force: float  # [N] the patient's own, as read with a locked drum
    body_length: float  # [m] shortening of the body
    slip: float  # [m] harness slip in this tick
    chance_a: float  # standard normal numbers for the two load cells
    chance_b: float


LOAD_TIME = 2.0
"""The tension without the patient is what it was over so long [s]; by it a force of theirs is turned into a length."""
MUSCLE_TIME = 0.015
"""Muscles follow what is asked of them with this lag [s]; project."""
NONE = Levels(0.0, 0.0, 0.0, 0.0, 0.0)
NO_SAMPLES = Cell(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def slack_plant(slack: float = 0.015) -> Plant:
    """A patient just clipped on, `slack` [m] of cable still loose."""
    drive = Drive(-slack, 0.0)
    hardware = Hardware(0.0, 0.0, 0.0, 0.0, 0.0, False)
    creep = Creep(NONE, NONE)
    return Plant(
        0.0, drive, hardware, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, creep, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        NO_SAMPLES, NO_SAMPLES,
    )  # fmt: skip


def plant_tick(s: Plant, speed: float, torque: bool, world: World, p: PlantParameters, dt: float, steps: int) -> Plant:
    """The plant after one control tick of `steps` steps of `dt` [s] each under a speed command [m/s]."""
    tick = dt * steps
    hardware = hardware_step(s.hardware, world.switches, p.table.hardware, tick)
    s = _slow(s, hardware, world, p, tick)
    powered = torque and not hardware.cut
    for _ in range(steps):
        s = plant_step(s, speed, powered, world.cable_whole, p, dt)
    return _sample(s, world, p)


def plant_step(s: Plant, speed: float, torque: bool, cable_whole: bool, p: PlantParameters, dt: float) -> Plant:
    """The plant after one step of `dt` [s]."""
    body = p.body
    stretch = s.drive.travel - s.buckle - s.cable_creep
    tension = cable_tension(stretch, p.table.cable) if cable_whole else 0.0
    drive = drive_step(s.drive, speed, torque, tension, p.table.drive, dt)

    belt = s.buckle - s.pelvis - s.slip
    pull = harness_force(belt, s.relaxed, body.harness)
    taut, firm = dt * cable_stiffness(stretch, p.table.cable), dt * harness_stiffness(belt, body.harness)
    moved = (body.harness.damping + firm) * s.pelvis_speed + taut * s.drive.speed
    buckle_speed = (moved + tension - pull) / (body.harness.damping + taut + firm)
    on_pelvis = pull + body.harness.damping * (buckle_speed - s.pelvis_speed)

    chain = s.pelvis - s.thorax - total(s.creep.fast) - total(s.creep.slow) + s.length
    spine = chain_force(chain, body.spine)
    strap = s.thorax * (body.thorax.k1 + body.thorax.k2 * abs(s.thorax))
    held = dt * (body.thorax.k1 + 2.0 * body.thorax.k2 * abs(s.thorax))
    stiff = dt * chain_stiffness(chain, body.spine) + body.spine.damping
    opening = s.pelvis_speed + s.length_rate
    thorax_speed = (spine - strap + stiff * opening) / (body.thorax.damping + held + stiff)

    bristle = friction_step(s.bristle, s.pelvis_speed, p.table.carriage, dt)
    couch = carriage_force(bristle, s.pelvis, s.pelvis_speed, p.table.carriage)
    inertia = body.mass + p.table.carriage_mass
    let = body.spine.damping * (thorax_speed - s.length_rate)
    push = (on_pelvis * p.cosine - spine - couch + let) / inertia
    pelvis_speed = (s.pelvis_speed + dt * push) / (1.0 + dt * body.spine.damping / inertia)

    return Plant(
        s.t + dt,
        drive,
        s.hardware,
        s.cable_creep,
        s.buckle + dt * buckle_speed,
        s.relaxed,
        s.slip,
        s.pelvis + dt * pelvis_speed,
        pelvis_speed,
        bristle,
        s.thorax + dt * thorax_speed,
        s.creep,
        s.length + dt * s.length_rate,
        s.length_rate,
        s.lain,
        s.load,
        tension,
        spine,
        cell_filter(s.cell_a, tension, p.table.cell_a, dt),
        cell_filter(s.cell_b, tension, p.table.cell_b, dt),
    )


def _slow(s: Plant, hardware: Hardware, world: World, p: PlantParameters, dt: float) -> Plant:
    """Creep, relaxation, slip and the patient's own movement, once a tick."""
    stretch = s.drive.travel - s.buckle - s.cable_creep
    belt = s.buckle - s.pelvis - s.slip
    slip = harness_creep(s.slip, s.tension, p.body.harness, dt) + world.slip
    load = s.load + (s.tension - world.body_force - s.load) * (dt / LOAD_TIME)
    give = body_compliance(max(load + 0.5 * world.body_force, 0.0), p)
    wanted = world.body_length + world.body_force * give
    lain = wanted if s.t == 0.0 else s.lain
    return Plant(
        s.t,
        s.drive,
        hardware,
        cable_creep(s.cable_creep, stretch, p.table.cable, dt),
        s.buckle,
        harness_relax(s.relaxed, belt, p.body.harness, dt),
        slip,
        s.pelvis,
        s.pelvis_speed,
        s.bristle,
        s.thorax,
        creep_step(s.creep, s.spine, p.body.spine, dt),
        s.length,
        (wanted - lain - s.length) / MUSCLE_TIME,
        lain,
        load,
        s.tension,
        s.spine,
        s.cell_a,
        s.cell_b,
    )


def body_compliance(force: float, p: PlantParameters) -> float:
    """Metres of body shortening for each newton more on a cable at `force` [N] with the drum locked [m/N]."""
    cable, harness, spine, thorax = p.table.cable, p.body.harness, p.body.spine, p.body.thorax
    return (
        1.0 / tangent(cable.k1, cable.k2, force)
        + 1.0 / (tangent(harness.k1, harness.k2, force) + harness.maxwell)
        + 1.0 / tangent(spine.k1, spine.k2, force)
        + 1.0 / tangent(thorax.k1, thorax.k2, force)
    )


def tangent(k1: float, k2: float, force: float) -> float:
    """Tangent stiffness [N/m] of F = k1 s + k2 s^2 where it carries `force` [N]."""
    return math.sqrt(k1 * k1 + 4.0 * k2 * force)


def _sample(s: Plant, world: World, p: PlantParameters) -> Plant:
    """Both load cells convert once at the end of the tick."""
    return Plant(
        s.t,
        s.drive,
        s.hardware,
        s.cable_creep,
        s.buckle,
        s.relaxed,
        s.slip,
        s.pelvis,
        s.pelvis_speed,
        s.bristle,
        s.thorax,
        s.creep,
        s.length,
        s.length_rate,
        s.lain,
        s.load,
        s.tension,
        s.spine,
        cell_sample(s.cell_a, world.chance_a, s.t, p.table.cell_a),
        cell_sample(s.cell_b, world.chance_b, s.t, p.table.cell_b),
    )
