"""What crosses the bus each cycle, byte by byte: one place for both ends, as decision 0014 lays it out.

All numbers are little-endian as CANopen has them; drum positions are whole micrometres and speeds micrometres a second,
force is a REAL32 in newtons, as CiA 404 gives a process value. Each word ends in a counter that goes on by one a cycle,
so that what is lost, late or said twice is seen.
"""

from __future__ import annotations

import math
import struct
from typing import Final, NamedTuple

CONTROL, GUARD, DRIVE, CELL_A, CELL_B, SWITCHES = 1, 2, 3, 4, 5, 6
"""Nodes on the bus."""
SYNC: Final = 0x080
HEARTBEAT: Final = 0x700
COUNT: Final = 256
"""Counters go round after so many."""
PER_METRE: Final = 1e6
_MOST: Final = 2**31 - 1


class Asked(NamedTuple):
    """Control to drive (0x200 + drive): what it should do."""

    controlword: int
    speed: float  # [m/s] pull positive
    cycle: int


class Permitted(NamedTuple):
    """Guard to drive and control (0x180 + guard): what it may do. The counter is the pulse."""

    fastest: float  # [m/s]; negative: let out at least so fast
    pull: bool
    cause: int
    cycle: int


class Moved(NamedTuple):
    """Drive to both (0x180 + drive)."""

    statusword: int
    travel: float  # [m]
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


_ASKED, _PERMITTED = struct.Struct("<HiB"), struct.Struct("<iBBB")
_MOVED, _FELT, _SWITCHED = struct.Struct("<HiB"), struct.Struct("<fBB"), struct.Struct("<HB")


def asked(word: Asked) -> bytes:
    """Bytes of a word. A speed that is no number becomes 0: it must move nothing."""
    return _ASKED.pack(word.controlword, _micro(word.speed), word.cycle % COUNT)


def permitted(word: Permitted) -> bytes:
    """Bytes of a word; no number permits no pull."""
    pull = word.pull and not math.isnan(word.fastest)
    return _PERMITTED.pack(_micro(word.fastest), pull, word.cause, word.cycle % COUNT)


def moved(word: Moved) -> bytes:
    """Bytes of a word."""
    return _MOVED.pack(word.statusword, _micro(word.travel), word.cycle % COUNT)


def felt(word: Felt) -> bytes:
    """Bytes of a word; NaN and infinity cross as they are, for whoever reads has to refuse them."""
    return _FELT.pack(word.force, word.valid, word.cycle % COUNT)


def switched(word: Switched) -> bytes:
    """Bytes of a word."""
    return _SWITCHED.pack(word.bits, word.cycle % COUNT)


def read_asked(data: bytes) -> Asked | None:
    """The word, or None for bytes that are none of its length."""
    if len(data) != _ASKED.size:
        return None
    controlword, speed, cycle = _ASKED.unpack(data)
    return Asked(controlword, speed / PER_METRE, cycle)


def read_permitted(data: bytes) -> Permitted | None:
    """The word, or None; only a plain 1 permits a pull."""
    if len(data) != _PERMITTED.size:
        return None
    fastest, pull, cause, cycle = _PERMITTED.unpack(data)
    return Permitted(fastest / PER_METRE, pull == 1, cause, cycle)


def read_moved(data: bytes) -> Moved | None:
    """The word, or None."""
    if len(data) != _MOVED.size:
        return None
    statusword, travel, cycle = _MOVED.unpack(data)
    return Moved(statusword, travel / PER_METRE, cycle)


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


def behind(cycle: int, newest: int) -> int:
    """How many cycles `cycle` lies behind `newest`, 0 to 255: what was said twice or comes late is behind."""
    return (newest - cycle) % COUNT


def _micro(value: float) -> int:
    """Micrometres, held within 32 bits; 0 for what is no number."""
    if math.isnan(value):
        return 0
    scaled = value * PER_METRE
    return int(min(max(scaled, -_MOST), _MOST)) if not math.isinf(scaled) else int(math.copysign(_MOST, scaled))
