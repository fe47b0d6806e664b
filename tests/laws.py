"""The safety laws as functions: each looks at a session's true force and says in words what is broken, or nothing.

Figures from the project's hazard analysis (rows H1, H3 to H5): a stop is falling after 100 ms, slack after 4.5 s (2.5 s
for the clinician's), never steeper than 500 N/s, and nothing pulls again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from tests.lab import SLACK, Played, fall_of

STEEPEST = 500.0
"""[N/s] over 20 ms."""
ENDED = {v.SAFE, v.TORQUE_OFF}
PULLING = {v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.RESUME, v.PAUSED, v.PAUSE_RELEASE}


class StopLaw(NamedTuple):
    """What a stop owes the patient, and the cause it leaves behind."""

    falling_ms: float
    slack_s: float
    causes: tuple[int, ...]
    steepest: float = STEEPEST
    mean: float = 450.0
    ends_in: tuple[int, ...] = (v.SAFE,)


STOPS = {
    # The patient's own stop is the gentler one: 250 N/s is asked.
    "remote-press": StopLaw(100.0, 4.5, (v.PATIENT_STOP,), 350.0, 275.0),
    "clinician-stop": StopLaw(100.0, 2.5, (v.CLINICIAN_STOP,)),
    "ask:stop": StopLaw(100.0, 4.5, (v.CONSOLE_STOP,), 350.0, 275.0),
    "remote-unplug": StopLaw(100.0, 4.5, (v.REMOTE_UNPLUGGED,)),
    "power-loss": StopLaw(100.0, 4.5, (v.POWER_LOST,)),
}
INVALID = (v.SENSOR_INVALID,)
UNTRUE = (v.SENSORS_DISAGREE, v.SENSOR_FROZEN, v.FORCE_TOO_HIGH, v.PATIENT_RESISTING)
BROKEN = (v.SAFE, v.TORQUE_OFF)
"""With a dead cell slack can never be confirmed, so the table says NOT RELEASED with the torque off."""
SENSORS = {
    "a-nan": StopLaw(150.0, 4.5, INVALID, ends_in=BROKEN),
    "a-inf": StopLaw(150.0, 4.5, INVALID, ends_in=BROKEN),
    "travel-nan": StopLaw(150.0, 4.5, INVALID, ends_in=BROKEN),
    "b-nan": StopLaw(150.0, 4.5, INVALID, ends_in=BROKEN),
    "b-frozen": StopLaw(600.0, 5.0, UNTRUE, ends_in=BROKEN),
    # Offset by 60 N at once: control first follows the lie down, faster than any release.
    "a-offset": StopLaw(600.0, 5.0, UNTRUE, steepest=900.0, ends_in=BROKEN),
}
LAWS = {**STOPS, **SENSORS}


def broken_by_stop(p: Played, at: int, law: StopLaw) -> Iterator[str]:
    """What the release after a stop at tick `at` breaks."""
    fall = fall_of(p.true, at)
    if not fall.falling_ms <= law.falling_ms:
        yield f"falling after {fall.falling_ms:.0f} ms"
    if not fall.slack_s <= law.slack_s:
        yield f"slack after {fall.slack_s:.2f} s from {fall.force:.0f} N"
    if not fall.steepest <= law.steepest:
        yield f"fell {fall.steepest:.0f} N/s"
    mean = (fall.force - SLACK) / max(fall.slack_s, 0.01)
    if fall.force > 100.0 and not mean <= law.mean:
        yield f"fell {mean:.0f} N/s on the mean"
    if not fall.later <= SLACK + 5.0:
        yield f"pulled again to {fall.later:.0f} N"
    if not p.cause or p.cause not in law.causes:
        yield f"ended by '{v.CAUSE_TEXTS[p.cause]}'"
    if p.final not in law.ends_in:
        yield f"ended in '{v.PHASE_NAMES[p.final]}'"
    yield from broken_by_latch(p, at)


def broken_by_latch(p: Played, at: int) -> Iterator[str]:
    """After a stop no phase pulls again."""
    after = p.phases[at + 200 :]
    if np.isin(after, list(PULLING)).any():
        yield "went back to a pulling phase"
    if (p.rows[at + 200 :, r.COMMAND] > 0.0).any():
        yield "asked the drum to pull after the stop"


def broken_by_force(p: Played, ceiling: float) -> Iterator[str]:
    """The envelope of the machine: prescription plus the trip margin plus 30 N, while it is the machine that pulls."""
    prescribed = np.nan_to_num(p.rows[:, r.PRESCRIBED], nan=0.0)
    held = np.maximum.accumulate(prescribed)
    bound = np.minimum(held + np.maximum(30.0, 0.10 * held), ceiling + max(30.0, 0.05 * ceiling)) + 30.0
    worst = float((p.true - bound).max())
    if not worst <= 0.0:
        yield f"true force {worst:.0f} N above the envelope"


def broken_by_command(p: Played) -> Iterator[str]:
    """Commands are numbers, inside the caps, and never pull in a release."""
    command = p.rows[:, r.COMMAND]
    if not np.isfinite(command).all():
        yield "a command that is no number"
    if (command > 0.0201).any() or (command < -0.301).any():
        yield "a command beyond the caps"
    if (command[(p.phases >= v.END_RELEASE)] > 0.0).any():
        yield "a pull in a release"
