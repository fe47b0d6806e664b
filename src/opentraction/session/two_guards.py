"""One session, two places for the guard: beside control in its thread, or elsewhere on the table's bus.

Beside control it looks first, in the same tick, and what reaches the drum is worked out here. Elsewhere it is given
its limits once, told each tick what control does, and heard with the next reading; the drive takes the lesser of both.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opentraction.prescription.plan import Plan
from opentraction.quantities.refusal import BadInput
from opentraction.session.tick import (
    TickSettings,
    TickState,
    asked_speed,
    guarded_tick,
    moving,
    tick,
    tick_settings,
    told_to_guard,
)
from opentraction.table.port import Command, Limits, Reading, Table

FloatArray = npt.NDArray[np.float64]


def prepare(table: Table, plan: Plan) -> None:
    """Before a session: the table set and compared, its guard given this plan's limits. Raises BadInput."""
    if table.guarded:
        g = tick_settings(plan).now.guard
        table.prepare(Limits(g.ceiling, g.longest, g.dose, g.most_travel, g.plan))


def check_may_change(table: Table) -> None:
    """Raises BadInput where the guard keeps the limits it was given: another plan would trip it."""
    if table.guarded:
        raise BadInput("change", "a guard that has its limits", "another session, whose limits its guard is given anew")


def step(
    table: Table,
    r: Reading,
    ask: int,
    value: float,
    prepared: bool,
    s: TickSettings,
    segments: FloatArray,
    st: TickState,
) -> TickState:
    """One tick, with the guard where it stands."""
    one = guarded_tick if table.guarded else tick
    return one(r, ask, value, prepared, s, segments, st)


def command(table: Table, r: Reading, s: TickSettings, segments: FloatArray, st: TickState) -> Command:
    """What is asked of the table after a tick."""
    if table.guarded:
        return Command(asked_speed(st), st.control.torque, told_to_guard(r.force, s, segments, st))
    made = moving(st)
    return Command(made.speed, made.torque)


def tripped_on(table: Table, r: Reading, st: TickState) -> int:
    """What the guard has tripped on."""
    return r.guard_cause if table.guarded else st.guard.guard.cause
