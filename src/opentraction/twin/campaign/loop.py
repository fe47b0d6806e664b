"""The machine of decision 0014 in one thread: control, guard, drive and relays with a bus between, and faults in all.

Control and guard are the shipping steps, each with its own sight of the sensors, which may be late, lost or wrong; the
drive obeys `table/two_words.py`; the timers are hard-wired. The same functions run as plain Python and compiled.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.control.step import has_torque
from opentraction.guard.supervise import PULL_SPEED, Heard, Sensed, Supervisor, Word, fresh_supervisor, supervise
from opentraction.quantities.vocabulary import (
    ASK_BIND,
    ASK_PAUSE,
    ASK_RESUME,
    DRIVE_READY,
    HOLD,
    IDLE,
    PRETENSION,
    SAFE,
)
from opentraction.session.tick import (
    TickSettings,
    TickState,
    asked_speed,
    fill_row,
    fresh_tick,
    guarded_tick,
    settings_at,
    told_to_guard,
)
from opentraction.table.port import Reading, Told
from opentraction.table.two_words import ASKED_LASTS, PERMITTED_LASTS, Moving, lesser
from opentraction.twin.campaign.hand import (
    A_MODE,
    A_VALUE,
    ASK,
    ASK_VALUE,
    B_MODE,
    B_VALUE,
    BITS_STUCK,
    BODY_FORCE,
    BODY_LENGTH,
    CABLE,
    CONTROL,
    CONTROL_TIME,
    CONTROL_VALUE,
    DRIVE,
    DRIVE_SPEED,
    GUARD,
    GUARD_TIME,
    LATE_ASKED,
    LOST_ASKED,
    LOST_CAUSE,
    LOST_PERMIT,
    LOST_TO_CONTROL,
    LOST_TO_GUARD,
    LOST_TOLD,
    NO_TIMER,
    OPEN,
    PRESSED,
    RELAY,
    SLIP,
    SPEED_MODE,
    SPEED_VALUE,
    TRAVEL_MODE,
    TRAVEL_VALUE,
    WELDED,
)
from opentraction.twin.lockstep import read_plant, world_at
from opentraction.twin.plant import Plant, PlantParameters, World, plant_tick, slack_plant

FloatArray = npt.NDArray[np.float64]
HELD_LONG = 0.050
"""[s] that a sensor's last word is good for."""
RELAY_LASTS = 5.0
"""[s] that the guard's relay stays closed after the guard's last word: as long as the slowest release."""
LATE_MOST = 64
"""Ticks that a word may be late, at most."""
SLACK_REST = 20.0
REST = 200
"""A run is over once the cable has carried less than this [N] for so many ticks, with nobody treating."""


class Sight(NamedTuple):
    """The sensors as one end of the bus has them."""

    a: float  # [N]
    b: float  # [N]
    travel: float  # [m]
    speed: float  # [m/s]
    switches: int
    at: float  # [s] when they were sampled


class Asked(NamedTuple):
    """Control's word, at the drive, and when it was said [s]."""

    speed: float  # [m/s]
    torque: bool
    at: float


class Permitted(NamedTuple):
    """The guard's word, at the drive and the relay, and when it was said [s]."""

    fastest: float  # [m/s]
    pull: bool
    at: float
    relay: bool
    relay_at: float


class Heeded(NamedTuple):
    """What control and guard have heard of one another, and when it was said [s]."""

    told: Told
    told_at: float
    cause: int
    pull: bool
    cause_at: float


class Link(NamedTuple):
    """What each has heard last."""

    given: Sight  # what each sensor gave before, for one that stands still
    control: Sight
    guard: Sight
    heeded: Heeded
    asked: Asked
    permitted: Permitted


LONG_AGO = -1.0e9
DARK = Sight(math.nan, math.nan, math.nan, math.nan, 0, LONG_AGO)
NOTHING_YET = Link(
    Sight(0.0, 0.0, 0.0, 0.0, 0, 0.0),
    DARK,
    DARK,
    Heeded(Told(IDLE, math.nan, 0.0, math.nan, 0), LONG_AGO, 0, False, 0.0),
    Asked(0.0, False, 0.0),
    Permitted(0.0, False, 0.0, False, 0.0),
)


class Machine(NamedTuple):
    """Everything that goes from tick to tick."""

    control: TickState
    guard: Supervisor
    plant: Plant
    link: Link


def altered(value: float, mode: float, given: float, before: float) -> float:
    """What a sensor says that is broken in this way."""
    if mode == 1.0:
        return given
    if mode == 2.0:
        return before
    if mode == 3.0:
        return value + given
    if mode == 4.0:
        return value * given
    return value


def wired(world: World, hand: FloatArray, drive_hears: bool) -> int:
    """The stop loops as they really are: pressed by somebody, welded shut, broken open; a drive that misses a word is
    not ready.
    """
    wires = ((world.switches & ~int(hand[PRESSED])) | int(hand[WELDED])) & ~int(hand[OPEN])
    return wires if drive_hears else wires & ~DRIVE_READY


def sensed(r: Reading, hand: FloatArray, before: Sight) -> Sight:
    """What the sensors give, broken as `hand` says."""
    return Sight(
        altered(r.force, float(hand[A_MODE]), float(hand[A_VALUE]), before.a),
        altered(r.guard_force, float(hand[B_MODE]), float(hand[B_VALUE]), before.b),
        altered(r.travel, float(hand[TRAVEL_MODE]), float(hand[TRAVEL_VALUE]), before.travel),
        altered(r.speed, float(hand[SPEED_MODE]), float(hand[SPEED_VALUE]), before.speed),
        before.switches if hand[BITS_STUCK] > 0.5 else r.switches,
        r.t,
    )


def seen(sight: Sight, now: float) -> Sight:
    """A sight as it may be believed at `now` [s]: what is too old is no number, its loops are open."""
    if now - sight.at <= HELD_LONG:
        return sight
    return Sight(math.nan, math.nan, math.nan, math.nan, 0, sight.at)


def guard_looks(
    now: float, hand: FloatArray, s: TickSettings, tau: float, g: Supervisor, sight: Sight, heeded: Heeded
) -> Supervisor:
    """The guard after its look, by what it has heard."""
    o, h = seen(sight, now), heeded.told
    clock = now + float(hand[GUARD_TIME])
    heard = Heard(now - heeded.told_at, h.phase, h.force, h.reference, h.prescribed, h.plan)
    return supervise(clock, settings_at(s, tau).guard, Sensed(o.b, o.travel, o.speed, o.switches), heard, g)


class Wish(NamedTuple):
    """What is asked of control, and whether the checklist is complete."""

    ask: int
    value: float
    prepared: bool


def asked_by(row: FloatArray, hand: FloatArray, into: int, script: Script) -> Wish:
    """What is asked of control: by somebody beside the script, by the script of the hold, by the world's own."""
    prepared = row[9] > 0.5
    if hand[ASK] > 0.5:
        return Wish(int(hand[ASK]), float(hand[ASK_VALUE]), prepared)
    if script.pressed == 0 and into == 0:
        return Wish(ASK_PAUSE, 0.0, prepared)
    if script.pressed == 0 and into == script.back:
        return Wish(ASK_RESUME, 0.0, prepared)
    return Wish(int(row[7]), float(row[8]), prepared)


def with_switches(w: World, switches: int) -> World:
    """The same world with other switches."""
    return World(switches, w.cable_whole, w.body_force, w.body_length, w.slip, w.chance_a, w.chance_b)


class Onset(NamedTuple):
    """When it begins: `wait` ticks after control entered `phase`; what nobody notices is there from `hidden` on."""

    phase: int
    wait: int
    hidden: int


class Script(NamedTuple):
    """What people do in the first hold, so many ticks into it: a pause, and going on after it, or a stop."""

    after: int
    pressed: int  # loops that are opened; 0 for a pause
    back: int  # ticks from the pause to going on


class Played(NamedTuple):
    """How far a run was played, and the tick in which it began to go wrong; -1 for never."""

    ticks: int
    onset: int


def run_faulted(
    world: FloatArray,
    hands: FloatArray,
    begins: Onset,
    script: Script,
    segments: FloatArray,
    settings: TickSettings,
    parameters: PlantParameters,
    m: Machine,
    rows: FloatArray,
    told: FloatArray,
    steps: int,
) -> Played:
    """Play `world` [n, 11] until all is at rest; fills rows [n, 18] and told [n, 6].

    Of `hands` [k, 34] the first row holds until `begins`, then one follows another and the last stays. `told`: the
    guard's cause, the stop latched in it, the speed [m/s] and torque that reached the drum, the relay, and the guard's
    own let-out [m/s]. A run ends when the hands are through and the cable has been slack for `REST` ticks.
    """
    dt = settings.now.control.dt
    said = np.zeros((LATE_MOST, 2))
    st, g, plant = m.control, m.guard, m.plant
    given, control, guard, heeded, asked, permitted = m.link
    last, onset, entered, rest, held = hands.shape[0] - 1, -1, -1, 0, -1
    nothing = np.zeros(hands.shape[1])
    for n in range(world.shape[0]):
        phase = st.control.mode.phase
        if onset < 0:
            if phase != begins.phase:
                entered = -1
            elif entered < 0:
                entered = n
            if entered >= 0 and n - entered >= begins.wait:
                onset = n
        if phase == HOLD and held < 0:
            held = n
        into = n - held - script.after if held >= 0 else -1
        hand = hands[min(n - onset + 1, last)] if onset >= 0 else hands[0] if n >= begins.hidden else nothing
        now, t = world_at(world[n]), n * dt
        if script.pressed != 0 and into >= 0:
            now = with_switches(now, now.switches & ~script.pressed)
        wires = wired(now, hand, t - asked.at <= ASKED_LASTS and t - permitted.at <= PERMITTED_LASTS)
        given = sensed(read_plant(plant, t, wires, parameters), hand, given)
        control = control if hand[LOST_TO_CONTROL] > 0.5 else given
        guard = guard if hand[LOST_TO_GUARD] > 0.5 else given
        if hand[GUARD] == 0.0:
            if phase == IDLE and int(world[n, 7]) == ASK_BIND and hand[CONTROL] == 0.0:
                g = fresh_supervisor(t)  # it is given its limits anew
            g = guard_looks(t, hand, settings, st.control.mode.treatment_time, g, guard, heeded)
        if hand[GUARD] != 1.0:
            word = Word(PULL_SPEED, True, 0, True) if hand[GUARD] == 2.0 else g.word
            permitted = permit_arrives(t, hand, word, permitted)
            if hand[LOST_CAUSE] < 0.5:
                heeded = Heeded(heeded.told, heeded.told_at, word.cause, word.pull, t)
        reading = reading_of(t + float(hand[CONTROL_TIME]), t, control, heeded)
        if hand[CONTROL] == 4.0:
            st = fresh_tick(settings, t)
        if hand[CONTROL] != 1.0:
            o = asked_by(world[n], hand, into, script)
            st = guarded_tick(reading, o.ask, o.value, o.prepared, settings, segments, st)
            made = asked_of(hand, st)
            said[n % LATE_MOST, 0], said[n % LATE_MOST, 1] = made.speed, 1.0 if made.torque else 0.0
            if hand[LOST_TOLD] < 0.5:
                words = told_by(hand, settings, segments, st, control.a)
                heeded = Heeded(words, t, heeded.cause, heeded.pull, heeded.cause_at)
            one = n - min(int(hand[LATE_ASKED]), n, LATE_MOST - 1)
            if hand[LOST_ASKED] < 0.5 and one * dt > asked.at:
                asked = Asked(said[one % LATE_MOST, 0], said[one % LATE_MOST, 1] > 0.5, one * dt)
        made = drive_makes(t, hand, asked, permitted)
        fill_row(rows[n], t, reading, settings, st, plant.tension, int(world[n, 10]))
        told[n, 0], told[n, 1] = g.guard.cause, g.stop
        powered = made.torque and not plant.hardware.cut
        told[n, 2], told[n, 3] = made.speed, 1.0 if powered else 0.0
        told[n, 4], told[n, 5] = 1.0 if permitted.relay else 0.0, g.out.speed
        happens = World(
            wires | int(hand[NO_TIMER]),
            now.cable_whole and hand[CABLE] < 0.5,
            now.body_force + float(hand[BODY_FORCE]),
            now.body_length + float(hand[BODY_LENGTH]),
            now.slip + float(hand[SLIP]),
            now.chance_a,
            now.chance_b,
        )
        plant = plant_tick(plant, made.speed, made.torque, happens, parameters, dt / steps, steps)
        idle = phase < PRETENSION or phase >= SAFE or hand[CONTROL] == 1.0
        rest = rest + 1 if idle and plant.tension < SLACK_REST else 0
        if onset >= 0 and n - onset >= last and rest >= REST:
            return Played(n + 1, onset)
    return Played(world.shape[0], onset)


def permit_arrives(t: float, hand: FloatArray, word: Word, before: Permitted) -> Permitted:
    """The guard's word at the drive and at the relay."""
    if hand[LOST_PERMIT] > 0.5:
        return Permitted(before.fastest, before.pull, before.at, word.relay, t)
    return Permitted(word.fastest, word.pull, t, word.relay, t)


def asked_of(hand: FloatArray, st: TickState) -> Moving:
    """What control asks of the drive [m/s], right or wrong."""
    if hand[CONTROL] == 2.0:
        return Moving(float(hand[CONTROL_VALUE]), True)
    speed = asked_speed(st)
    return Moving(max(speed, 0.0) if hand[CONTROL] == 3.0 else speed, st.control.torque)


def told_by(hand: FloatArray, s: TickSettings, segments: FloatArray, st: TickState, force: float) -> Told:
    """What control tells the guard, right or wrong: one gone wild says that all is well."""
    word = told_to_guard(force, s, segments, st)
    if hand[CONTROL] == 2.0 and not has_torque(word.phase):
        return Told(HOLD, word.force, word.force, word.force, word.plan)
    return word


def drive_makes(t: float, hand: FloatArray, asked: Asked, permitted: Permitted) -> Moving:
    """What the drive does with the words it has, and with the relay."""
    made = lesser(asked.speed, asked.torque, t - asked.at, permitted.fastest, permitted.pull, t - permitted.at)
    relay = (permitted.relay and t - permitted.relay_at <= RELAY_LASTS) or hand[RELAY] > 0.5
    if hand[DRIVE] == 1.0:
        return Moving(float(hand[DRIVE_SPEED]), relay)
    if hand[DRIVE] == 2.0:
        return Moving(0.0, relay)
    if hand[DRIVE] == 3.0:
        return Moving(0.0, False)
    return Moving(made.speed, made.torque and relay)


def reading_of(clock: float, t: float, sight: Sight, heeded: Heeded) -> Reading:
    """What control sees and hears at `t` [s], when its own clock says `clock` [s]."""
    o = seen(sight, t)
    return Reading(clock, o.a, o.b, o.travel, o.speed, o.switches, heeded.cause, t - heeded.cause_at, heeded.pull)


def fresh_machine(settings: TickSettings) -> Machine:
    """Before anything is bound."""
    return Machine(fresh_tick(settings, 0.0), fresh_supervisor(0.0), slack_plant(), NOTHING_YET)
