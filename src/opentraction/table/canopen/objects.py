"""What the drive, the cells, the switches and the guard have to be set to, object by object, and how it is said.

Indices of CiA 301, 401, 402 and 404 as the open implementations have them; 2000h and up are this project's own. Drum
positions are micrometres, speeds micrometres a second, torque thousandths of 1000 N at the drum. What is read only is
wired or burnt in, and compared all the same.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final, NamedTuple

from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import BEAT_EVERY, BEAT_LASTS, CYCLE
from opentraction.table.canopen.sdo import Key, Value
from opentraction.table.port import Limits
from opentraction.table.two_words import ASKED_LASTS, PERMITTED_LASTS

RELAY_LASTS: Final = 5.0
"""[s] that the guard's relay stays closed after the guard's last word: as long as the slowest release."""
NEWTON: Final = 0x00210000
"""The unit newton, as CiA 303-2 codes it."""
LIMITS: Final = 0x2300
IN_FORCE: Final = 0x2301
"""The guard's limits: those that are given, and those it judges by."""
BE_SILENT: Final = (0x2302, 0)
"""The guard's: for so many milliseconds it says nothing, at rest only. So the drive's watch on it is provoked."""
CRC: Final = 6
"""Their last sub-index: writing it makes them count."""


class Wanted(NamedTuple):
    """One object of one node, and what it has to hold."""

    node: int
    key: Key
    data: bytes
    what: str
    writable: bool = True


def u8(value: int) -> bytes:
    """One byte."""
    return struct.pack("<B", value)


def u16(value: float) -> bytes:
    """Two bytes."""
    return struct.pack("<H", round(value))


def u32(value: float) -> bytes:
    """Four bytes."""
    return struct.pack("<I", round(value))


def i32(value: float) -> bytes:
    """Four bytes, with a sign."""
    return struct.pack("<i", round(value))


def real32(value: float) -> bytes:
    """Four bytes of a REAL32."""
    return struct.pack("<f", value)


def _watches(node: int) -> bytes:
    return u32(node << 16 | round(BEAT_LASTS * 1e3))


BEAT: Final = u16(BEAT_EVERY * 1e3)
SYNC_PRODUCER: Final = 1 << 30
MOST_TORQUE, FASTEST_PULL, FASTEST, INNERMOST, OUTERMOST, POLARITY = (
    (0x6072, 0),
    (0x607F, 0),
    (0x6080, 0),
    (0x607D, 2),
    (0x607D, 1),
    (0x607E, 0),
)
CONTROL_LASTS, GUARD_LASTS, RELAY_TIME = (0x2000, 1), (0x2000, 2), (0x2200, 1)
CELL_UNIT, CELL_OFFSET, CELL_GAIN = (0x6131, 0), (0x6124, 0), (0x2100, 0)
DRIVE: Final = (
    Wanted(w.DRIVE, (0x1005, 0), u32(SYNC_PRODUCER | w.SYNC), "who gives the beat"),
    Wanted(w.DRIVE, (0x1006, 0), u32(CYCLE * 1e6), "time of a cycle"),
    Wanted(w.DRIVE, (0x1016, 1), _watches(w.CONTROL), "watch on control"),
    Wanted(w.DRIVE, (0x1016, 2), _watches(w.GUARD), "watch on the guard"),
    Wanted(w.DRIVE, (0x1017, 0), BEAT, "heartbeat"),
    Wanted(w.DRIVE, (0x6007, 0), u16(1), "what it does when the bus is lost"),
    Wanted(w.DRIVE, (0x605A, 0), u16(6), "how it stops at once"),
    Wanted(w.DRIVE, (0x605E, 0), u16(0), "what it does in a fault"),
    Wanted(w.DRIVE, MOST_TORQUE, u16(1150.0), "highest torque"),
    Wanted(w.DRIVE, OUTERMOST, i32(-0.450 * w.PER_METRE), "outer end of travel"),
    Wanted(w.DRIVE, INNERMOST, i32(0.450 * w.PER_METRE), "inner end of travel"),
    Wanted(w.DRIVE, POLARITY, u8(0), "direction"),
    Wanted(w.DRIVE, FASTEST_PULL, u32(0.020 * w.PER_METRE), "fastest pull"),
    Wanted(w.DRIVE, FASTEST, u32(0.330 * w.PER_METRE), "fastest speed"),
    Wanted(w.DRIVE, CONTROL_LASTS, u16(ASKED_LASTS * 1e3), "how long a word of control is good for"),
    Wanted(w.DRIVE, GUARD_LASTS, u16(PERMITTED_LASTS * 1e3), "how long a word of the guard is good for"),
)
CELLS: Final = tuple(
    one
    for node in (w.CELL_A, w.CELL_B)
    for one in (
        Wanted(node, (0x1017, 0), BEAT, "heartbeat"),
        Wanted(node, CELL_OFFSET, real32(0.0), "offset"),
        Wanted(node, CELL_UNIT, u32(NEWTON), "unit"),
        Wanted(node, CELL_GAIN, real32(1.0), "gain"),
    )
)
INPUTS: Final = (
    Wanted(w.SWITCHES, (0x1017, 0), BEAT, "heartbeat"),
    Wanted(w.SWITCHES, (0x6002, 1), u8(0), "sense of the stop loops"),
    Wanted(w.SWITCHES, RELAY_TIME, u16(RELAY_LASTS * 1e3), "how long the guard's relay is held"),
    Wanted(w.SWITCHES, (0x2200, 2), u16(5000), "timer of the patient's stop", writable=False),
    Wanted(w.SWITCHES, (0x2200, 3), u16(3000), "timer of the clinician's stop", writable=False),
)
OF_THE_TABLE: Final = DRIVE + CELLS + INPUTS


def as_built(node: int) -> dict[Key, Value]:
    """A node's objects, empty where they are to be set: what was never set must not look right."""
    mine = [one for one in OF_THE_TABLE if one.node == node]
    return {one.key: Value(one.data if not one.writable else bytes(len(one.data)), one.writable) for one in mine}


def number(data: bytes, *, signed: bool = False) -> int:
    """An object's whole number."""
    return int.from_bytes(data, "little", signed=signed)


def limits(given: Limits) -> tuple[bytes, ...]:
    """A guard's limits in their five pieces, in the order of `Limits`."""
    return (*(real32(value) for value in given[:4]), u32(given.plan))


def crc_of(pieces: tuple[bytes, ...]) -> bytes:
    """Over all pieces; so that five values of two sessions are none."""
    return u32(zlib.crc32(b"".join(pieces)))


def read_limits(pieces: tuple[bytes, ...]) -> Limits:
    """The limits that five pieces say."""
    ceiling, longest, dose, most_travel = (struct.unpack("<f", piece)[0] for piece in pieces[:4])
    return Limits(ceiling, longest, dose, most_travel, number(pieces[4]))
