"""The port: everything a session knows of a table, real, virtual or replayed.

A table is read once and written once each control tick. It carries its own last lines of defence (hardware stop timers,
speed and torque caps), which no software in this package can reach around.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from opentraction.quantities.vocabulary import IDLE, NO_CAUSE


class Reading(NamedTuple):
    """What the table senses at one tick."""

    t: float
    """Monotonic time of the sample [s]."""
    force: float
    """Load cell A, at the harness [N]."""
    guard_force: float
    """Load cell B, for the guard alone [N]."""
    travel: float
    """Cable pulled in since zero, at the drum surface [m]."""
    speed: float
    """Drum surface speed, pull positive [m/s]."""
    switches: int
    """Bits of `quantities.vocabulary`; a set loop bit means the loop is whole."""
    guard_cause: int = NO_CAUSE
    """What a guard of the table's own has tripped on."""
    guard_silent: float = 0.0
    """Since such a guard last said something new [s]."""
    guard_permits: bool = True
    """Whether such a guard lets pull."""


class Told(NamedTuple):
    """What control tells a guard that stands elsewhere, each tick."""

    phase: int = IDLE
    force: float = math.nan
    """That control reads [N]."""
    reference: float = 0.0
    """That it wants [N]."""
    prescribed: float = math.nan
    """That the plan says [N]; NaN is none."""
    plan: int = 0
    """Mark of the plan it works on."""


class Limits(NamedTuple):
    """What a guard is given for one session, and nothing of it by control."""

    ceiling: float  # [N]
    longest: float  # [s] under tension
    dose: float  # [N s]
    most_travel: float  # [m]
    plan: int


class Command(NamedTuple):
    """What a session asks of the table for the next tick."""

    speed: float
    """Drum surface speed, pull positive [m/s]."""
    torque: bool
    """Whether the drive may hold torque at all."""
    told: Told = Told()
    """For a guard of the table's own."""


HALT = Command(0.0, False)


class Checked(NamedTuple):
    """What a table has checked by itself, in words."""

    name: str
    passed: bool
    saw: str
    allowed: str


class Simulation(Protocol):
    """What only a simulated table can do: take another modelled patient, tell the truth, let things happen."""

    def lie_down(self, mass: float, pseudonym: str, *, split: bool, angle: float) -> None:
        """Another patient of `mass` [kg] on the table, clipped on slack at `angle` [rad], the remote unplugged."""

    def tie_to_frame(self) -> None:
        """Nobody on the table, and a cord from its cable to its own frame; the remote unplugged."""

    def describe(self) -> dict[str, object]:
        """Who lies there, and every parameter, for the record."""

    def true_force(self) -> float:
        """Cable force as only a simulation can know it [N]."""

    def happen(self, what: str, strength: float | None = None, duration: float | None = None) -> None:
        """Let something happen at the next tick; strength in newtons or metres, duration in seconds. Raises BadInput
        for what it does not know.
        """


class Table(Protocol):
    """One traction table."""

    kind: str
    guarded: bool
    """Whether a guard of the table's own stands elsewhere; it is told with each command and heard with each reading."""

    @property
    def simulation(self) -> Simulation | None:
        """The simulation behind this table; None where steel pulls people."""

    def prepare(self, limits: Limits) -> None:
        """Before a session: everything set and compared, the guard's limits given. Raises BadInput."""

    def read(self) -> Reading:
        """The newest reading. Raises ConnectionError if the table is gone."""

    def write(self, command: Command) -> None:
        """Ask for the next tick's speed; the table applies its own caps."""

    def own_checks(self) -> Sequence[Checked]:
        """What the table has checked by itself, its configuration read back above all; it may take some ticks."""

    def describe(self) -> dict[str, object]:
        """Kind, parameters and calibration, for the record."""

    def close(self) -> None:
        """Torque off and let go of the bus."""
