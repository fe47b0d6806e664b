"""P6: from every moment a way leads to rest, by waiting, letting go of stops, a stop on the console and unbinding."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opentraction.control.types import ControlSettings
from opentraction.quantities.vocabulary import IDLE, LOCKOUT
from opentraction.twin.exploring.choices import ASK, CLINICIAN_PRESS, NOTHING, PRESS
from opentraction.twin.exploring.design import Design
from opentraction.twin.exploring.state import (
    BY_CLINICIAN,
    BY_PATIENT,
    CONTROL,
    CUT,
    DEAD,
    FORCE,
    N_FIELDS,
    PHASE,
    PRESSED,
    RUNS,
    Moment,
    packed,
    unpack,
)
from opentraction.twin.exploring.tick import possible, tick
from opentraction.twin.exploring.walk import Codes, place_of

KIND = np.array((NOTHING, PRESS, CLINICIAN_PRESS, ASK, ASK + 2), dtype=np.int64)
"""What brings no new force: the last two asks are a stop and unbinding."""


def rested(m: Moment) -> bool:
    """The cable is slack, and control is idle, locked, or unable to take torque."""
    if m[FORCE] > 0:
        return False
    if m[CONTROL] == RUNS:
        return m[PHASE] == IDLE or m[PHASE] == LOCKOUT
    return m[CUT] == 1 or m[CONTROL] == DEAD


def kindly(m: Moment, what: int) -> bool:
    """Whether a choice only lets go."""
    if what == PRESS:
        return m[PRESSED] & BY_PATIENT != 0
    if what == CLINICIAN_PRESS:
        return m[PRESSED] & BY_CLINICIAN != 0
    return possible(m, what)


def restless(found: Codes, known: Codes, d: Design, s: ControlSettings) -> int:
    """The first of `found` from which no way leads to rest, or -1; `known` is the hash of the walk."""
    ends = np.zeros(known.shape[0], np.bool_)
    open_: npt.NDArray[np.bool_] = np.ones(found.shape[0], np.bool_)
    m, before = np.empty(N_FIELDS, np.int64), np.empty(N_FIELDS, np.int64)
    changed = True
    while changed:
        changed = False
        # Backwards, as what was found later is mostly nearer to its end.
        for place in range(found.shape[0] - 1, -1, -1):
            if not open_[place]:
                continue
            unpack(found[place], before)
            good = rested(before)
            for n in range(KIND.shape[0]):
                if good or not kindly(before, KIND[n]):
                    continue
                m[:] = before
                tick(m, KIND[n], d, s)
                good = ends[place_of(known, packed(m))]
            if good:
                open_[place], changed = False, True
                ends[place_of(known, found[place])] = True
    for place in range(found.shape[0]):
        if open_[place]:
            return place
    return -1
