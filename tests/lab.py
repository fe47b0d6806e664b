"""The laboratory of the safety tests: short plans, bodies of any size, sessions with anything wrong in them.

Sessions run on the compiled twin, so a whole matrix takes seconds; `plain=True` runs the same loop as ordinary Python,
where a test can put a defect into guard or control. What is measured is the true force, never the measured one.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import RATE_HZ, Behaviour
from opentraction.body.compiling import hashed, kept
from opentraction.body.person import Person, person_at
from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, parse_prescription
from opentraction.quantities import Streams
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.tick import TickState, fresh_tick, tick_settings
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.campaign import loop
from opentraction.twin.campaign.loop import altered
from opentraction.twin.compiled import cache_folder, compiled_run
from opentraction.twin.plant import Plant, PlantParameters, slack_plant
from opentraction.twin.world import SimulatedWorld
from tests import injection
from tests.injection import COLUMNS as INJECTED

Array = npt.NDArray[np.float64]
EXAMPLES = Path(__file__).parents[1] / "examples"
STEPS = 5
BIND, CHECKED, PLUG, PRESS, LET_GO, ARM, START = 0, 4, 8, 12, 20, 30, 40
"""Ticks of the scripted preparation."""

PLAN = """
name = "Laboratory, {force:.0f} N"
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
high = "{force} N"
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
time = "5 s"
[release]
rate = "50 N/s"
"""


@functools.cache
def short_plan(force: float = 300.0, couch: str = "split", hold: float = 8.0, cycles: int = 1) -> Plan:
    """A plan of every phase in about a minute; high enough a body mass and ceiling for 1000 N."""
    rise, fall = max(5.0, force / 38.0), max(4.0, force / 100.0)
    length = 6.0 + cycles * (rise + hold + fall + 5.5)
    text = PLAN.format(force=force, couch=couch, hold=hold, rise=rise, fall=fall, length=max(60.0, length))
    patient = Patient("lab", Body(mass=170.0, stature=1.9, age=50.0), ceiling=1050.0)
    return parse_prescription(text, "laboratory").resolve(patient)


def body(stiffness: float = 9000.0, mass: float = 75.0) -> Person:
    """The typical person of `mass` [kg] in a belt of `stiffness` [N/m] at 300 N."""
    person = person_at(mass, 0.0)
    share = stiffness / person.harness_stiffness
    h = person.body.harness
    harness = h._replace(k1=h.k1 * share, k2=h.k2 * share**2, maxwell=h.maxwell * share, damping=h.damping * share)
    return dataclasses.replace(person, body=person.body._replace(harness=harness), harness_stiffness=stiffness)


class Event(NamedTuple):
    """Something at a tick: a mishap of the twin, a wish (`ask:...`) or a broken sensor (`injection`)."""

    tick: int
    kind: str
    strength: float | None = None
    duration: float | None = None


@dataclass
class Played:
    """Rows [n, 18] of a session, and what was left at its end."""

    rows: Array
    state: TickState
    plant: Plant

    @property
    def true(self) -> Array:
        return self.rows[:, r.TRUE_FORCE]

    @property
    def phases(self) -> npt.NDArray[np.int64]:
        return self.rows[:, r.PHASE].astype(np.int64)

    @property
    def cause(self) -> int:
        return int(self.rows[-1, r.CAUSE])

    @property
    def final(self) -> int:
        return int(self.rows[-1, r.PHASE])

    def first(self, phase: int, after: int = 0) -> int:
        """The first tick in `phase`."""
        here = np.flatnonzero(self.phases[after:] == phase)
        assert len(here), f"never in {v.PHASE_NAMES[phase]}"
        return after + int(here[0])

    def middle(self, phase: int, after: int = 0) -> int:
        """The middle tick of the first stretch in `phase`."""
        start = self.first(phase, after)
        left = np.flatnonzero(self.phases[start:] != phase)
        return start + (int(left[0]) if len(left) else len(self.rows) - start) // 2


@dataclass(frozen=True)
class Setup:
    """One plan on one body, and who presses what in it."""

    plan: Plan = field(default_factory=short_plan)
    person: Person = field(default_factory=body)
    seed: int = 1
    breathing: bool = True


WISHES = {
    "ask:pause": v.ASK_PAUSE,
    "ask:resume": v.ASK_RESUME,
    "ask:stop": v.ASK_STOP,
    "ask:reduce": v.ASK_REDUCE,
    "ask:arm": v.ASK_ARM,
    "ask:start": v.ASK_START,
    "ask:bind": v.ASK_BIND,
    "ask:unbind": v.ASK_UNBIND,
}


def make_world(setup: Setup, events: Sequence[Event]) -> SimulatedWorld:
    """The prepared world: checklist, stop test, arm, start, and then the events."""
    streams = Streams(setup.seed)
    quiet = setup.person.behaviour._replace(breathing_force=0.0, tone=0.0)
    behaviour = Behaviour(setup.person.behaviour if setup.breathing else quiet, streams)
    world = SimulatedWorld(behaviour, streams, setup.plan.couch == "split")
    world.prepared(CHECKED)
    for tick, kind in ((PLUG, "remote-plug"), (PRESS, "remote-press"), (LET_GO, "remote-release")):
        world.happen(kind, tick)
    for tick, ask in ((BIND, v.ASK_BIND), (ARM, v.ASK_ARM), (START, v.ASK_START)):
        world.wish(tick, ask)
    for event in events:
        if event.kind in WISHES:
            world.wish(event.tick, WISHES[event.kind], event.strength or 0.0)
        elif event.kind not in injection.KINDS:
            world.happen(event.kind, event.tick, event.strength, event.duration)
    return world


def injected(events: Sequence[Event], ticks: int) -> Array:
    """What is forced upon sensors and drive, float64 [ticks, columns]."""
    out = np.zeros((ticks, INJECTED))
    for event in events:
        if event.kind in injection.KINDS:
            column, mode, value = injection.KINDS[event.kind]
            out[event.tick :, column] = mode
            out[event.tick :, column + 1] = value if event.strength is None else event.strength
    return out


def parameters(setup: Setup) -> PlantParameters:
    """Table and body of a set-up."""
    plan = setup.plan
    table = table_parameters(setup.person.body.mass, plan.couch == "split", Streams(setup.seed).stream("table"))
    return PlantParameters(table, setup.person.body, math.cos(plan.angle))


def play(
    setup: Setup, seconds: float, events: Sequence[Event] = (), *, plain: bool = False, segments: Array | None = None
) -> Played:
    """Play a session from binding on."""
    count = round(seconds * RATE_HZ)
    settings = tick_settings(setup.plan)
    rows = np.zeros((count, r.N_COLUMNS))
    run = injection.run_injected if plain else compiled_injected()
    state, plant = run(
        make_world(setup, events).ticks(0, count),
        injected(events, count),
        np.array(setup.plan.segments) if segments is None else segments,
        settings,
        parameters(setup),
        fresh_tick(settings, 0.0),
        slack_plant(),
        rows,
        STEPS,
    )
    return Played(rows, state, plant)


@functools.cache
def compiled_injected() -> Callable[..., Any]:
    """`injection.run_injected`, compiled; the kernels it calls are made ready by the twin."""
    from numba.extending import register_jitable

    compiled_run()
    register_jitable(altered)
    # Kept under the hash of every kernel: machine code of yesterday's guard would test yesterday's guard.
    folder = cache_folder() / hashed([Path(injection.__file__), Path(loop.__file__)])[:16]
    made: Callable[..., Any] = kept(injection.run_injected, folder)
    return made


# --- what the laws look at ---


class Fall(NamedTuple):
    """A release as the true force tells it."""

    force: float  # [N] when the stop came
    falling_ms: float  # until it has fallen by 2 N
    slack_s: float  # until 20 N
    steepest: float  # [N/s] over 20 ms
    later: float  # [N] highest after it was once slack


SLACK = 20.0


def fall_of(force: Array, at: int) -> Fall:
    """Measure the release that a stop at tick `at` begins; `force` the true one [n]."""
    before = float(force[at - 1])
    f = force[at - 1 :]
    low = np.flatnonzero(f <= SLACK)
    slack = int(low[0]) if len(low) else -1
    fallen = np.flatnonzero(f <= before - 2.0)
    later = float(f[slack:].max()) if slack >= 0 else float(f[len(f) // 2 :].max())
    return Fall(
        before,
        1000.0 * int(fallen[0]) / RATE_HZ if before > SLACK and len(fallen) else 0.0 if before <= SLACK else math.inf,
        slack / RATE_HZ if slack >= 0 else math.inf,
        steepest(f),
        later,
    )


def steepest(force: Array, window: int = 4) -> float:
    """Highest |dF/dt| over `window` ticks [N/s]."""
    return float(np.abs(force[window:] - force[:-window]).max()) * RATE_HZ / window
