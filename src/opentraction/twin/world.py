"""The world around a simulated table: people, switches, mishaps, operator and noise, a pure function of time and seed.

Everything that may happen is scheduled in ticks, so a session played at any speed, whole or in pieces, is the same to
the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import HAPPENINGS, RATE_HZ, Behaviour, Happening
from opentraction.quantities.streams import Streams
from opentraction.quantities.vocabulary import (
    ALL_WELL,
    CARRIAGE_OPEN,
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    POWER_GOOD,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
    REMOTE_PLUGGED,
)
from opentraction.twin.lockstep import (
    ASK,
    ASK_VALUE,
    CHANCE_A,
    CHANCE_B,
    EXTRA,
    FORCE,
    LENGTH,
    PREPARED,
    SLIP,
    SWITCHES,
    WHOLE,
    WORLD_COLUMNS,
)

FloatArray = npt.NDArray[np.float64]

REMOTE_LOOPS = REMOTE_LOOP_A | REMOTE_LOOP_B
CLINICIAN_LOOPS = CLINICIAN_LOOP | CLINICIAN_LOOP_B
SWITCH_CHANGES = {
    "remote-plug": (REMOTE_PLUGGED | REMOTE_LOOPS, 0),
    "remote-unplug": (0, REMOTE_PLUGGED | REMOTE_LOOPS),
    "remote-press": (0, REMOTE_LOOPS),
    "remote-release": (REMOTE_LOOPS, 0),
    "clinician-stop": (0, CLINICIAN_LOOPS),
    "clinician-reset": (CLINICIAN_LOOPS, 0),
    "power-loss": (0, POWER_GOOD),
    "power-back": (POWER_GOOD, 0),
}
CABLE_BREAK = "cable-break"
MISHAPS = (*SWITCH_CHANGES, CABLE_BREAK, *HAPPENINGS)


@dataclass(frozen=True)
class _SwitchChange:
    tick: int
    on: int
    off: int


@dataclass(frozen=True)
class _Wish:
    tick: int
    ask: int
    value: float


class SimulatedWorld:
    """Schedules what happens and plays it as rows for the lockstep loop."""

    def __init__(self, behaviour: Behaviour, streams: Streams, split: bool) -> None:
        self._behaviour = behaviour
        self._streams = streams
        unplugged = ALL_WELL & ~(REMOTE_PLUGGED | REMOTE_LOOPS)
        self._at_rest = unplugged | (CARRIAGE_OPEN if split else 0)
        self._changes: list[_SwitchChange] = []
        self._wishes: list[_Wish] = []
        self._broken_from: int | None = None
        self._prepared_from: int | None = None
        self._noise: tuple[int, FloatArray] = (-1, np.zeros((RATE_HZ, 2)))

    def happen(self, kind: str, tick: int, strength: float | None = None, duration: float | None = None) -> None:
        """Schedule a mishap of `MISHAPS` at tick number `tick`; strength in newtons or metres, duration in seconds."""
        if kind in SWITCH_CHANGES:
            on, off = SWITCH_CHANGES[kind]
            self._changes.append(_SwitchChange(tick, on, off))
            self._changes.sort(key=lambda change: change.tick)
        elif kind == CABLE_BREAK:
            self._broken_from = tick if self._broken_from is None else min(tick, self._broken_from)
        else:
            self._behaviour.add(Happening(kind, tick / RATE_HZ, strength, duration))

    def wish(self, tick: int, ask: int, value: float = 0.0) -> None:
        """Schedule an operator's wish; one a tick."""
        taken = {wish.tick for wish in self._wishes}
        while tick in taken:
            tick += 1
        self._wishes.append(_Wish(tick, ask, value))

    def prepared(self, tick: int) -> None:
        """The harness checklist is complete from this tick on."""
        self._prepared_from = tick

    def ticks(self, first: int, count: int) -> FloatArray:
        """World rows [count, 11] for ticks `first` to `first + count - 1`."""
        rows = np.zeros((count, WORLD_COLUMNS))
        numbers = first + np.arange(count)
        rows[:, SWITCHES] = self._switches(first, count)
        rows[:, WHOLE] = 1.0 if self._broken_from is None else numbers < self._broken_from
        movement = self._behaviour.ticks(first, count)
        rows[:, FORCE], rows[:, LENGTH], rows[:, SLIP] = movement.force, movement.length, movement.slip
        rows[:, CHANCE_A : CHANCE_B + 1] = self._chance(first, count)
        for wish in self._wishes:
            if first <= wish.tick < first + count:
                rows[wish.tick - first, ASK : ASK_VALUE + 1] = wish.ask, wish.value
        if self._prepared_from is not None:
            rows[:, PREPARED] = numbers >= self._prepared_from
        rows[:, EXTRA] = 0.0
        return rows

    def _switches(self, first: int, count: int) -> FloatArray:
        bits = np.empty(count)
        now, at = self._at_rest, 0
        for change in self._changes:
            here = min(max(change.tick - first, 0), count)
            bits[at:here] = now
            at = max(at, here)
            now = (now | change.on) & ~change.off
        bits[at:] = now
        return bits

    def _chance(self, first: int, count: int) -> FloatArray:
        """Standard normal numbers, drawn second by second so that any cut of time gives the same ones."""
        parts = []
        tick = first
        while tick < first + count:
            second, offset = divmod(tick, RATE_HZ)
            upto = min(RATE_HZ, offset + first + count - tick)
            parts.append(self._second(second)[offset:upto])
            tick += upto - offset
        return np.concatenate(parts)

    def _second(self, second: int) -> FloatArray:
        if self._noise[0] != second:
            self._noise = (second, self._streams.stream("load cells", second).standard_normal((RATE_HZ, 2)))
        return self._noise[1]
