"""The simulated table behind the port: what a real one does on `read` and `write`, the plant does here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from opentraction.body.behaviour import RATE_HZ, Behaviour
from opentraction.body.frame import frame
from opentraction.body.person import Person, draw_person
from opentraction.quantities import BadInput
from opentraction.quantities.clock import Clock
from opentraction.quantities.streams import Streams
from opentraction.table.port import HALT, Checked, Command, Limits, Reading, Simulation
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.lockstep import STEPS, FloatArray, read_plant, world_at
from opentraction.twin.plant import PlantParameters, plant_tick, slack_plant
from opentraction.twin.world import MISHAPS, SimulatedWorld

AHEAD = 20
"""Ticks of the world made in one go."""
TICK = 1.0 / RATE_HZ
NEVER = 1.0e6
"""[N] of tension that no cable bears."""


class SimulatedTable:
    """A table, a harness and a patient made of physics."""

    kind = "simulated table"
    guarded = False

    def __init__(self, clock: Clock, streams: Streams, *, turns_back: bool = True) -> None:
        """`turns_back`: whether a loaded cable turns the gear back where the drive has no torque."""
        self._turns_back = turns_back
        self._clock = clock
        self._streams = streams
        self._patients = 0
        self._closed = False
        self._began = clock.now()
        self.lie_down(75.0, "nobody", split=True, angle=0.0)

    @property
    def simulation(self) -> Simulation:
        """All of this is one."""
        return self

    def lie_down(self, mass: float, pseudonym: str, *, split: bool, angle: float) -> None:
        """Another patient on the table, clipped on with the cable slack and the remote unplugged."""
        self._lay(draw_person(self._streams.stream("body", pseudonym), mass), split, angle)

    def tie_to_frame(self) -> None:
        """Nobody on the table, and a cord from its cable to its own frame; the remote unplugged."""
        self._lay(frame(), False, 0.0)

    def _lay(self, person: Person, split: bool, angle: float) -> None:
        self._patients += 1
        streams = Streams(self._streams.seed + self._patients)
        self.world = SimulatedWorld(Behaviour(person.behaviour, streams), streams, split)
        table = table_parameters(person.body.mass, split, self._streams.stream("table"))
        if not self._turns_back:
            table = table._replace(drive=table.drive._replace(backdrive_threshold=NEVER))
        self.person: Person = person
        self._parameters = PlantParameters(table, person.body, math.cos(angle))
        self._plant = slack_plant()
        self._tick = 0
        self._made: tuple[int, FloatArray] = (0, self.world.ticks(0, AHEAD))

    def prepare(self, limits: Limits) -> None:
        """Nothing to prepare: the guard stands beside control."""

    def read(self) -> Reading:
        """Sensors now, stamped with the clock [s since the table was switched on]."""
        switches = world_at(self._row()).switches
        return read_plant(self._plant, self._clock.now() - self._began, switches, self._parameters)

    def write(self, command: Command) -> None:
        """Move the plant on by one tick under `command`."""
        world = world_at(self._row())
        if self._closed:
            command = HALT
        self._plant = plant_tick(
            self._plant, command.speed, command.torque, world, self._parameters, TICK / STEPS, STEPS
        )
        self._tick += 1

    def true_force(self) -> float:
        """Cable force as only a simulation can know it [N]."""
        return self._plant.tension

    def happen(self, what: str, strength: float | None = None, duration: float | None = None) -> None:
        """Let something of `MISHAPS` happen at the next tick. Raises BadInput."""
        if what not in MISHAPS:
            raise BadInput("what", what, f"one of {', '.join(sorted(MISHAPS))}")
        self.world.happen(what, self._tick, strength, duration)
        self._made = (self._tick, self.world.ticks(self._tick, AHEAD))

    def own_checks(self) -> Sequence[Checked]:
        """Nothing here could have lost its configuration."""
        return ()

    def describe(self) -> dict[str, Any]:
        """Kind and parameters, for the record."""
        return {
            "kind": "virtual",
            "seed": self._streams.seed,
            "harness_stiffness_n_per_m": self.person.harness_stiffness,
            "parameters": _as_dict(self._parameters),
        }

    def close(self) -> None:
        """Torque off for good."""
        self._closed = True

    def _row(self) -> FloatArray:
        first, rows = self._made
        if not first <= self._tick < first + len(rows):
            first, rows = self._tick, self.world.ticks(self._tick, AHEAD)
            self._made = (first, rows)
        row: FloatArray = rows[self._tick - first]
        return row


def _as_dict(value: Any) -> Any:
    """Nested NamedTuples as plain dictionaries."""
    if hasattr(value, "_asdict"):
        return {key: _as_dict(part) for key, part in value._asdict().items()}
    return value
