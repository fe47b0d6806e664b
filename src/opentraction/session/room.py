"""Room on the disk for a recording: what a session needs, what is there, and the sentence when it is too little."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from opentraction.session import edf_format as fmt

MEGABYTE = 1_000_000
SPARE = 1 << 30
"""Left over for everything else before a session may begin [bytes]; project, after the hazard analysis (H31)."""
LOW = 256 << 20
"""Below this a running session's recording is in danger [bytes]; project."""
LOG_PER_S = 500
"""What the event log grows by [bytes/s]; three times what a lively session was seen to write; project."""
OUTSIDE = 900.0
"""Set-up, pauses and release around the planned time [s]; project."""

FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes an ordinary user may still write where `folder` is or will be. Raises OSError."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize


def session_bytes(total_time: float) -> int:
    """What recording a session of `total_time` [s] takes at most [bytes]."""
    a_second = fmt.record_bytes(fmt.channels(simulated=True)) + LOG_PER_S
    return round((total_time + OUTSIDE) * a_second)


def too_little(folder: Path, total_time: float, spare: int = SPARE, free: FreeBytes = free_bytes) -> str:
    """Why a session of `total_time` [s] cannot be recorded in `folder`; empty when there is room."""
    session = session_bytes(total_time)
    try:
        there = free(folder)
    except OSError as error:
        return f"The recording folder {folder} cannot be used: {error.strerror or error}."
    if there >= session + spare:
        return ""
    return (
        f"Make room on the disk first: recording needs {megabytes(session + spare)} in {folder} "
        f"({megabytes(session)} for this session, the rest spare), {megabytes(there)} are free."
    )


def megabytes(amount: int) -> str:
    """For people."""
    return f"{amount / MEGABYTE:,.0f} MB"
