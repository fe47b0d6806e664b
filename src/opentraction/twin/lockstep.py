"""Session and plant in lockstep: the loop the twin compiles, and the same loop as plain Python."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opentraction.quantities.vocabulary import NO_CAUSE
from opentraction.session.tick import TickSettings, TickState, fill_row, moving, tick
from opentraction.table.port import Reading
from opentraction.table.virtual.load_cell import cell_value
from opentraction.twin.plant import Plant, PlantParameters, World, plant_tick

FloatArray = npt.NDArray[np.float64]

# Columns of the world, one row a tick.
SWITCHES, WHOLE, FORCE, LENGTH, SLIP, CHANCE_A, CHANCE_B, ASK, ASK_VALUE, PREPARED, EXTRA = range(11)
STEPS = 5
"""Plant steps a control tick: 1 kHz."""
WORLD_COLUMNS = 11


def world_at(row: FloatArray) -> World:
    """The world of one tick from its row."""
    return World(int(row[0]), row[1] > 0.5, float(row[2]), float(row[3]), float(row[4]), float(row[5]), float(row[6]))


def read_plant(plant: Plant, t: float, switches: int, p: PlantParameters) -> Reading:
    """What the virtual table's sensors say now."""
    a = cell_value(plant.cell_a, p.table.cell_a)
    b = cell_value(plant.cell_b, p.table.cell_b)
    return Reading(t, a, b, plant.drive.travel, plant.drive.speed, switches, NO_CAUSE, 0.0, True)


def run_ticks(
    first: int,
    world: FloatArray,
    segments: FloatArray,
    settings: TickSettings,
    parameters: PlantParameters,
    state: TickState,
    plant: Plant,
    rows: FloatArray,
    steps: int,
) -> tuple[TickState, Plant]:
    """Play `world` [n, 11] from tick number `first`; rows [n, 18] are filled; `steps` plant steps a tick."""
    dt = settings.now.control.dt
    for n in range(world.shape[0]):
        now = world_at(world[n])
        t = (first + n) * dt
        reading = read_plant(plant, t, now.switches, parameters)
        state = tick(reading, int(world[n, 7]), float(world[n, 8]), world[n, 9] > 0.5, settings, segments, state)
        fill_row(rows[n], t, reading, settings, state, plant.tension, int(world[n, 10]))
        made = moving(state)
        plant = plant_tick(plant, made.speed, made.torque, now, parameters, dt / steps, steps)
    return state, plant
