"""The lockstep loop with a hand in it: sensors that lie, a drive that runs away.

Same kernels in the same order as `twin/lockstep.py`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from opentraction.session.tick import TickSettings, TickState, asked_speed, fill_row, tick
from opentraction.table.port import Reading
from opentraction.table.two_words import lesser
from opentraction.twin.campaign.loop import altered
from opentraction.twin.lockstep import read_plant, world_at
from opentraction.twin.plant import Plant, PlantParameters, plant_tick

Array = npt.NDArray[np.float64]

COLUMNS = 10
"""Mode and value for cell A, cell B, travel, the drive's command, and time."""
A, B, TRAVEL, DRIVE, TIME = 0, 2, 4, 6, 8
SET, FREEZE, ADD, GAIN = 1.0, 2.0, 3.0, 4.0

KINDS = {
    "a-nan": (A, SET, math.nan),
    "a-inf": (A, SET, math.inf),
    "a-set": (A, SET, 0.0),
    "a-frozen": (A, FREEZE, 0.0),
    "a-offset": (A, ADD, 60.0),
    "a-gain": (A, GAIN, 0.7),
    "b-nan": (B, SET, math.nan),
    "b-set": (B, SET, 5000.0),
    "b-frozen": (B, FREEZE, 0.0),
    "b-offset": (B, ADD, 60.0),
    "travel-nan": (TRAVEL, SET, math.nan),
    "runaway": (DRIVE, SET, 1.0),
    "held": (DRIVE, FREEZE, 0.0),
    "late": (TIME, ADD, 0.25),
}


def run_injected(
    world: Array,
    inject: Array,
    segments: Array,
    settings: TickSettings,
    parameters: PlantParameters,
    state: TickState,
    plant: Plant,
    rows: Array,
    steps: int,
) -> tuple[TickState, Plant]:
    """`lockstep.run_ticks` from tick 0 with `inject` [n, 10] laid over sensors, drive and clock."""
    dt = settings.now.control.dt
    a, b, travel = 0.0, 0.0, 0.0
    for n in range(world.shape[0]):
        now = world_at(world[n])
        hand = inject[n]
        t = n * dt + (hand[9] if hand[8] == 3.0 else 0.0)
        true = read_plant(plant, t, now.switches, parameters)
        a = altered(true.force, float(hand[0]), float(hand[1]), a)
        b = altered(true.guard_force, float(hand[2]), float(hand[3]), b)
        travel = altered(true.travel, float(hand[4]), float(hand[5]), travel)
        reading = Reading(t, a, b, travel, true.speed, now.switches, 0, 0.0, True)
        state = tick(reading, int(world[n, 7]), float(world[n, 8]), world[n, 9] > 0.5, settings, segments, state)
        fill_row(rows[n], t, reading, settings, state, plant.tension, int(world[n, 10]))
        speed, torque = asked_speed(state), state.control.torque
        if hand[6] == 1.0 and torque:
            speed = float(hand[7])
        word = state.guard.word
        made = lesser(speed, torque, 0.0, word.fastest, word.pull, 0.0)
        speed, torque = made.speed, made.torque and word.relay
        if hand[6] == 2.0:
            speed, torque = 0.0, True
        plant = plant_tick(plant, speed, torque, now, parameters, dt / steps, steps)
    return state, plant
