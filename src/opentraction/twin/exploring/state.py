"""One moment of the whole machine as a few small whole numbers, and as one number.

A tick is 0.1 s; force comes in steps of 50 N, where 0 is a slack cable (20 N and less). A prescription of 100 N under a
clutch that slips at 250 N stands for all: what matters is their order, and how many ticks each needs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Moment = npt.NDArray[np.int64]
"""All that is remembered from tick to tick, and one thing that is not [N_FIELDS]; `SIZES` bounds what is kept."""

RX: Final = 2
"""Force prescribed [50 N]."""
LOW: Final = 1
"""Force of a rest [50 N]."""
TOP: Final = 5
"""Force at which clutch and torque cap give way [50 N]."""
MOST: Final = TOP + 1
"""With a cough on top [50 N]."""
RUNS: Final = 0
DEAD: Final = 1
WILD: Final = 2
"""Control pulls, whatever it is told; the guard permits, whatever it sees."""
WELL: Final = MOST + 1
NO_NUMBER: Final = MOST + 2
"""What a cell may be besides stuck at a force."""

WELD_A: Final = 1
WELD_B: Final = 2
RELAY_A: Final = 4
RELAY_B: Final = 8
LINK: Final = 16
BUS: Final = 32
UNARMED: Final = 64
DRIVE: Final = 128
STALE: Final = 256
POWER: Final = 512
"""Bits of what else may be broken."""

BY_PATIENT: Final = 1
BY_CLINICIAN: Final = 2
"""Bits of who holds a stop."""

TIMER: Final = 5
"""Ticks until a hard-wired or a guard's timer takes the torque; a release from the prescribed force takes four."""
SILENT_MOST: Final = 2
"""Ticks without a beat after which the drive lets go."""
PULSELESS: Final = TIMER
"""Ticks without a sign of life after which the guard's relay drops."""
ODD_MOST: Final = 3
"""Ticks of cells that disagree or stand still before the guard trips."""
PATIENCE: Final = 3
"""Ticks of too much force that the machine did not make."""
QUIET_MOST: Final = 2
"""Ticks of something wrong without a signal."""

_FIELDS: Final = (
    ("phase", 21),  # of control, codes of quantities/vocabulary.py
    ("since", TIMER + 2),  # ticks in it, for releases
    ("force", MOST + 1),  # true, in the cable
    ("half", 2),  # every second tick of a release takes a step off
    ("control", 3),
    ("guard", 3),
    ("session", 2),  # the guard has been told of a session and permits pulling in it
    ("latched", 3),  # 1 by a stop, which control sees itself, 2 by a trip, which it is told
    ("had tripped", 2),  # whether it has tripped in this session, whatever is left of it
    ("tripped", TIMER + 1),  # ticks since
    ("silent", SILENT_MOST + 1),  # ticks since control's beat reached the drive
    ("lifeless", PULSELESS + 1),  # ticks since the guard last held its own relay
    ("odd", ODD_MOST + 1),
    ("over", PATIENCE + 1),
    ("cell a", MOST + 3),
    ("cell b", MOST + 3),
    ("broken", 2 * POWER),
    ("left", 4),  # faults that may still come
    ("pressed", 4),
    ("open for", TIMER + 1),  # ticks a stop has been held
    ("cut", 2),  # torque taken away by a relay
    ("ritual", 4),  # steps since something was latched: bound, prepared, armed
    ("seen", 3),  # of the stop test, by who watches the remote: pressed, let go
    ("anew", 2),  # control was started again and nobody bound since
    ("slack", 2),  # both cells read slack
    ("test", 4),  # of the remote: seen whole, pressed, passed
    ("quiet", QUIET_MOST + 1),
    ("pulled", 2),  # the machine took cable in during the last tick
)
FIELDS: Final = tuple(name for name, _ in _FIELDS)
SIZES: Final = np.array([size for _, size in _FIELDS], dtype=np.int64)
STRIDES: Final = np.append(np.cumprod(SIZES[:0:-1])[::-1], 1).astype(np.int64)
N_KEPT: Final = len(_FIELDS)
N_FIELDS: Final = N_KEPT + 1
(
    PHASE, SINCE, FORCE, HALF, CONTROL, GUARD, SESSION, LATCHED, HAD, TRIPPED, SILENT, LIFELESS, ODD, OVER,
    CELL_A, CELL_B, BROKEN, LEFT, PRESSED, OPEN_FOR, CUT, RITUAL, SEEN, ANEW, SLACK, TEST, QUIET, PULLED,
) = range(N_KEPT)  # fmt: skip
PULSE: Final = N_KEPT
"""Whether the guard's permission to pull is missing at the drive: known anew in each tick, so not kept."""
assert np.prod(SIZES.astype(float)) < 2.0**63


def begin(faults: int) -> Moment:
    """At rest, nobody bound, `faults` still to come."""
    m = np.zeros(N_FIELDS, dtype=np.int64)
    m[CELL_A] = m[CELL_B] = WELL
    m[LEFT] = faults
    return m


def packed(m: Moment) -> int:
    """A moment as one number; a stop's two channels are alike, so the worse one counts as A."""
    a, b = m[BROKEN] & (WELD_A | RELAY_A), (m[BROKEN] & (WELD_B | RELAY_B)) >> 1
    if b > a:
        m[BROKEN] = m[BROKEN] & ~(WELD_A | RELAY_A | WELD_B | RELAY_B) | b | a << 1
    code = 0
    for n in range(N_KEPT):
        code += m[n] * STRIDES[n]
    return code


def unpack(code: int, m: Moment) -> None:
    """Fill `m` from one number."""
    m[PULSE] = 0
    for n in range(N_KEPT):
        m[n] = code // STRIDES[n]
        code -= m[n] * STRIDES[n]
