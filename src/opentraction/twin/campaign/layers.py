"""What each layer has to do by itself, though the one behind it would hold the patient all the same.

A stop that control misses is caught by the guard, and what the guard misses by a timer: the force stays right, and a
defect stays hidden until a second one meets it. E9, E11, E12 and E13 look for work that was left to the next layer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import RATE_HZ
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.twin.campaign.draw import Scene
from opentraction.twin.campaign.faults import GOES_ON, PATIENT, Fault

FloatArray = npt.NDArray[np.float64]
# What the drum did, in `told`.
GUARD_CAUSE, GUARD_STOP, SPEED, TORQUE, RELAY, LET_OUT = range(6)
GUARDS_OWN: Final = frozenset({v.CONTROL_SILENT, v.NO_RELEASE, v.ANOTHER_PLAN})
TAUT: Final = 30.0
"""[N] from which on letting out shows."""
PROMPT: Final = round(0.09 * RATE_HZ)
"""Ticks from the press until the drum lets out, so that the force is falling within 100 ms (hazard analysis H3)."""
CONTROL_ALONE: Final = frozenset(
    {
        "control dies",
        "control stands",
        "control again",
        "control pulls",
        "control holds",
        "control deaf",
        "commands lost",
    }
)
"""Faults that leave guard, drive and the way between them whole."""
BLIND: Final = frozenset({"control's cell off", "control's cell garbage", "control's cell extreme", "control blind"})
"""Control sees that it sees nothing, and lets out by travel all the same."""
TOLD_AS: Final = {
    "remote unplugged": v.REMOTE_UNPLUGGED,
    "mains lost": v.POWER_LOST,
    "drive not ready": v.DRIVE_FAULT,
}
"""What the operator has to be told."""


def second_line(faults: list[Fault], told: FloatArray) -> str:
    """E9. Where nothing has hit control, or only its sight, the guard does not have to do its work."""
    hit = any((f.slow or f.hits_control) and f.name not in BLIND for f in faults)
    if len(faults) > 1 or hit or any(f.by == PATIENT for f in faults):
        return ""
    causes = {int(cause) for cause in np.unique(told[:, GUARD_CAUSE])} & GUARDS_OWN
    return f"E9 the guard had to: {v.CAUSE_TEXTS[min(causes)]}" if causes else ""


def prompt(faults: list[Fault], told: FloatArray, true: FloatArray, pressed_at: int, *, deaf: bool) -> str:
    """E11. A stop that is pressed lets out at once, whatever else goes on that can be borne."""
    if not 0 < pressed_at < len(true) or not true[pressed_at - 1] > TAUT or deaf:
        return ""
    if any(f.owed != GOES_ON or f.hits_control or f.by == PATIENT for f in faults):
        return ""
    after = told[pressed_at : pressed_at + PROMPT + 1, SPEED]
    return "" if len(after) <= PROMPT or np.any(after < 0.0) else "E11 nothing let out 90 ms after a stop"


def latched(faults: list[Fault], told: FloatArray) -> str:
    """E12. What the guard has tripped on stays, for as long as it lives and nobody else is bound."""
    if any(f.name.startswith("guard ") or f.name in {"operator", "control again"} for f in faults):
        return ""
    cause = told[:, GUARD_CAUSE]
    first = int(np.argmax(cause > 0.0))
    return "E12 the guard forgot what it tripped on" if cause[first] > 0.0 and np.any(cause[first:] == 0.0) else ""


def let_out(scene: Scene, faults: list[Fault], told: FloatArray, true: FloatArray) -> str:
    """E13. Where only control is gone the guard lets the cable out; nobody has to take the torque from a taut one."""
    if [f.name for f in faults] == [] or len(faults) > 1 or faults[0].name not in CONTROL_ALONE:
        return ""
    if not v.PRETENSION <= scene.run.phase <= v.RESUME:
        return ""  # in a release under way the timer runs already
    cut = true[(told[:, TORQUE] < 0.5) & (true > TAUT)]
    return f"E13 the torque was taken from {cut[0]:.0f} N" if len(cut) else ""


def told_as(faults: list[Fault], rows: FloatArray, onset: int, pressed: int) -> str:
    """E14. What happened is what the operator is told."""
    if onset < 0 or len(faults) != 1 or pressed or faults[0].name not in TOLD_AS:
        return ""
    if not v.PRETENSION <= int(rows[onset - 1, r.PHASE]) <= v.RESUME:
        return ""
    causes = {int(cause) for cause in np.unique(rows[onset:, r.CAUSE])} - {v.NO_CAUSE}
    wanted = TOLD_AS[faults[0].name]
    return "" if wanted in causes else f"E14 told as {v.CAUSE_TEXTS[min(causes, default=0)] or 'nothing'}"
