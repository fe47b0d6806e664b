"""The power-on test, before anybody may be bound: cells, drum, stop loops, mains, clock and guard, in a second or two.

The table stands, then it is asked to pull without the guard's permission: what moves then has a guard that does not
hold. What only a table can know of itself, its configuration and its watches, it finds by itself (`own_checks`).
The list follows the start-up tests of infusion pumps (CADD operator's manual) and hazard analysis H3, H13 to H17, H21,
H26, H28; the figures are the project's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import Final

from opentraction.quantities.vocabulary import (
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    DRIVE_READY,
    POWER_GOOD,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
)
from opentraction.session.checks.finding import Finding, within
from opentraction.table.port import HALT, Command, Reading

LOOK: Final = 120
"""Ticks at rest: 0.6 s."""
PULL: Final = 60
"""Ticks asking for a pull that nobody permits: 0.3 s, three times what the drive waits for a word of the guard."""
PULL_SPEED: Final = 0.005
"""[m/s]"""
ZERO: Final = 10.0
"""A cell with nothing on its cable reads no more [N]."""
APART: Final = 10.0
"""[N] between the cells at rest."""
NOISE: Final = 5.0
"""Spread of a cell at rest [N]; none at all is a cell that hangs."""
STILL: Final = 0.0005
"""[m] that the drum may move in all."""
GAP: Final = 0.5
"""[s] between two readings."""


class PowerOnTest:
    """Takes one reading a tick and gives one command; `findings` once it is through.

    A table whose guard is elsewhere is asked to pull with torque, and has to stand; one whose guard is beside control
    is given what that guard lets through.
    """

    def __init__(self, pace: float = 1.0, *, guarded: bool = False) -> None:
        """`pace` is how much faster than life the clock runs."""
        self._pull, self._gap = Command(PULL_SPEED, guarded), GAP * pace
        self._readings: list[Reading] = []

    @property
    def done(self) -> bool:
        """Whether there is nothing more to look at."""
        return len(self._readings) >= LOOK + PULL

    def step(self, reading: Reading) -> Command:
        """What the table should be told next."""
        self._readings.append(reading)
        return self._pull if LOOK <= len(self._readings) < LOOK + PULL else HALT

    def findings(self) -> list[Finding]:
        """What was seen."""
        at_rest = self._readings[:LOOK]
        return [
            *cells(at_rest),
            _drum("drum at rest and without permission moves", self._readings),
            *_switches(at_rest[-1].switches),
            self._clock(),
        ]

    def _clock(self) -> Finding:
        steps = [after.t - before.t for before, after in zip(self._readings, self._readings[1:], strict=False)]
        well = all(0.0 < step <= self._gap for step in steps)
        saw = f"{1000.0 * min(steps):.0f} to {1000.0 * max(steps):.0f} ms between readings"
        return Finding("clock", well, saw, f"forward, at most {1000.0 * self._gap:.0f} ms")


def before_a_session(at_rest: Sequence[Reading]) -> list[Finding]:
    """The cells and the drum, looked at again with nothing on the cable before anybody is bound."""
    return [*cells(at_rest), _drum("drum at rest moves", at_rest)]


def cells(at_rest: Sequence[Reading]) -> list[Finding]:
    """Both near nothing and alive, and near each other."""
    a, b = [one.force for one in at_rest], [one.guard_force for one in at_rest]
    apart = within("difference of the load cells", abs(_mean(a) - _mean(b)), 0.0, APART, "N")
    return [*_cell("load cell A", a), *_cell("load cell B", b), apart]


def _drum(name: str, readings: Sequence[Reading]) -> Finding:
    travel = [one.travel for one in readings]
    moved = max(travel) - min(travel) if all(map(math.isfinite, travel)) else math.nan
    return within(name, 1000.0 * moved, 0.0, 1000.0 * STILL, "mm", 2)


def _cell(name: str, forces: list[float]) -> list[Finding]:
    """Near nothing, and alive."""
    spread = pstdev(forces) if all(map(math.isfinite, forces)) else math.nan
    alive = Finding(f"{name} varies by", 0.0 < spread <= NOISE, f"{spread:.2f} N", f"above 0 to {NOISE:g} N")
    return [within(f"{name} at rest reads", _mean(forces), -ZERO, ZERO, "N"), alive]


def _mean(values: list[float]) -> float:
    return fmean(values) if all(map(math.isfinite, values)) else math.nan


def _switches(last: int) -> list[Finding]:
    """Two channels of a stop say the same; the clinician's are whole, mains and drive are there."""
    clinician, remote = CLINICIAN_LOOP | CLINICIAN_LOOP_B, REMOTE_LOOP_A | REMOTE_LOOP_B
    return [
        _pair("clinician stop", last & clinician, clinician, "both channels whole; pull the stop out", (clinician,)),
        _pair("patient remote", last & remote, remote, "both channels alike", (0, remote)),
        _bit("mains", last, POWER_GOOD),
        _bit("drive", last, DRIVE_READY),
    ]


def _pair(name: str, bits: int, both: int, allowed: str, well: tuple[int, ...]) -> Finding:
    saw = "both channels whole" if bits == both else "both channels open" if bits == 0 else "one channel open"
    return Finding(name, bits in well, saw, allowed)


def _bit(name: str, bits: int, bit: int) -> Finding:
    return Finding(name, bool(bits & bit), "ready" if bits & bit else "not ready", "ready")
