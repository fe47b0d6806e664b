"""One session followed live: the modelled spine kept in step with what the table tells."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any

import numpy as np

from opentraction.app.spine_plays import said
from opentraction.body.column.follow import NOTHING, Follower, Now, Pull
from opentraction.quantities import BadInput
from opentraction.session.reader import read_waveforms
from opentraction.session.recorder import EDF
from opentraction.twin.spine_afterwards import LONGEST, WITHIN, knots, seconds
from opentraction.twin.spine_view import LIVE, follower_of, known, told

EVERY = 1.0
"""A step for each so many seconds of the session."""
LATE = 5.0
"""Who has heard nothing of a session for longer than this [s] reads what was recorded meanwhile."""
NOBODY = {
    "plan": {"region": "lumbar", "position": "supine", "angle": 0.0},
    "patient": {"mass_kg": 70.0, "stature_m": 1.7, "age": 40.0, "sex": "female"},
}
"""As much of a start document as makes a body; of no patient."""
log = logging.getLogger(__name__)


class Following:
    """A session's follower, from its start document on. `step` takes some milliseconds; the first makes its bodies."""

    def __init__(self, start: dict[str, Any], folder: Path) -> None:
        self.uid = str(start["uid"])
        self.why = ""
        """Why there is nothing to show; empty while there is."""
        self._treated = [str(level) for level in (start.get("patient") or {}).get("levels") or ()]
        self._start = start
        self._folder = folder
        self._follower: Follower | None = None
        self._now: Now | None = None
        self._t = 0.0
        self._pull = NOTHING

    def step(self, t: float, pull: Pull | None) -> None:
        """Move on to `t` [s] of the session; a force that is not known stays what it was.

        A time well before the last one means that the last one was wrong: the session is followed anew. Nothing it
        meets is raised: `why` says it.
        """
        if t < self._t - EVERY:
            log.warning("session %s is followed anew: from %.1f s its time went to %.1f s", self.uid, self._t, t)
            self._anew()
        if self.why or t < self._t + EVERY:
            return
        self._pull = pull or self._pull
        try:
            self._step(t, self._pull)
        except Exception as trouble:  # the table pulls on, and the next patient is followed
            log.warning("session %s is not followed: %r", self.uid, trouble)
            self.why = said(trouble)

    def _anew(self) -> None:
        self.why, self._follower, self._now = "", None, None
        self._t, self._pull = 0.0, NOTHING

    def _step(self, t: float, pull: Pull) -> None:
        if self._follower is None:
            self._follower = follower_of(self._start)
            if self._follower is None:
                self.why = "The model ends at the lumbar spine; a pull at the neck is not modelled."
                return
        if t > self._t + LATE:
            self._catch_up(self._follower, t)
        if t > self._t:
            self._now = self._follower.step(pull, t - self._t)
            self._t = t

    def _catch_up(self, follower: Follower, until: float) -> None:
        """Through what is on the disk already, to `until` [s] at most."""
        with contextlib.suppress(BadInput):
            t, force = seconds(read_waveforms(self._folder / EDF)[0])
            t, force = t[t <= until], force[t <= until]
            for b in knots(t, force[:, 1], WITHIN, LONGEST):
                if t[b] > self._t:
                    self._now = follower.step(Pull(*force[b]), float(t[b]) - self._t)
                    self._t = float(t[b])

    def document(self) -> dict[str, Any]:
        """What is known now, as JSON."""
        if self.why or self._now is None:
            return {"session": self.uid, "why": self.why or "The model is being made ready."}
        moment = {"t_s": round(self._t, 1), "levels": told(self._now), "treated": self._treated}
        return {"session": self.uid, "known": known(LIVE), **moment}


def warmed() -> None:
    """All that is compiled for a patient, compiled or read from the cache: one body lies down, is pulled and gets up.

    Nothing it meets is raised: what fails here fails again, and is said, when somebody lies down.
    """
    try:
        follower = follower_of(NOBODY, bodies=1)
        if follower is not None:
            follower.step(Pull(1.0, 1.0, 1.0), EVERY)
            follower.rise()
            follower.step(NOTHING, EVERY)
    except Exception as trouble:  # as in `step`
        log.warning("the model could not be made ready: %r", trouble)


def pull_of(telemetry: dict[str, Any]) -> Pull | None:
    """The force at the spine and its band; None where it is not known."""
    values = [telemetry.get(key) for key in ("spine_low_n", "spine_n", "spine_high_n")]
    return None if any(value is None for value in values) else Pull(*np.array(values, dtype=float))
