"""One session followed live: the modelled spine kept in step with what the table tells."""

from __future__ import annotations

import contextlib
import itertools
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
"""Who hears of a session later than this [s] reads what was recorded until then."""
log = logging.getLogger(__name__)


class Following:
    """A session's follower, from its start document on. `step` takes some milliseconds; the first makes its bodies."""

    def __init__(self, start: dict[str, Any], folder: Path) -> None:
        self.uid = str(start["uid"])
        self.why = ""
        """Why there is nothing to show; empty while there is."""
        self._start = start
        self._folder = folder
        self._follower: Follower | None = None
        self._now: Now | None = None
        self._t = 0.0
        self._pull = NOTHING

    def step(self, t: float, pull: Pull | None) -> None:
        """Move on to `t` [s] of the session; a force that is not known stays what it was.

        Nothing it meets is raised: `why` says it.
        """
        if self.why or t < self._t + EVERY:
            return
        self._pull = pull or self._pull
        try:
            self._step(t, self._pull)
        except Exception as trouble:  # the table pulls on, and the next patient is followed
            log.warning("session %s is not followed: %r", self.uid, trouble)
            self.why = said(trouble)

    def _step(self, t: float, pull: Pull) -> None:
        if self._follower is None:
            self._follower = follower_of(self._start)
            if self._follower is None:
                self.why = "The model ends at the lumbar spine; a pull at the neck is not modelled."
                return
            if t > LATE:
                self._catch_up(self._follower)
        if t > self._t:
            self._now = self._follower.step(pull, t - self._t)
            self._t = t

    def _catch_up(self, follower: Follower) -> None:
        """Through what is on the disk already."""
        with contextlib.suppress(BadInput):
            t, force = seconds(read_waveforms(self._folder / EDF)[0])
            at = knots(t, force[:, 1], WITHIN, LONGEST)
            for a, b in itertools.pairwise(at):
                self._now = follower.step(Pull(*force[b]), float(t[b] - t[a]))
            self._t = float(t[-1])

    def document(self) -> dict[str, Any]:
        """What is known now, as JSON."""
        if self.why or self._now is None:
            return {"session": self.uid, "why": self.why or "The model is being made ready."}
        return {"session": self.uid, "t_s": round(self._t, 1), "levels": told(self._now), "known": known(LIVE)}


def pull_of(telemetry: dict[str, Any]) -> Pull | None:
    """The force at the spine and its band; None where it is not known."""
    values = [telemetry.get(key) for key in ("spine_low_n", "spine_n", "spine_high_n")]
    return None if any(value is None for value in values) else Pull(*np.array(values, dtype=float))
