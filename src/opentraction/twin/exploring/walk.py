"""Every moment that can be reached, breadth first, so that the first way to a broken law is a shortest one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.control.types import ControlSettings
from opentraction.twin.exploring.choices import N_CHOICES
from opentraction.twin.exploring.design import Design
from opentraction.twin.exploring.laws import broken_laws
from opentraction.twin.exploring.state import (
    CONTROL,
    FORCE,
    LEFT,
    N_FIELDS,
    PHASE,
    PRESSED,
    RUNS,
    Moment,
    packed,
    unpack,
)
from opentraction.twin.exploring.tick import possible, tick

Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Choices = npt.NDArray[np.int8]
EMPTY = -1
SIGHTS = 1 + 21 * 4 * 2
"""How many `sight` tells apart."""


class Buffer(NamedTuple):
    """What one thread finds: moments with where they come from and by what, and what it sees on the way.

    `worst` [laws, 2] takes the first moment and choice that breaks a law, `tally` [1] adds up ticks, `edges` [sights,
    sights] tells which sights follow each other.
    """

    codes: Codes
    parent: Places
    choice: Choices
    worst: Codes
    tally: Codes
    edges: npt.NDArray[np.bool_]


def expand(found: Codes, begin: int, end: int, faults: int, d: Design, s: ControlSettings, into: Buffer) -> int:
    """Put every moment that follows on `found[begin:end]` into a buffer, known or not; how many they are."""
    m, before = np.empty(N_FIELDS, np.int64), np.empty(N_FIELDS, np.int64)
    last = 0
    for place in range(begin, end):
        unpack(found[place], before)
        for what in range(N_CHOICES):
            if not possible(before, what):
                continue
            m[:] = before
            out = tick(m, what, d, s)
            bits = broken_laws(before, m, what, out, faults - m[LEFT])
            if bits:
                note(into.worst, bits, place, what)
            into.edges[sight(before), sight(m)] = True
            into.codes[last], into.parent[last], into.choice[last] = packed(m), place, what
            last += 1
    into.tally[0] += last
    return last


def insert(of: Buffer, count: int, found: Codes, parent: Places, choice: Choices, last: int, known: Codes) -> int:
    """Put what is new of a buffer behind `found[:last]`; its new end, or -1 where it is full.

    `known` is an open hash of what was found; its length is a power of two.
    """
    for n in range(count):
        code = of.codes[n]
        slot = place_of(known, code)
        if known[slot] == code:
            continue
        if last >= found.shape[0]:
            return -1
        found[last], parent[last], choice[last] = code, of.parent[n], of.choice[n]
        known[slot] = code
        last += 1
    return last


def note(worst: npt.NDArray[np.int64], bits: int, place: int, what: int) -> None:
    """Keep the first way to each broken law."""
    for law in range(worst.shape[0]):
        if bits & (1 << law) and worst[law, 0] == EMPTY:
            worst[law, 0], worst[law, 1] = place, what


def place_of(known: Codes, code: int) -> int:
    """Where in the hash `code` stands, or would."""
    mask = known.shape[0] - 1
    mixed = code * 0x9E3779B97F4A7C1
    slot = (mixed ^ (mixed >> 29)) & mask
    while known[slot] != EMPTY and known[slot] != code:
        slot = (slot + 1) & mask
    return slot


def sight(m: Moment) -> int:
    """What a moment shows of control: phase, who holds a stop, whether the cable is slack; 0 where it is not itself."""
    if m[CONTROL] != RUNS:
        return 0
    return 1 + (m[PHASE] * 4 + m[PRESSED]) * 2 + (1 if m[FORCE] == 0 else 0)


def step_from(code: int, what: int, d: Design, s: ControlSettings) -> Moment:
    """The moment after `code` when `what` happens."""
    m = np.empty(N_FIELDS, np.int64)
    unpack(code, m)
    tick(m, what, d, s)
    return m
