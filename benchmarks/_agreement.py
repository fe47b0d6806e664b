"""Is 1 kHz fine enough? The same session with a step four times finer, in closed loop and under the same commands.

In closed loop control learns stiffness and crosses thresholds, so that a difference in the last digit may move a
decision by a tick; under the commands of the recorded session what is left is the plant's own error of integration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from _long_session import LongSession

from opentraction.control.step import has_torque
from opentraction.session.rows import COLUMNS, COMMAND, PHASE, Rows
from opentraction.twin.lockstep import world_at
from opentraction.twin.plant import Plant, PlantParameters, plant_tick, slack_plant

COARSE, FINE = 5, 20
OTHERS = range(1, 8)
"""Bodies beside the first one: a decision that just falls or just does not is seen on some body only."""
SIGNALS = ("measured", "guard_measured", "spine", "travel", "speed", "true_force")
STATES = (
    "drum travel", "drum speed", "buckle", "pelvis", "pelvis speed", "thorax", "bristle (friction)", "harness relaxed",
    "harness slip", "cable creep", "disc creep, quick", "disc creep, slow", "cable tension", "spine force",
    "cell A filter", "cell B filter",
)  # fmt: skip


def under_torque(rows: Rows) -> Rows:
    """Ticks in which the drive holds torque: from pretension to the end of the release."""
    phases = rows[:, PHASE].astype(int)
    return np.isin(phases, [phase for phase in np.unique(phases) if has_torque(int(phase))])


def closed_loop(session: LongSession, run: Callable[..., Any]) -> list[tuple[str, float, float, float]]:
    """Signal, range, largest and 99.9th percentile of difference in % of it."""
    coarse = session.play(run, COARSE).copy()
    fine = session.play(run, FINE)
    ticks = under_torque(coarse) & under_torque(fine)
    return [_difference(name, coarse[ticks, COLUMNS.index(name)], fine[ticks, COLUMNS.index(name)]) for name in SIGNALS]


def same_commands(session: LongSession, run: Callable[..., Any]) -> list[tuple[str, float, float, float]]:
    """The same for every mechanical state, both plants under the commands of the coarse session."""
    rows = session.play(run, COARSE)
    ticks = under_torque(rows)
    coarse, fine = (_replayed(session, rows, ticks, steps) for steps in (COARSE, FINE))
    return [_difference(name, coarse[ticks, n], fine[ticks, n]) for n, name in enumerate(STATES)]


def _difference(name: str, a: Rows, b: Rows) -> tuple[str, float, float, float]:
    wide = float(b.max() - b.min())
    off = 100.0 * np.abs(a - b) / wide
    return name, wide, float(off.max()), float(np.percentile(off, 99.9))


def _replayed(session: LongSession, rows: Rows, torque: Rows, steps: int) -> Rows:
    out = np.zeros((session.ticks, len(STATES)))
    parameters = session.treatment.parameters
    _replay(session.world, rows[:, COMMAND].copy(), torque, slack_plant(), parameters, steps, out)
    return out


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def _replay(world: Rows, speeds: Rows, torque: Rows, plant: Plant, p: PlantParameters, steps: int, out: Rows) -> None:
    for n in range(world.shape[0]):
        plant = plant_tick(plant, speeds[n], torque[n], world_at(world[n]), p, 0.005 / steps, steps)
        quick, slow = plant.creep.fast, plant.creep.slow
        out[n, 0], out[n, 1], out[n, 2] = plant.drive.travel, plant.drive.speed, plant.buckle
        out[n, 3], out[n, 4], out[n, 5] = plant.pelvis, plant.pelvis_speed, plant.thorax
        out[n, 6], out[n, 7], out[n, 8] = plant.bristle, plant.relaxed, plant.slip
        out[n, 9] = plant.cable_creep
        out[n, 10] = quick.l1 + quick.l2 + quick.l3 + quick.l4 + quick.l5
        out[n, 11] = slow.l1 + slow.l2 + slow.l3 + slow.l4 + slow.l5
        out[n, 12], out[n, 13] = plant.tension, plant.spine
        out[n, 14], out[n, 15] = plant.cell_a.filtered, plant.cell_b.filtered


def printed(session: LongSession, run: Callable[..., Any]) -> str:
    """Both tables."""
    lines = []
    for title, table in (
        ("in closed loop", closed_loop(session, run)),
        ("under the same commands: the plant's own error", same_commands(session, run)),
    ):
        lines += [f"\n1 kHz against 4 kHz, {title}; every tick under torque, difference in % of the signal's range"]
        lines.append(f"  {'':<24}{'range':>14}{'largest':>12}{'99.9 %':>10}")
        for name, wide, largest, most in sorted(table, key=lambda one: -one[2]):
            lines.append(f"  {name:<24}{wide:14.6g}{largest:10.3f} %{most:8.3f} %")
        over = [name for name, _, largest, _ in table if largest > 0.5]
        lines.append(f"  beyond 0.5 %: {', '.join(over) if over else 'none'}")
    over_all = [_true_force(one, run) for one in (session, *(LongSession(seed) for seed in OTHERS))]
    said = ", ".join(f"{one:.2f}" for one in over_all)
    lines.append(f"\nTrue force in closed loop, largest difference for each of {len(over_all)} bodies in %: {said}")
    return "\n".join(lines)


def _true_force(session: LongSession, run: Callable[..., Any]) -> float:
    return next(largest for name, _, largest, _ in closed_loop(session, run) if name == "true_force")
