"""One CAN frame as 16 bytes: Linux `struct can_frame`, so that what crosses the hub reads like any capture of a bus."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

LAYOUT: Final = struct.Struct("=IB3x8s")
EXTENDED: Final = 1 << 31
REMOTE: Final = 1 << 30
ERROR: Final = 1 << 29
STANDARD_MASK: Final = 0x7FF
EXTENDED_MASK: Final = 0x1FFFFFFF


class Frame(NamedTuple):
    """Identifier with its flags as Linux has them, and 0 to 8 bytes."""

    id: int
    data: bytes

    @property
    def cob(self) -> int:
        """The identifier without flags."""
        return self.id & (EXTENDED_MASK if self.id & EXTENDED else STANDARD_MASK)


def packed(frame: Frame) -> bytes:
    """The 16 bytes. Raises ValueError for more than 8 bytes of data or an identifier that no frame has."""
    if len(frame.data) > 8:
        raise ValueError(f"a CAN frame holds 8 bytes, not {len(frame.data)}")
    if not 0 <= frame.id < 1 << 32 or (not frame.id & EXTENDED and frame.id & EXTENDED_MASK > STANDARD_MASK):
        raise ValueError(f"0x{frame.id:X} is no identifier of a CAN frame")
    return LAYOUT.pack(frame.id, len(frame.data), frame.data)


def unpacked(raw: bytes) -> Frame | None:
    """The frame, or None for bytes that are none: what a neighbour sends is not believed."""
    if len(raw) != LAYOUT.size:
        return None
    identifier, length, data = LAYOUT.unpack(raw)
    if length > 8 or (not identifier & EXTENDED and identifier & EXTENDED_MASK > STANDARD_MASK):
        return None
    return Frame(identifier, data[:length])
