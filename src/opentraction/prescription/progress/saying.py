"""Forces of a course as people read and write them: rounded down, so that no shown limit lies above the real one."""

from __future__ import annotations

import math

from opentraction.prescription.words import DECIMALS
from opentraction.quantities.units import FACTORS


def written_force(force: float, unit: str) -> str:
    """A force [N] in a unit, rounded down: "34.5 lb"; newtons where no unit is named."""
    unit = unit or "N"
    scale = 10 ** DECIMALS.get(unit, 1)
    return f"{math.floor(force / FACTORS['force'][unit] * scale + 1e-6) / scale:g} {unit}"


def said_force(force: float, unit: str) -> str:
    """A force [N] in a unit, and newtons beside it, both rounded down."""
    return written_force(force, unit) if unit == "N" else f"{written_force(force, unit)} ({written_force(force, 'N')})"
