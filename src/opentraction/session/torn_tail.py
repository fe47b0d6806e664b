"""The last second of a waveform file after the power went: what never reached the disk becomes "no value".

A second is synced before the header counts the next one, so only those from the last that is counted can be torn.
A sector of a file that was never written reads as zeros, and a digital zero would be a pull of 500 N that nobody
measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opentraction.session import edf_format as fmt

SECTOR: Final = 512
"""The smallest piece that a disk writes whole [bytes]."""
_NOTE: Final = re.compile(rb"\+[0-9]+(?:\.[0-9]+)?\x14[^\x00-\x1f]+\x14\x00")


def mended(second: bytes, number: int, at: int, signals: Sequence[fmt.Channel]) -> bytes:
    """A second as far as it was written; `at` is its offset in the file [bytes]."""
    size = len(second) - fmt.ANNOTATION_BYTES
    begun = second[size:].startswith(fmt.timekeeping(number))
    samples = np.frombuffer(second[:size], dtype="<i2").reshape(len(signals), fmt.RECORD_RATE).copy()
    samples[_unwritten(samples, second[:size], at, begun, signals)] = fmt.NONE
    phase = samples[[signal.name for signal in signals].index("phase")]
    known = np.flatnonzero(phase != fmt.NONE)
    samples[:, int(known[-1]) + 1 if known.size else 0 :] = fmt.NONE
    return samples.tobytes() + notes(second[size:], number)


def notes(area: bytes, number: int) -> bytes:
    """The notes of a second up to the first that is not whole; the event log knows the others."""
    begin = fmt.timekeeping(number)
    if not area.startswith(begin):
        return begin.ljust(fmt.ANNOTATION_BYTES, b"\x00")
    end = len(begin)
    while (note := _NOTE.match(area, end)) and _is_text(note[0]):
        end = note.end()
    return area[:end].ljust(fmt.ANNOTATION_BYTES, b"\x00")


def _is_text(note: bytes) -> bool:
    try:
        note.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unwritten(
    samples: NDArray[np.int16], raw: bytes, at: int, begun: bool, signals: Sequence[fmt.Channel]
) -> NDArray[np.bool_]:
    """Which samples [signals, n] stand in sectors that were never written.

    Zeros in the forces are such sectors. Travel, speed and phase are truly zero while nothing moves: theirs count where
    a force or the notes show that the second is torn, or where the rest of the second moved.
    """
    empty = _in_zero_sectors(raw, at).reshape(samples.shape)
    force = np.array([signal.unit == "N" for signal in signals])
    if not begun or empty[force].any():
        return empty
    moved = (samples != 0) & (samples != fmt.NONE) & ~empty
    torn: NDArray[np.bool_] = np.logical_and(empty, moved.any(axis=1)[:, np.newaxis])
    return torn


def _in_zero_sectors(raw: bytes, at: int) -> NDArray[np.bool_]:
    """Which samples lie, with a byte at least, in a sector that holds nothing but zeros."""
    empty = np.zeros(len(raw), dtype=np.bool_)
    for start in range(-(at % SECTOR), len(raw), SECTOR):
        piece = slice(max(start, 0), start + SECTOR)
        empty[piece] = not any(raw[piece])
    samples: NDArray[np.bool_] = np.logical_or(empty[::2], empty[1::2])
    return samples
