"""How late or how long each turn of a loop was, kept when asked for, written at the end: one a line [us]."""

from __future__ import annotations

from array import array
from pathlib import Path


class Lateness:
    """Seconds, one a turn."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._kept = array("d")

    def note(self, seconds: float) -> None:
        """Keep one [s]."""
        if self._path is not None:
            self._kept.append(seconds)

    def write(self) -> None:
        """Write them all."""
        if self._path is not None:
            self._path.write_text("".join(f"{1.0e6 * seconds:.1f}\n" for seconds in self._kept), "ascii")
