"""One run of the campaign from its number: patient, plan, noise, faults, when they come, and who presses what then.

Everything follows from (seed, number): the same two give the same run on every machine. Faults and phases are dealt out
evenly, so that each cell of fault and phase is met as often as any other; the rest is drawn.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import RATE_HZ, Behaviour
from opentraction.body.person import Person, draw_person
from opentraction.prescription import Plan
from opentraction.quantities import Streams
from opentraction.quantities import vocabulary as v
from opentraction.session.tick import TickSettings, tick_settings
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.campaign import hand as h
from opentraction.twin.campaign.faults import FAULTS, LATENT
from opentraction.twin.campaign.loop import Onset, Script
from opentraction.twin.campaign.protocol import HOLD, REST, compressed, times
from opentraction.twin.plant import PlantParameters
from opentraction.twin.world import SimulatedWorld

FloatArray = npt.NDArray[np.float64]
BIND, CHECKED, PLUG, PRESS, LET_GO, ARM, START = 0, 4, 8, 12, 20, 30, 40
"""Ticks of the scripted preparation."""
PHASES: Final = (
    v.READY,
    v.PRETENSION,
    v.RISE,
    v.HOLD,
    v.FALL,
    v.REST,
    v.PAUSE_RELEASE,
    v.PAUSED,
    v.RESUME,
    v.END_RELEASE,
    v.PATIENT_RELEASE,
    v.CLINICIAN_RELEASE,
)
"""In which of them it begins."""
CELLS: Final = len(FAULTS) * len(PHASES)
AFTER: Final = 12 * RATE_HZ
"""Ticks that are told one by one from the onset on; what holds then goes on."""
SINGLE, DOUBLE = 0.70, 0.95
"""Shares of runs with one fault, and with at most two."""
REMOTE, CLINICIAN = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B, v.CLINICIAN_LOOP | v.CLINICIAN_LOOP_B
PAUSED_FOR = 4.0
"""[s]"""


class Run(NamedTuple):
    """One run, drawn."""

    seed: int
    number: int
    faults: tuple[int, ...]
    phase: int
    begins: Onset
    pressed: int  # loops that somebody opens: REMOTE, CLINICIAN or 0
    press_at: int  # ticks after the onset; below zero: before it, as a release is what it comes into
    force: int  # [N]
    couch: str
    mass: float  # [kg]


class Scene(NamedTuple):
    """Everything the loop wants."""

    run: Run
    plan: Plan
    settings: TickSettings
    parameters: PlantParameters
    world: FloatArray
    hands: FloatArray
    script: Script


EACH_CLEAN: Final = 10
"""One run in so many has no fault, and no stop."""


def drawn(seed: int, number: int) -> Run:
    """The run with this number."""
    rng = Streams(seed).stream("campaign", number)
    faults, phase = dealt(number, rng)
    mass = float(np.clip(rng.normal(78.0, 18.0), 45.0, 140.0))
    high = rng.random() < 0.1
    force = round(rng.uniform(400.0, 1000.0) if high else rng.uniform(60.0, 0.5 * 9.81 * mass), -1)
    couch = "split" if rng.random() < 0.7 else "locked"
    pressed, at = 0, 0
    if phase in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE}:
        pressed = REMOTE if phase == v.PATIENT_RELEASE else CLINICIAN
    elif faults and rng.random() < 0.5:
        pressed, at = (REMOTE if rng.random() < 0.6 else CLINICIAN), int(rng.integers(0, 3 * RATE_HZ))
    wait = int(rng.uniform(0.0, 1.0) * longest(phase, force) * RATE_HZ)
    return Run(seed, number, faults, phase, Onset(phase, wait, ARM), pressed, at, int(force), couch, mass)


def dealt(number: int, rng: np.random.Generator) -> tuple[tuple[int, ...], int]:
    """Faults and phase: a tenth of all runs is clean, the others take one cell after another."""
    if number % EACH_CLEAN == EACH_CLEAN - 1:
        return (), v.HOLD
    cell = (number - number // EACH_CLEAN) % CELLS
    first, phase = cell % len(FAULTS), PHASES[cell // len(FAULTS)]
    kind = rng.random()
    others = []
    if kind >= SINGLE:
        others.append(int(rng.choice(LATENT)))
    if kind >= DOUBLE:
        others.append(int(rng.integers(len(FAULTS))))
    return tuple(dict.fromkeys((first, *others))), phase


def longest(phase: int, force: float) -> float:
    """How long a phase lasts about, at its first coming [s]."""
    rise, fall = times(force)
    lasts = {
        v.READY: 0.05,
        v.PRETENSION: 5.0,
        v.RISE: rise,
        v.HOLD: 0.5 * HOLD,
        v.FALL: fall,
        v.REST: REST,
        v.PAUSE_RELEASE: max(force - 30.0, 1.0) / 110.0,
        v.PAUSED: PAUSED_FOR - max(force - 30.0, 1.0) / 100.0,
        v.RESUME: force / 45.0,
        v.END_RELEASE: 0.5 * force / 60.0,
        v.PATIENT_RELEASE: min(max(force / 250.0, 1.0), 2.0),
        v.CLINICIAN_RELEASE: min(max(force / 412.0, 0.8), 1.6),
    }
    return max(lasts[phase], 0.005)


def scene_of(run: Run, person: Person | None = None) -> Scene:
    """What the loop plays for `run`."""
    streams = Streams(run.seed).stream("run", run.number)
    own = Streams(int(streams.integers(2**62)))
    who = person or draw_person(own.stream("body"), run.mass)
    plan = compressed(run.force, run.couch)
    table = table_parameters(who.body.mass, run.couch == "split", own.stream("table"))
    ticks = START + round((plan.total_time + 80.0) * RATE_HZ)
    return Scene(
        run,
        plan,
        tick_settings(plan),
        PlantParameters(table, who.body, math.cos(plan.angle)),
        scripted(run, who, own).ticks(0, ticks),
        hands_of(run, own),
        script_of(run),
    )


def script_of(run: Run) -> Script:
    """A pause in the first hold, or the stop into whose release something breaks."""
    pressed = run.pressed if run.phase in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE} else 0
    back = round((PAUSED_FOR + run.force / 100.0) * RATE_HZ)
    return Script(round(0.5 * HOLD * RATE_HZ), pressed, back)


def scripted(run: Run, who: Person, own: Streams) -> SimulatedWorld:
    """The prepared world: checklist, stop test, arm, start."""
    world = SimulatedWorld(Behaviour(who.behaviour, own), own, run.couch == "split")
    world.prepared(CHECKED)
    for tick, kind in ((PLUG, "remote-plug"), (PRESS, "remote-press"), (LET_GO, "remote-release")):
        world.happen(kind, tick)
    for tick, ask in ((BIND, v.ASK_BIND), (ARM, v.ASK_ARM), (START, v.ASK_START)):
        world.wish(tick, ask)
    return world


def hands_of(run: Run, own: Streams) -> FloatArray:
    """What is broken from the onset on, [k, 34]; what nobody would notice is broken from the start."""
    hands = np.zeros((1 + AFTER, h.COLUMNS))
    for place, fault in enumerate(run.faults):
        mine = np.zeros_like(hands)
        FAULTS[fault].fill(mine, own.stream("fault", place, fault))
        latent = place > 0 and fault in LATENT
        if latent:
            mine[0] = mine[1]
        hands = joined(hands, mine)
    if run.pressed and run.press_at >= 0 and run.phase not in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE}:
        hands[1 + run.press_at :, h.PRESSED] = run.pressed
    return hands


BITS = (h.PRESSED, h.WELDED, h.OPEN, h.NO_TIMER)
SUMS = (h.BODY_FORCE, h.BODY_LENGTH, h.SLIP)


def joined(hands: FloatArray, more: FloatArray) -> FloatArray:
    """Two faults at once: bits and what a body does add up, of anything else the second wins where it is."""
    made = np.where(more != 0.0, more, hands)
    for column in BITS:
        made[:, column] = hands[:, column].astype(np.int64) | more[:, column].astype(np.int64)
    for column in SUMS:
        made[:, column] = hands[:, column] + more[:, column]
    return made
