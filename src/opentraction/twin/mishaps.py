"""Things to let happen in a simulated session, as written on a command line: `600s:patient-stop`."""

from __future__ import annotations

from typing import NamedTuple

from opentraction.body.behaviour import HARNESS_SLIP, SHIFT, SIT_UP
from opentraction.quantities import BadInput, parse_quantity
from opentraction.twin.world import MISHAPS, SWITCH_CHANGES

NAMES = {
    "patient-stop": "remote-press",
    "remote-unplugged": "remote-unplug",
    **{name: name for name in MISHAPS if name not in {"remote-press", "remote-unplug"}},
}
LATEST = 7200.0
_METRES = {SHIFT, HARNESS_SLIP, SIT_UP}
_STRONGEST = 500.0  # [N]
_LONGEST_MOVE = 0.5  # [m]
_LONGEST_TIME = 60.0  # [s]


class Mishap(NamedTuple):
    """What happens, seconds after the pull began, how strong [N or m] and how long [s]; None is the usual."""

    kind: str
    at: float
    strength: float | None
    duration: float | None


def parse_mishap(text: str) -> Mishap:
    """Read `TIME:WHAT[:STRENGTH][:DURATION]`. Raises BadInput."""
    parts = text.split(":")
    if not 2 <= len(parts) <= 4 or parts[1] not in NAMES:
        what = ", ".join(sorted(NAMES))
        raise BadInput("--event", text, f"TIME:WHAT such as '600s:patient-stop', WHAT one of {what}, or change=FILE")
    at = parse_quantity(parts[0], "time", "--event")
    if not 0.0 <= at <= LATEST:
        raise BadInput("--event", text, "a time from 0 s to 120 min after the pull begins")
    kind = NAMES[parts[1]]
    strength, duration = None, None
    for part in parts[2:]:
        if part.rstrip().endswith("s"):
            duration = _within(parse_quantity(part, "time", "--event"), _LONGEST_TIME, text, "a duration up to 60 s")
        elif kind in _METRES:
            strength = _within(parse_quantity(part, "length", "--event"), _LONGEST_MOVE, text, "a length up to 500 mm")
        else:
            strength = _within(parse_quantity(part, "force", "--event"), _STRONGEST, text, "a force up to 500 N")
    if kind in SWITCH_CHANGES and (strength is not None or duration is not None):
        raise BadInput("--event", text, f"'{parts[0]}:{parts[1]}' alone; a switch has no strength")
    return Mishap(kind, at, strength, duration)


def _within(value: float, most: float, text: str, allowed: str) -> float:
    if not 0.0 < value <= most:
        raise BadInput("--event", text, f"{allowed}, above 0")
    return value
