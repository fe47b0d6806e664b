"""One line of progress on a terminal; silent where nobody looks."""

from __future__ import annotations

import math
import sys
from typing import TextIO

from opentraction.quantities.units import FACTORS
from opentraction.quantities.vocabulary import PHASE_NAMES
from opentraction.session.rows import MEASURED, PHASE, PRESCRIBED, TREATMENT_TIME, Rows

WIDTH = 30
EVERY = 50
"""Blocks between two redraws when time runs fast."""


class Progress:
    """Called with each block of rows [n, 18]."""

    def __init__(self, total: float, live: bool, out: TextIO | None = None) -> None:
        self._total = total
        self._out = out or sys.stderr
        self._shown = self._out.isatty()
        self._every = 1 if live else EVERY
        self._blocks = 0

    def __call__(self, block: Rows) -> None:
        self._blocks += 1
        if not self._shown or self._blocks % self._every or len(block) == 0:
            return
        row = block[-1]
        share = min(1.0, row[TREATMENT_TIME] / self._total)
        bar = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH))
        minutes, seconds = divmod(int(row[TREATMENT_TIME]), 60)
        asked = "–" if math.isnan(row[PRESCRIBED]) else f"{row[PRESCRIBED]:.0f}"
        pounds = row[MEASURED] / FACTORS["force"]["lb"]
        phase = PHASE_NAMES[int(row[PHASE])]
        line = f"{bar} {minutes:2d}:{seconds:02d}  {row[MEASURED]:5.0f} N ({pounds:3.0f} lb) of {asked} N  {phase}"
        self._write(f"\r\x1b[K{line}")

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        """A terminal that is gone, after a hang-up, ends the line and never the treatment."""
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:
            self._shown = False
