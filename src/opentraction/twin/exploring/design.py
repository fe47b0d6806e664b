"""What the machine is made of, as far as its safety rests on it; each piece can be left out to see what it is for."""

from __future__ import annotations

from typing import Final, NamedTuple

from opentraction.quantities import BadInput


class Design(NamedTuple):
    """Safeguards that are there (1) or left out (0)."""

    latch: int = 1  # what the guard has tripped stays tripped
    pulse: int = 1  # the drive pulls only while the guard's permission keeps coming
    beat: int = 1  # the drive lets go when control falls silent
    relays: int = 1  # a hard-wired timer behind each channel of a stop
    guard_stop: int = 1  # the guard sees the stops by itself
    release: int = 1  # the guard lets the cable out where control does not
    timed: int = 1  # the guard takes the torque away when a release is not done in time
    gear: int = 1  # a loaded cable turns the drum when the torque is off


WHOLE: Final = Design()
WORDS: Final = {
    "latch": "what the guard has tripped stays tripped until another session",
    "pulse": "the drive pulls only while the guard's permission keeps coming",
    "beat": "the drive lets go when control falls silent",
    "relays": "a hard-wired timer behind each channel of a stop takes the torque away",
    "guard-stop": "the guard sees the stops by itself",
    "release": "the guard lets the cable out where control does not",
    "timed": "the guard takes the torque away when a release is not done in time",
    "gear": "a loaded cable turns the drum when the torque is off (no worm gear, or a clutch that opens)",
}


def without(names: list[str]) -> Design:
    """The design with some safeguards left out. Raises BadInput for one it does not know."""
    for name in names:
        if name not in WORDS:
            raise BadInput("without", name, f"one of {', '.join(WORDS)}")
    return WHOLE._replace(**{name.replace("-", "_"): 0 for name in names})
