"""A course as it was planned: for whom, how often, how long, and what its forces are bounded by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from opentraction.patient import Patient
from opentraction.prescription.check import REGIONS
from opentraction.prescription.progress.templates import Template
from opentraction.quantities import BadInput, quantity
from opentraction.quantities.units import FACTORS

LEAST_CAP = 20.0
"""A lower cap [N] than this is a mistake in units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One patient's course. Forces [N], `length` of a session [s]; `unit` is the force unit it speaks in.

    `above_planned` is the clinician's word that the force may go on rising from the planned force to the hard cap.
    `maintenance_from` is the day maintenance begins, None while there is none.
    """

    patient: Patient
    region: str
    template: Template
    start: date
    length: float = 1680.0
    device_max: float | None = None
    clinician_cap: float | None = None
    plan_ceiling: float | None = None
    above_planned: bool = False
    watch_pressure: bool = False
    justification: str = ""
    maintenance_from: date | None = None
    unit: str = "lb"

    def __post_init__(self) -> None:
        if self.region not in REGIONS:
            raise BadInput("region", self.region, "one of " + ", ".join(REGIONS))
        if self.unit not in FACTORS["force"]:
            raise BadInput("unit", self.unit, "one of " + ", ".join(FACTORS["force"]))
        for key in ("device_max", "clinician_cap", "plan_ceiling"):
            _check_cap(key, getattr(self, key))
        quantity("session_time").check(self.length, "length")

    @property
    def neck(self) -> bool:
        """Whether it pulls the cervical spine."""
        return self.region == "cervical"

    @property
    def longest_rule(self) -> str:
        """The rule that bounds the length of a session."""
        return "B15" if self.neck else "B14"


def _check_cap(key: str, force: float | None) -> None:
    known = isinstance(force, int | float) and not isinstance(force, bool)
    if force is not None and not (known and math.isfinite(force) and LEAST_CAP <= force <= 1050.0):
        raise BadInput(key, f"{force} N", f"a force from {LEAST_CAP:.0f} N to 1050 N, or left out")
