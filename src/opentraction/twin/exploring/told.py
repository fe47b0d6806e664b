"""What a walk found, in words: how far it went, which laws hold, and the shortest way to one that does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from opentraction.quantities.vocabulary import PHASE_NAMES
from opentraction.twin.exploring.choices import FAULTS, WORDS
from opentraction.twin.exploring.design import Design
from opentraction.twin.exploring.laws import LAWS
from opentraction.twin.exploring.search import Explored, settings
from opentraction.twin.exploring.state import (
    CONTROL,
    CUT,
    DEAD,
    FORCE,
    GUARD,
    LATCHED,
    OPEN_FOR,
    PHASE,
    PULLED,
    RUNS,
    Moment,
    begin,
    packed,
)
from opentraction.twin.exploring.tick import NEWTONS, tick

SECONDS_A_TICK = 0.1


def verdict(law: str, made: Explored) -> str:
    """Whether a law holds, is broken, or was not broken as far as this walk went."""
    if law in made.broken:
        return "BROKEN"
    if made.finished:
        return "holds"
    return "not looked at" if law == "P6" else "not so far"


def lines(made: Explored, faults: int, design: Design) -> Iterator[str]:
    """The whole answer."""
    how = "Walked all of it" if made.finished else "Walked until a law broke"
    kinds = f"up to {faults} of {len(FAULTS)} kinds of faults" if faults else "no faults"
    yield f"{how}: {kinds}, {len(made.found):,} moments, {made.transitions:,} ticks, {made.ticks} ticks deep."
    for law, words in LAWS.items():
        yield f"{law:4s}{verdict(law, made):15s}{words}"
    for law, way in made.broken.items():
        yield ""
        yield f"{law} is broken, at the soonest so:"
        yield from shown(way, faults, design)


def shown(way: Sequence[int], faults: int, design: Design) -> Iterator[str]:
    """A way tick by tick, as a table."""
    yield f"{'s':>5}  {'happens':42s}{'phase':18s}{'force':>7}  machine"
    for n, (choice, m) in enumerate(walked(way, faults, design)):
        force = f"{NEWTONS * m[FORCE]:.0f} N"
        yield f"{(n + 1) * SECONDS_A_TICK:5.1f}  {WORDS[choice]:42s}{PHASE_NAMES[m[PHASE]]:18s}{force:>7}  {machine(m)}"


def walked(way: Sequence[int], faults: int, design: Design) -> Iterator[tuple[int, Moment]]:
    """Each choice of a way with the moment after it."""
    m, s = begin(faults), settings()
    for choice in way:
        tick(m, choice, design, s)
        packed(m)  # puts the channels of a stop in the order in which the walk keeps them
        yield choice, m.copy()


def machine(m: Moment) -> str:
    """What guard, drive and relays are doing."""
    words = []
    if m[CONTROL] != RUNS:
        words.append("control dead" if m[CONTROL] == DEAD else "control runs away")
    if m[GUARD] != RUNS:
        words.append("guard dead" if m[GUARD] == DEAD else "guard blind")
    if m[LATCHED]:
        words.append("guard tripped")
    if m[OPEN_FOR]:
        words.append("stop held")
    if m[CUT]:
        words.append("torque off")
    if m[PULLED]:
        words.append("pulls")
    return ", ".join(words)


def document(made: Explored, faults: int, design: Design) -> dict[str, Any]:
    """The same for programs."""
    return {
        "faults": faults,
        "left_out": [name.replace("_", "-") for name, there in design._asdict().items() if not there],
        "moments": len(made.found),
        "ticks": made.transitions,
        "deep": made.ticks,
        "finished": made.finished,
        "laws": {
            law: {
                "words": words,
                "verdict": verdict(law, made),
                "way": [
                    {
                        "t_s": round((n + 1) * SECONDS_A_TICK, 1),
                        "happens": WORDS[choice],
                        "phase": PHASE_NAMES[m[PHASE]],
                        "force_n": float(NEWTONS * m[FORCE]),
                        "machine": machine(m),
                    }
                    for n, (choice, m) in enumerate(walked(made.broken.get(law, ()), faults, design))
                ],
            }
            for law, words in LAWS.items()
        },
        "phases_seen": [PHASE_NAMES[phase] for phase in phases_seen(made)],
    }


def phases_seen(made: Explored) -> list[int]:
    """Phases that some moment was in."""
    first = np.flatnonzero(made.edges.any(axis=0))
    return sorted({(int(one) - 1) // 8 for one in first if one > 0})
