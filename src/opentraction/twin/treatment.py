"""A whole treatment with no hardware: a scripted clinician prepares, arms and starts; the shipping code does the rest.

The same seed gives the same rows to the last bit, at any speed and however time is cut into pieces.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opentraction.body.behaviour import RATE_HZ, Behaviour
from opentraction.body.person import Person, draw_person
from opentraction.prescription.change import Change
from opentraction.prescription.plan import Plan
from opentraction.quantities import BadInput
from opentraction.quantities.clock import Clock
from opentraction.quantities.streams import Streams
from opentraction.quantities.vocabulary import ASK_ARM, ASK_BIND, ASK_START, COMPLETE, LOCKOUT, PRETENSION, SAFE
from opentraction.session.change import changed
from opentraction.session.rows import N_COLUMNS, PHASE, Rows
from opentraction.session.session import Session
from opentraction.session.tick import fresh_tick, tick_settings
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.lockstep import STEPS, run_ticks
from opentraction.twin.mishaps import Mishap
from opentraction.twin.plant import PlantParameters, slack_plant
from opentraction.twin.world import SWITCH_CHANGES, SimulatedWorld

# The scripted clinician, in ticks from the start of the recording.
CHECKED, PLUGGED, PRESSED, LET_GO, ARMED, STARTED = 20, 40, 100, 200, 300, 400
LINGER = 2.0
"""Seconds recorded after the table is safe [s]."""
SCRIPTED = "scripted clinician"
GIVE_UP = 30.0
"""Seconds after which a start that is refused is given up [s]."""


@dataclass(frozen=True)
class Result:
    """How it went; `started` is False when the table refused to pull."""

    started: bool
    final_phase: int
    ticks: int


class Treatment:
    """One simulated treatment, advanced piece by piece."""

    def __init__(
        self,
        plan: Plan,
        person: Person,
        streams: Streams,
        mishaps: Sequence[Mishap] = (),
        run: Callable[..., Any] = run_ticks,
        changes: Sequence[tuple[float, Plan]] = (),
    ) -> None:
        self.plan = self._bound = plan
        self._run = run
        split = plan.couch == "split"
        self.world = SimulatedWorld(Behaviour(person.behaviour, streams), streams, split)
        _script(self.world, mishaps)
        table = table_parameters(person.body.mass, split, streams.stream("table"))
        self.parameters = PlantParameters(table, person.body, math.cos(plan.angle))
        self.settings = tick_settings(plan)
        self._segments = np.array(plan.segments)
        self._state = fresh_tick(self.settings, 0.0)
        self._plant = slack_plant()
        self.tick = 0
        self._over = 0
        self.started = False
        self._untold = sorted(mishaps, key=lambda mishap: mishap.at)
        self._changes = deque(sorted(((tick_at(at), new) for at, new in changes), key=lambda one: one[0]))
        self._changed: list[tuple[float, Change | str, Plan]] = []

    def advance(self, ticks: int) -> Rows:
        """The next rows [n, 18]; another plan takes over in the very tick it is asked for, however time is cut."""
        parts, end = [], self.tick + ticks
        while self._changes and self._changes[0][0] < end:
            at, new = self._changes.popleft()
            parts.append(self._advance(at - self.tick))
            self._take_over(new)
        parts.append(self._advance(end - self.tick))
        return np.concatenate(parts)

    def _take_over(self, new: Plan) -> None:
        try:
            change, settings = changed(self.plan, new, self._bound, self.settings, self._state)
        except BadInput as refusal:
            self._changed.append((self.tick / RATE_HZ, str(refusal), new))
            return
        self.plan, self.settings, self._segments = change.plan, settings, np.array(change.plan.segments)
        self._changed.append((self.tick / RATE_HZ, change, new))

    def _advance(self, ticks: int) -> Rows:
        rows = np.zeros((ticks, N_COLUMNS))
        if ticks == 0:
            return rows
        self._state, self._plant = self._run(
            self.tick,
            self.world.ticks(self.tick, ticks),
            self._segments,
            self.settings,
            self.parameters,
            self._state,
            self._plant,
            rows,
            STEPS,
        )
        self.tick += ticks
        phases = rows[:, PHASE]
        self.started = self.started or bool((phases == PRETENSION).any())
        at_rest = bool(np.isin(phases[-1], (SAFE, COMPLETE, LOCKOUT)))
        self._over = self._over + ticks if at_rest else 0
        return rows

    def happened(self) -> list[tuple[float, Mishap]]:
        """Mishaps since the last call, each with its second of the recording [s]; a switch is told by the rows."""
        told = [(mishap_tick(m) / RATE_HZ, m) for m in self._untold if mishap_tick(m) < self.tick]
        self._untold = self._untold[len(told) :]
        return [(t, m) for t, m in told if m.kind not in SWITCH_CHANGES]

    def changed(self) -> list[tuple[float, Change | str, Plan]]:
        """Changes of prescription since the last call: second of the recording [s], the change or why not, the plan."""
        told, self._changed = self._changed, []
        return told

    @property
    def over(self) -> bool:
        """Safe for a while, or the start was refused."""
        if not self.started:
            return self.tick > STARTED + GIVE_UP * RATE_HZ
        return self._over >= LINGER * RATE_HZ

    @property
    def final_phase(self) -> int:
        """Phase at the last row."""
        return int(self._state.control.mode.phase)


def _script(world: SimulatedWorld, mishaps: Sequence[Mishap]) -> None:
    """What the clinician and patient do before the start, and what is to happen after it."""
    world.wish(0, ASK_BIND)
    world.prepared(CHECKED)
    world.happen("remote-plug", PLUGGED)
    world.happen("remote-press", PRESSED)
    world.happen("remote-release", LET_GO)
    world.wish(ARMED, ASK_ARM)
    world.wish(STARTED, ASK_START)
    for mishap in mishaps:
        world.happen(mishap.kind, mishap_tick(mishap), mishap.strength, mishap.duration)


def mishap_tick(mishap: Mishap) -> int:
    """The tick in which something happens, counted from the start of the recording."""
    return tick_at(mishap.at)


def tick_at(seconds: float) -> int:
    """The tick, counted from the start of the recording, that is `seconds` [s] after the pull began."""
    return STARTED + 1 + round(seconds * RATE_HZ)


def treated_person(mass: float, pseudonym: str, streams: Streams) -> Person:
    """The modelled body of one patient: their mass, the rest drawn from the seed and their pseudonym."""
    return draw_person(streams.stream("body", pseudonym), mass)


def play(
    treatment: Treatment,
    session: Session,
    clock: Clock,
    speed: float | None,
    progress: Callable[[Rows], None] = lambda rows: None,
    longest: float = 5400.0,
) -> Result:
    """Play to the end at `speed` times real time (None: as fast as it goes), feeding the session."""
    piece = RATE_HZ if speed is None else max(1, min(RATE_HZ, round(0.05 * speed * RATE_HZ)))
    began = clock.now()
    while not treatment.over and treatment.tick < longest * RATE_HZ:
        rows = treatment.advance(piece)
        for t, change, new in treatment.changed():
            if isinstance(change, str):
                session.note("operator", f"change of prescription refused: {change}", {"by": SCRIPTED}, t)
            else:
                session.change(change, new.sha256, SCRIPTED, t)
        session.rows(rows)
        for t, mishap in treatment.happened():
            session.note("disturbance", mishap.kind.replace("-", " "), mishap._asdict(), t)
        progress(rows)
        if speed is not None:
            clock.sleep_until(began + treatment.tick / RATE_HZ / speed)
    return Result(treatment.started, treatment.final_phase, treatment.tick)
