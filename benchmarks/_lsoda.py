"""The same plant in SciPy's LSODA: the shipping step function as right-hand side.

It starts anew at each control tick, because the command jumps there.

The right-hand side is `plant_step` itself over ten nanoseconds, so the equations are the same to the letter. Slow
states and sampling move once a tick, as in the plant. Speed commands are those of the recorded session, so that control
costs LSODA nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from scipy.integrate import odeint

from opentraction.body.spine import Creep, Levels
from opentraction.session.rows import RATE_HZ
from opentraction.table.virtual.cable import cable_tension
from opentraction.table.virtual.drive import Drive
from opentraction.table.virtual.hardware import Hardware
from opentraction.table.virtual.load_cell import Cell
from opentraction.twin.lockstep import world_at
from opentraction.twin.plant import Plant, PlantParameters, _slow, plant_step

EPSILON = 1.0e-8
SIZES = np.array([1e-2, 1e-2, 1e-2, 1e-2, 1e-2, 1e-4, 1e-2, 1e2, 1e2])
"""Usual size of travel, speed, buckle, pelvis, its speed, bristle, thorax, and both cells' filters, SI."""


def flat(plant: Plant) -> tuple[np.ndarray, np.ndarray]:
    """Fast states [9] and slow ones [21] of a plant."""
    s = plant
    fast = (*s.drive, s.buckle, s.pelvis, s.pelvis_speed, s.bristle, s.thorax, s.cell_a.filtered, s.cell_b.filtered)
    slow = (
        s.cable_creep,
        s.relaxed,
        s.slip,
        s.length,
        s.tension,
        s.spine,
        *s.creep.fast,
        *s.creep.slow,
        0.0,
        0.0,
        s.length_rate,
        s.load,
        s.lain,
    )
    return np.array(fast), np.array(slow)


def kernels(p: PlantParameters) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Compiled right-hand side and once-a-tick update on flat arrays, for these parameters."""

    @numba.extending.register_jitable
    def whole(t: float, y: np.ndarray, z: np.ndarray) -> Plant:
        cell_a = Cell(y[7], 0.0, 0.0, 0.0, 0.0, 0.0)
        cell_b = Cell(y[8], 0.0, 0.0, 0.0, 0.0, 0.0)
        creep = Creep(Levels(z[6], z[7], z[8], z[9], z[10]), Levels(z[11], z[12], z[13], z[14], z[15]))
        return Plant(
            1.0, Drive(y[0], y[1]), Hardware(0.0, 0.0, 0.0, 0.0, 0.0, False), z[0],
            y[2], z[1], z[2], y[3], y[4], y[5], y[6],
            creep, z[3] + t * z[18], z[18], z[20], z[19], z[4], z[5], cell_a, cell_b,
        )  # fmt: skip

    @numba.njit(error_model="numpy")
    def slope(t: float, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        s = plant_step(whole(t, y, z), z[16], z[17] > 0.5, True, p, EPSILON)
        after = np.array(
            [s.drive.travel, s.drive.speed, s.buckle, s.pelvis, s.pelvis_speed, s.bristle, s.thorax, s.cell_a.filtered,
             s.cell_b.filtered]
        )  # fmt: skip
        return (after - y) / EPSILON

    @numba.njit(error_model="numpy")
    def once_a_tick(y: np.ndarray, z: np.ndarray, row: np.ndarray) -> None:
        now = plant_step(whole(0.0, y, z), z[16], z[17] > 0.5, True, p, EPSILON)
        z[4], z[5] = now.tension, now.spine
        s = _slow(whole(0.0, y, z), now.hardware, world_at(row), p, 1.0 / RATE_HZ)
        z[0], z[1], z[2], z[18], z[19] = s.cable_creep, s.relaxed, s.slip, s.length_rate, s.load
        z[6], z[7], z[8], z[9], z[10] = s.creep.fast
        z[11], z[12], z[13], z[14], z[15] = s.creep.slow

    return slope, once_a_tick


def play(plant: Plant, p: PlantParameters, world: np.ndarray, speeds: np.ndarray, torques: np.ndarray, rtol: float,
         made: tuple[Callable[..., Any], Callable[..., Any]]) -> np.ndarray:  # fmt: skip
    """Cable tension [n] before each of the ticks `world` [n, 11] from `plant` on, under recorded commands [m/s]."""
    slope, once_a_tick = made
    y, z = flat(plant)
    span = np.array([0.0, 1.0 / RATE_HZ])
    tension = np.empty(len(world))
    for n, row in enumerate(world):
        tension[n] = cable_tension(y[0] - y[2] - z[0], p.table.cable)
        z[16], z[17] = speeds[n], torques[n]
        once_a_tick(y, z, row)
        y = odeint(slope, y, span, args=(z,), tfirst=True, rtol=rtol, atol=rtol * SIZES)[1]
        z[3] += z[18] * span[1]
    return tension
