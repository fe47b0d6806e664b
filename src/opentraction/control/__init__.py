"""What the table does next: one pure step (now, settings, readings, state -> command, state).

Kernels take and give NamedTuples of scalars on `math` and NumPy constants alone: the same function runs as plain Python
in the real-time loop and compiled in the twin.
"""

from __future__ import annotations

from opentraction.control.step import Control, control_step, fresh_control
from opentraction.control.types import ControlInput, ControlSettings, Wanted

__all__ = ["Control", "ControlInput", "ControlSettings", "Wanted", "control_step", "fresh_control"]
