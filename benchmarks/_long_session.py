"""One session of 45 minutes to time and to check: a drawn body, the VAX-D protocol repeated until the time is full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _cohort import patient_of, person_of

from opentraction.prescription import Plan, parse_prescription, protocols
from opentraction.quantities.streams import Streams
from opentraction.session.rows import N_COLUMNS, RATE_HZ, Rows
from opentraction.session.tick import fresh_tick
from opentraction.twin.plant import slack_plant
from opentraction.twin.treatment import Treatment

MINUTES = 45


class LongSession:
    """Everything `lockstep.run_ticks` wants, made once."""

    def __init__(self, seed: int = 0, minutes: int = MINUTES) -> None:
        person = person_of(seed)
        self.plan: Plan = _recipe().resolve(patient_of(person))
        self.treatment = Treatment(self.plan, person, Streams(seed))
        self.ticks = minutes * 60 * RATE_HZ
        self.world = self.treatment.world.ticks(0, self.ticks)
        self.segments = np.array(self.plan.segments)
        self.rows: Rows = np.zeros((self.ticks, N_COLUMNS))

    def play(self, run: Callable[..., Any], steps: int = 5) -> Rows:
        """The whole session in one go; rows are written over at the next call."""
        self.piece(run, 0, self.ticks, self.fresh(), steps)
        return self.rows

    def fresh(self) -> tuple[Any, Any]:
        """Session and plant before anything has happened."""
        return fresh_tick(self.treatment.settings, 0.0), slack_plant()

    def piece(
        self, run: Callable[..., Any], first: int, upto: int, state: tuple[Any, Any], steps: int
    ) -> tuple[Any, Any]:
        """Ticks `first` to `upto - 1`; gives the state after them."""
        t = self.treatment
        part = slice(first, upto)
        after: tuple[Any, Any] = run(
            first, self.world[part], self.segments, t.settings, t.parameters, *state, self.rows[part], steps
        )
        return after


def _recipe() -> Any:
    text = protocols()["vax-d-1997"].read_text("utf-8")
    return parse_prescription(text.replace("cycles = 15", f'length = "{MINUTES} min"'), "45 minutes")
