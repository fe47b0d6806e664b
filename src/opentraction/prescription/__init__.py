"""What to pull: a written prescription, the plan it means for one patient, and its waveform over time."""

from __future__ import annotations

from opentraction.prescription.file import parse_prescription, prescription_from, read_prescription
from opentraction.prescription.library import protocols
from opentraction.prescription.plan import Plan
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.rehearsal import Rehearsal, rehearse
from opentraction.prescription.waveform import Setpoint, force_at, sample

__all__ = [
    "Plan",
    "Prescription",
    "Rehearsal",
    "Setpoint",
    "force_at",
    "parse_prescription",
    "prescription_from",
    "protocols",
    "read_prescription",
    "rehearse",
    "sample",
]
