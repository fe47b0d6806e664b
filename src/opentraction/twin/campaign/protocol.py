"""The time-compressed prescription of the campaign: every phase in about a minute, one pause in the first hold."""

from __future__ import annotations

import functools
from typing import Final

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, parse_prescription

TEXT: Final = """
name = "Campaign, {force:.0f} N"
region = "lumbar"
position = "supine"
couch = "{couch}"
[session]
mode = "intermittent"
length = "{length:.0f} s"
[pretension]
force = "25 N"
rate = "10 N/s"
hold = "3 s"
[forces]
high = "{force:.0f} N"
low = "50 % high"
[rise]
shape = "linear"
time = "{rise:.1f} s"
[hold]
time = "{hold:.1f} s"
[fall]
shape = "linear"
time = "{fall:.1f} s"
[rest]
time = "{rest:.1f} s"
[release]
rate = "50 N/s"
"""
HOLD, REST = 8.0, 5.0
"""[s]"""


@functools.lru_cache(maxsize=512)
def compressed(force: int, couch: str) -> Plan:
    """A plan to `force` [N] on a `couch` that is split or locked; for a mass and ceiling that allow 1000 N."""
    rise, fall = times(force)
    length = 6.0 + rise + HOLD + fall + REST + 8.0
    text = TEXT.format(force=force, couch=couch, hold=HOLD, rest=REST, rise=rise, fall=fall, length=max(60.0, length))
    patient = Patient("campaign", Body(mass=170.0, stature=1.9, age=50.0), ceiling=1050.0)
    return parse_prescription(text, "campaign").resolve(patient)


def times(force: float) -> tuple[float, float]:
    """Seconds of a rise and of a fall."""
    return max(5.0, force / 38.0), max(4.0, force / 100.0)
