"""What crosses the bus each cycle, byte by byte: one place for both ends, as decision 0014 lays it out.

All numbers are little-endian as CANopen has them; drum positions are whole micrometres and speeds micrometres a second,
force is a REAL32 in newtons, as CiA 404 gives a process value. Each word ends in the number of the cycle it belongs to,
16 bits that the drive counts on (5 ms each, five minutes and a half for a round): what is lost, late or said twice is
seen, and what was said before the bus stood still for seconds is no newer by having waited.
"""

from __future__ import annotations

import math
import struct
from typing import Final, NamedTuple

from opentraction.table.port import Told

CONTROL, GUARD, DRIVE, CELL_A, CELL_B, SWITCHES = 1, 2, 3, 4, 5, 6
"""Nodes on the bus."""
NODE_NAMES: Final = ("", "control", "guard", "drive", "load cell A", "load cell B", "switches")
NMT: Final = 0x000
SYNC: Final = 0x080
EMERGENCY: Final = 0x080
"""With the node's number added, as those that follow; SYNC is nobody's."""
HEARTBEAT: Final = 0x700
ASKED: Final = 0x200 + DRIVE
PERMITTED: Final = 0x180 + GUARD
MOVED: Final = 0x180 + DRIVE
TURNED: Final = 0x280 + DRIVE
FELT_A: Final = 0x180 + CELL_A
FELT_B: Final = 0x180 + CELL_B
SWITCHED: Final = 0x180 + SWITCHES
TOLD: Final = (0x200 + GUARD, 0x300 + GUARD, 0x400 + GUARD, 0x500 + GUARD)
"""Control to guard, four frames: phase and force, what control wants, what the plan says, which plan."""
COUNT: Final = 1 << 16
"""Counters go round after so many."""
PER_METRE: Final = 1e6
_MOST: Final = 2**31 - 1


class Asked(NamedTuple):
    """Control to drive (0x200 + drive): what it should do."""

    controlword: int
    speed: float  # [m/s] pull positive
    cycle: int


class Permitted(NamedTuple):
    """Guard to drive, relay and control (0x180 + guard): what the drive may do. The counter is the pulse."""

    fastest: float  # [m/s]; negative: let out at least so fast
    pull: bool
    relay: bool  # held
    cause: int
    cycle: int


class Moved(NamedTuple):
    """Drive to both (0x180 + drive)."""

    statusword: int
    travel: float  # [m]
    cycle: int


class Turned(NamedTuple):
    """Drive to both, its second word (0x280 + drive): what it measured of its own speed."""

    speed: float  # [m/s]
    cycle: int


class Felt(NamedTuple):
    """Load cell to both (0x180 + cell); `valid` is the cell's own word for it."""

    force: float  # [N]
    valid: bool
    cycle: int


class Switched(NamedTuple):
    """Switches to both (0x180 + switches): bits of `quantities.vocabulary`."""

    bits: int
    cycle: int


class Part(NamedTuple):
    """One of the four frames in which control tells the guard (0x200 to 0x500 + guard)."""

    value: float
    phase: int  # in the first, else 0
    cycle: int


_ASKED, _PERMITTED, _MOVED = struct.Struct("<HiH"), struct.Struct("<iBBH"), struct.Struct("<HiH")
_TURNED, _FELT, _SWITCHED = struct.Struct("<iH"), struct.Struct("<fBH"), struct.Struct("<HH")
_PHASE, _FORCE, _PLAN = struct.Struct("<fBH"), struct.Struct("<fH"), struct.Struct("<IH")
_PULL, _RELAY = 1, 2


def asked(word: Asked) -> bytes:
    """Bytes of a word. A speed that is no number becomes 0: it must move nothing."""
    return _ASKED.pack(word.controlword, _micro(word.speed), word.cycle % COUNT)


def permitted(word: Permitted) -> bytes:
    """Bytes of a word; no number permits no pull."""
    pull = word.pull and not math.isnan(word.fastest)
    bits = (_PULL if pull else 0) | (_RELAY if word.relay else 0)
    return _PERMITTED.pack(_micro(word.fastest), bits, word.cause, word.cycle % COUNT)


def moved(word: Moved) -> bytes:
    """Bytes of a word."""
    return _MOVED.pack(word.statusword, _micro(word.travel), word.cycle % COUNT)


def turned(word: Turned) -> bytes:
    """Bytes of a word."""
    return _TURNED.pack(_micro(word.speed), word.cycle % COUNT)


def felt(word: Felt) -> bytes:
    """Bytes of a word; NaN and infinity cross as they are, for whoever reads has to refuse them."""
    return _FELT.pack(word.force, word.valid, word.cycle % COUNT)


def switched(word: Switched) -> bytes:
    """Bytes of a word."""
    return _SWITCHED.pack(word.bits, word.cycle % COUNT)


def told(word: Told, cycle: int) -> tuple[bytes, bytes, bytes, bytes]:
    """The four frames in which control tells the guard; NaN crosses as it is, no prescription is one."""
    count = cycle % COUNT
    return (
        _PHASE.pack(_single(word.force), word.phase, count),
        _FORCE.pack(_single(word.reference), count),
        _FORCE.pack(_single(word.prescribed), count),
        _PLAN.pack(word.plan, count),
    )


def read_asked(data: bytes) -> Asked | None:
    """The word, or None for bytes that are none of its length."""
    if len(data) != _ASKED.size:
        return None
    controlword, speed, cycle = _ASKED.unpack(data)
    return Asked(controlword, speed / PER_METRE, cycle)


def read_permitted(data: bytes) -> Permitted | None:
    """The word, or None; bits that nobody knows permit nothing and hold nothing."""
    if len(data) != _PERMITTED.size:
        return None
    fastest, bits, cause, cycle = _PERMITTED.unpack(data)
    known = bits & ~(_PULL | _RELAY) == 0
    return Permitted(fastest / PER_METRE, known and bool(bits & _PULL), known and bool(bits & _RELAY), cause, cycle)


def read_moved(data: bytes) -> Moved | None:
    """The word, or None."""
    if len(data) != _MOVED.size:
        return None
    statusword, travel, cycle = _MOVED.unpack(data)
    return Moved(statusword, travel / PER_METRE, cycle)


def read_turned(data: bytes) -> Turned | None:
    """The word, or None."""
    if len(data) != _TURNED.size:
        return None
    speed, cycle = _TURNED.unpack(data)
    return Turned(speed / PER_METRE, cycle)


def read_felt(data: bytes) -> Felt | None:
    """The word, or None; only a plain 1 is valid."""
    if len(data) != _FELT.size:
        return None
    force, valid, cycle = _FELT.unpack(data)
    return Felt(force, valid == 1, cycle)


def read_switched(data: bytes) -> Switched | None:
    """The word, or None."""
    if len(data) != _SWITCHED.size:
        return None
    return Switched(*_SWITCHED.unpack(data))


def read_told_phase(data: bytes) -> Part | None:
    """The first of the four, or None."""
    return Part(*_PHASE.unpack(data)) if len(data) == _PHASE.size else None


def read_told_force(data: bytes) -> Part | None:
    """The second or third of the four, or None."""
    if len(data) != _FORCE.size:
        return None
    value, cycle = _FORCE.unpack(data)
    return Part(value, 0, cycle)


def read_told_plan(data: bytes) -> Part | None:
    """The last of the four, or None; a mark of 31 bits is whole as a float."""
    if len(data) != _PLAN.size:
        return None
    value, cycle = _PLAN.unpack(data)
    return Part(float(value), 0, cycle)


def ahead(cycle: int, of: int) -> int:
    """How many cycles `cycle` lies ahead of another; negative: behind."""
    steps = (cycle - of) % COUNT
    return steps if steps < COUNT // 2 else steps - COUNT


def _micro(value: float) -> int:
    """Micrometres, held within 32 bits; 0 for what is no number."""
    if math.isnan(value):
        return 0
    scaled = value * PER_METRE
    return int(min(max(scaled, -_MOST), _MOST)) if not math.isinf(scaled) else int(math.copysign(_MOST, scaled))


def _single(value: float) -> float:
    """What fits a REAL32; beyond it infinity, which passes no check."""
    return value if not abs(value) > 3.0e38 else math.copysign(math.inf, value)
