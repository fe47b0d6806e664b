"""What can break, as data: each fault with its hazard, how it looks in the machine's columns, and what is owed then.

Hazard numbers, most pass figures and the list of kinds (off, stuck, garbage, wrong, slow, late, now and then) are those
of the project's hazard analysis, docs/engineer/hazards.toml; what a fault is drawn from is the project's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.behaviour import RATE_HZ
from opentraction.quantities import vocabulary as v
from opentraction.twin.campaign import hand as h

FloatArray = npt.NDArray[np.float64]
Draw = np.random.Generator
Fill = Callable[[FloatArray, Draw], None]
"""Fills hands [k, 34] of what happens from the onset on; row 0 is before it."""

ENDS: Final = "ends"
"""The session has to end by it, within `detect`."""
GOES_ON: Final = "goes on"
"""The session must not end by it."""
EITHER: Final = "either"
MACHINE: Final = "machine"
PATIENT: Final = "patient"
"""Who moves the force; what a patient does to it is not held against the machine."""


class Fault(NamedTuple):
    """One thing that breaks."""

    name: str
    hazard: str
    words: str
    fill: Fill
    owed: str
    detect: float  # [s] until somebody says so or lets out; infinite where nothing is owed
    excess: float  # [N] by which the true force may pass the prescription, its trip margin not counted; inf: no figure
    jolts: bool  # the fault itself moves the force in a step
    by: str = MACHINE
    slope: float = 500.0  # [N/s] over 20 ms that the end of it may reach
    slow: bool = False  # it hits who lets out: a stop has until its hard-wired timer
    hits_control: bool = False  # control does not see or cannot do all it has to
    welds: int = 0  # channels of stops that it welds shut
    pulls: bool = False  # the machine takes cable in whatever it is told


def lasting(rng: Draw, rows: int) -> slice:
    """From the onset on, for a tick, a tenth of a second, a second, ten, or for good."""
    length = (1, 20, 200, 2000, rows)[int(rng.integers(5))]
    return slice(1, 1 + min(length, rows - 1))


def for_good(rng: Draw, rows: int) -> slice:
    """From the onset on."""
    return slice(1, rows)


def put(column: int, value: float, span: Callable[[Draw, int], slice] = for_good) -> Fill:
    """One column at one value."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        hands[span(rng, len(hands)), column] = value

    return fill


def within(column: int, low: float, high: float, span: Callable[[Draw, int], slice] = for_good) -> Fill:
    """One column at a value drawn once."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        hands[span(rng, len(hands)), column] = rng.uniform(low, high)

    return fill


def sensor(mode: int, how: str) -> Fill:
    """A sensor that breaks in one of the known ways; `mode` is its first column."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        n, value = len(hands), mode + 1
        wide, size = (2000.0, 60.0) if mode in {h.A_MODE, h.B_MODE} else (0.5, 0.03)
        if how == "off":
            hands[1:, mode], hands[1:, value] = h.SET, math.nan
        elif how == "stuck":
            hands[1:, mode] = h.STUCK
        elif how == "garbage":
            hands[1:, mode], hands[1:, value] = h.SET, rng.uniform(-wide, wide, n - 1)
        elif how == "extreme":
            hands[1:, mode], hands[1:, value] = h.SET, rng.choice([math.inf, -math.inf, 16777215.0, -1e6])
        elif how == "wrong":
            hands[1:, mode], hands[1:, value] = h.ADDED, rng.choice([-1.0, 1.0]) * rng.uniform(size, 5.0 * size)
        elif how == "gain":
            hands[1:, mode], hands[1:, value] = h.TIMES, rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.25, 3.0)])
        elif how == "turned round":
            hands[1:, mode], hands[1:, value] = h.TIMES, -1.0
        elif how == "drift":
            rate = rng.choice([-1.0, 1.0]) * rng.uniform(0.1, 0.5) * size
            hands[1:, mode], hands[1:, value] = h.ADDED, rate * np.arange(n - 1) / RATE_HZ
        else:
            gone = rng.random(n - 1) < rng.uniform(0.05, 0.5)
            gone[-1] = False
            hands[1:, mode][gone], hands[1:, value][gone] = h.SET, math.nan

    return fill


def lost(columns: tuple[int, ...], low: float, high: float) -> Fill:
    """Words that do not arrive: a share of them, drawn once."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        gone = rng.random(len(hands) - 1) < rng.uniform(low, high)
        gone[-1] = low >= 1.0
        for column in columns:
            hands[1:, column] = gone

    return fill


def late(low: int, high: int) -> Fill:
    """Words that come so many ticks late, each its own."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        hands[1:, h.LATE_ASKED] = rng.integers(low, high + 1, len(hands) - 1)

    return fill


def stands(column: int, longest: float) -> Fill:
    """A program that stops for a while and goes on as if nothing had been."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        ticks = round(10.0 ** rng.uniform(-1.0, math.log10(longest)) * RATE_HZ)
        hands[1 : 1 + ticks, column] = h.STANDS

    return fill


def both(*fills: Fill) -> Fill:
    """Several columns at once."""

    def fill(hands: FloatArray, rng: Draw) -> None:
        for one in fills:
            one(hands, rng)

    return fill


def again(hands: FloatArray, rng: Draw) -> None:
    """Control dies and is started anew, a tenth of a second to three seconds later."""
    back = 1 + int(rng.integers(20, 600))
    hands[1:back, h.CONTROL], hands[back, h.CONTROL] = h.STANDS, h.AGAIN


def cough(hands: FloatArray, rng: Draw) -> None:
    """One to three coughs of 60 to 150 N."""
    at = 1
    for _ in range(int(rng.integers(1, 4))):
        ticks = int(rng.integers(20, 80))
        end = min(at + ticks, len(hands))
        hands[at:end, h.BODY_FORCE] += rng.uniform(60.0, 150.0) * np.sin(np.pi * np.arange(end - at) / ticks)
        at = end + int(rng.integers(60, 300))
        if at >= len(hands):
            return


def spasm(hands: FloatArray, rng: Draw) -> None:
    """50 to 300 N for one to ten seconds."""
    ticks, rise = int(rng.uniform(1.0, 10.0) * RATE_HZ), int(rng.uniform(0.1, 1.0) * RATE_HZ)
    t = np.arange(len(hands) - 1)
    shape = np.clip(np.minimum(t / rise, (ticks + rise - t) / rise), 0.0, 1.0)
    hands[1:, h.BODY_FORCE] = rng.uniform(50.0, 300.0) * shape


def slip(hands: FloatArray, rng: Draw) -> None:
    """The harness gives 5 to 60 mm, at once or within a quarter of a second, up to three times."""
    at = 1
    for _ in range(int(rng.integers(1, 4))):
        ticks = int(rng.integers(1, 50))
        if at + ticks >= len(hands):
            return
        hands[at : at + ticks, h.SLIP] = rng.uniform(0.005, 0.060) / ticks
        at += ticks + int(rng.integers(100, 600))


def moves(hands: FloatArray, rng: Draw) -> None:
    """The patient shifts, sits up or gets off: 20 to 150 mm within half a second to two."""
    ticks = int(rng.uniform(0.5, 2.0) * RATE_HZ)
    share = np.clip(np.arange(len(hands) - 1) / ticks, 0.0, 1.0)
    hands[1:, h.BODY_LENGTH] = -rng.uniform(0.020, 0.150) * share


def asks(hands: FloatArray, rng: Draw) -> None:
    """An operator who asks for anything at any time."""
    n = len(hands) - 1
    hit = rng.random(n) < rng.uniform(0.01, 0.3)
    wishes = (v.ASK_ARM, v.ASK_START, v.ASK_PAUSE, v.ASK_RESUME, v.ASK_REDUCE, v.ASK_BIND, v.ASK_UNBIND)
    hands[1:, h.ASK] = np.where(hit, rng.choice(wishes, n), 0.0)
    hands[1:, h.ASK_VALUE] = rng.choice([0.0, 30.0, 150.0, 5000.0, -1.0], n)


REMOTE, CLINICIAN = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B, v.CLINICIAN_LOOP | v.CLINICIAN_LOOP_B
NEVER = math.inf
LYING: Final = 2000.0
"""[N/s] that a release may reach which begins by a sensor that lies: more than the 500 that are owed otherwise. The
force that is let go so is that of a small fraction of a second."""


def _cells() -> list[Fault]:
    kinds = (
        ("off", "H8", "gives no number", ENDS, 0.30, 50.0),
        ("stuck", "H7", "stands still", EITHER, 1.0, 50.0),
        ("garbage", "H8", "gives any number", ENDS, 0.50, 50.0),
        ("extreme", "H8", "gives a number beyond all measure", ENDS, 0.30, 50.0),
        ("wrong", "H9", "is off by 60 to 300 N at once", ENDS, 0.60, 50.0),
        ("gain", "H9", "reads a fifth to three times the force", EITHER, 0.60, 50.0),
        ("turned round", "H10", "has its wires the wrong way round", EITHER, 0.60, 50.0),
        ("drift", "H9", "drifts by 6 to 30 N a second", EITHER, NEVER, 50.0),
        ("now and then", "H8", "gives no number now and then", EITHER, NEVER, 50.0),
    )
    made = []
    for mode, who in ((h.A_MODE, "control"), (h.B_MODE, "guard")):
        for how, hazard, words, owed, detect, excess in kinds:
            name = f"{who}'s cell {how}"
            # The guard sees by itself that its cell stands still.
            owes = (ENDS, 0.50) if name == "guard's cell stuck" else (owed, detect)
            fill = sensor(mode, how)
            made.append(
                Fault(name, hazard, f"{who}'s cell {words}", fill, *owes, excess, False, slope=LYING, slow=True)
            )
    return made


def _drum() -> list[Fault]:
    kinds = (
        ("off", "gives no number"),
        ("stuck", "stands still"),
        ("garbage", "gives any number"),
        ("wrong", "is off"),
    )
    made = []
    for mode, what in ((h.TRAVEL_MODE, "travel"), (h.SPEED_MODE, "speed")):
        for how, words in kinds:
            fill = sensor(mode, how)
            made.append(
                Fault(
                    f"{what} {how}",
                    "H28",
                    f"the drum's {what} {words}",
                    fill,
                    EITHER,
                    NEVER,
                    50.0,
                    False,
                    slope=LYING,
                    hits_control=True,
                )
            )
    return made


def _switches() -> list[Fault]:
    weld = {
        "remote A": v.REMOTE_LOOP_A,
        "remote B": v.REMOTE_LOOP_B,
        "clinician A": v.CLINICIAN_LOOP,
        "clinician B": v.CLINICIAN_LOOP_B,
    }
    made = [
        Fault(
            f"{n} welded", "H3", f"the {n} channel cannot open", put(h.WELDED, b), GOES_ON, NEVER, 0.0, False, welds=b
        )
        for n, b in weld.items()
    ]
    made += [
        Fault(f"{n} wire breaks", "H3", f"the wire of {n} breaks", put(h.OPEN, b), ENDS, 0.10, 0.0, False)
        for n, b in weld.items()
    ]
    made += [
        Fault(
            f"timer {n} dead",
            "H3",
            f"the hard-wired timer of {n} is dead",
            put(h.NO_TIMER, b),
            GOES_ON,
            NEVER,
            0.0,
            False,
        )
        for n, b in weld.items()
    ]
    plug = both(put(h.OPEN, v.REMOTE_PLUGGED | REMOTE))
    return [
        *made,
        Fault("remote unplugged", "H3", "the remote's plug comes out", plug, ENDS, 0.10, 0.0, False),
        Fault("mains lost", "H18", "mains are lost", put(h.OPEN, v.POWER_GOOD), ENDS, 0.10, 0.0, False),
        Fault(
            "drive not ready", "H28", "the drive reports a fault", put(h.OPEN, v.DRIVE_READY), ENDS, 0.10, 0.0, False
        ),
        Fault(
            "switches stuck",
            "H3",
            "the switches' word stands still",
            put(h.BITS_STUCK, 1.0),
            GOES_ON,
            NEVER,
            0.0,
            False,
            hits_control=True,
        ),
    ]


def _programs() -> list[Fault]:
    pulls = both(put(h.CONTROL, h.WILD), within(h.CONTROL_VALUE, 0.002, 1.0))
    return [
        Fault("control dies", "H20", "control is killed", put(h.CONTROL, h.STANDS), ENDS, 0.20, 0.0, False, slow=True),
        Fault(
            "control stands",
            "H20",
            "control stops for 0.1 to 10 s",
            stands(h.CONTROL, 10.0),
            ENDS,
            0.20,
            0.0,
            False,
            slow=True,
        ),
        Fault("control again", "H19", "control dies and is started anew", again, ENDS, 0.20, 0.0, False, slow=True),
        Fault(
            "control pulls", "H1", "control pulls, whatever it is told", pulls, EITHER, NEVER, 30.0, False, slow=True
        ),
        Fault(
            "control holds",
            "H6",
            "control holds the drum",
            put(h.CONTROL, h.WILD),
            EITHER,
            NEVER,
            30.0,
            False,
            slow=True,
        ),
        Fault(
            "control deaf",
            "H6",
            "control never lets out",
            put(h.CONTROL, h.DEAF),
            EITHER,
            NEVER,
            30.0,
            False,
            slow=True,
        ),
        Fault(
            "control's clock",
            "H29",
            "control's clock jumps",
            within(h.CONTROL_TIME, -3600.0, 3600.0),
            EITHER,
            NEVER,
            30.0,
            False,
            slow=True,
        ),
        Fault("guard dies", "H21", "the guard is killed", put(h.GUARD, h.STANDS), ENDS, 0.10, 0.0, False),
        Fault("guard stands", "H21", "the guard stops for 0.1 to 10 s", stands(h.GUARD, 10.0), ENDS, 0.10, 0.0, False),
        Fault(
            "guard permits",
            "H21",
            "the guard permits, whatever it sees",
            put(h.GUARD, h.WILD),
            GOES_ON,
            NEVER,
            0.0,
            False,
        ),
        Fault(
            "guard's clock",
            "H30",
            "the guard's clock jumps ahead",
            within(h.GUARD_TIME, 0.2, 3600.0),
            ENDS,
            0.10,
            0.0,
            False,
        ),
    ]


def _bus() -> list[Fault]:
    everything = (h.LOST_ASKED, h.LOST_TOLD, h.LOST_PERMIT, h.LOST_CAUSE, h.LOST_TO_CONTROL, h.LOST_TO_GUARD)
    one = 1.0
    return [
        Fault(
            "bus cut",
            "H22",
            "nothing arrives any more",
            lost(everything, one, one),
            ENDS,
            0.20,
            0.0,
            True,
            hits_control=True,
        ),
        Fault(
            "bus loses",
            "H25",
            "1 to 10 % of the words are lost",
            lost(everything, 0.01, 0.10),
            GOES_ON,
            NEVER,
            10.0,
            False,
        ),
        Fault(
            "bus loses much",
            "H25",
            "10 to 50 % of the words are lost",
            lost(everything, 0.1, 0.5),
            EITHER,
            NEVER,
            30.0,
            False,
            hits_control=True,
        ),
        Fault(
            "commands lost",
            "H22",
            "control's word does not reach the drive",
            lost((h.LOST_ASKED,), one, one),
            ENDS,
            0.20,
            0.0,
            False,
            slow=True,
        ),
        Fault(
            "control unheard",
            "H22",
            "control's word does not reach the guard",
            lost((h.LOST_TOLD,), one, one),
            ENDS,
            0.10,
            0.0,
            False,
            hits_control=True,
        ),
        Fault(
            "permission lost",
            "H22",
            "the guard's word does not reach the drive",
            lost((h.LOST_PERMIT,), one, one),
            ENDS,
            0.20,
            0.0,
            False,
        ),
        Fault(
            "guard unheard",
            "H22",
            "the guard's word does not reach control",
            lost((h.LOST_CAUSE,), one, one),
            ENDS,
            0.10,
            0.0,
            False,
        ),
        Fault(
            "control blind",
            "H22",
            "no sensor reaches control",
            lost((h.LOST_TO_CONTROL,), one, one),
            ENDS,
            0.30,
            0.0,
            False,
            hits_control=True,
            slope=LYING,
        ),
        Fault(
            "guard blind",
            "H22",
            "no sensor reaches the guard",
            lost((h.LOST_TO_GUARD,), one, one),
            ENDS,
            0.30,
            0.0,
            False,
        ),
        Fault(
            "commands late",
            "H25",
            "control's word is 5 to 50 ms late, each its own",
            late(1, 10),
            EITHER,
            NEVER,
            30.0,
            False,
            slope=LYING,
        ),
        Fault(
            "commands very late",
            "H24",
            "control's word is 50 to 300 ms late",
            late(10, 60),
            EITHER,
            NEVER,
            60.0,
            True,
            slow=True,
        ),
    ]


def _machine() -> list[Fault]:
    fast = both(put(h.DRIVE, h.RUNAWAY), within(h.DRIVE_SPEED, 0.002, 0.020))
    out = both(put(h.DRIVE, h.RUNAWAY), within(h.DRIVE_SPEED, -0.300, -0.005))
    return [
        Fault(
            "drive pulls",
            "H1",
            "the drive pulls by itself",
            fast,
            EITHER,
            NEVER,
            60.0,
            True,
            pulls=True,
            hits_control=True,
        ),
        Fault("drive pays out", "H5", "the drive pays out by itself", out, EITHER, NEVER, 0.0, True, hits_control=True),
        Fault(
            "drive holds",
            "H6",
            "the drive does not move",
            put(h.DRIVE, h.HELD),
            EITHER,
            NEVER,
            60.0,
            True,
            hits_control=True,
        ),
        Fault(
            "drive limp",
            "H5",
            "the drive has no torque",
            put(h.DRIVE, h.LIMP),
            EITHER,
            NEVER,
            0.0,
            True,
            hits_control=True,
        ),
        Fault("relay welded", "H4", "the guard's relay cannot open", put(h.RELAY, 1.0), GOES_ON, NEVER, 0.0, False),
        Fault(
            "cable breaks",
            "H12",
            "cable or buckle break",
            put(h.CABLE, 1.0),
            EITHER,
            NEVER,
            0.0,
            True,
            hits_control=True,
        ),
    ]


def _people() -> list[Fault]:
    return [
        Fault("cough", "H15", "the patient coughs", cough, GOES_ON, NEVER, math.inf, True, PATIENT),
        Fault("spasm", "H16", "muscles draw in for 1 to 10 s", spasm, EITHER, NEVER, math.inf, True, PATIENT),
        Fault("harness slips", "H13", "the harness slips by 5 to 60 mm", slip, EITHER, NEVER, math.inf, True, PATIENT),
        Fault(
            "patient moves", "H17", "the patient shifts by 20 to 150 mm", moves, EITHER, NEVER, math.inf, True, PATIENT
        ),
        Fault("operator", "H37", "somebody asks for anything at any time", asks, EITHER, NEVER, 30.0, False),
    ]


FAULTS: Final = tuple(_cells() + _drum() + _switches() + _programs() + _bus() + _machine() + _people())
NAMES: Final = tuple(fault.name for fault in FAULTS)
LATENT: Final = tuple(
    n for n, f in enumerate(FAULTS) if "welded" in f.name or "dead" in f.name or f.name == "guard permits"
)
"""Faults that nobody notices until something else happens: what a second fault meets."""
