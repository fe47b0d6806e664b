"""What to pull: a written prescription, the plan it means for one patient, and its waveform as a pure function of time."""

from __future__ import annotations

from opentraction.prescription.plan import Plan
from opentraction.prescription.waveform import Setpoint, force_at, sample

__all__ = ["Plan", "Setpoint", "force_at", "sample"]
