"""Walk until nothing new is found, and tell the shortest way to whatever breaks a law."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from opentraction.control.settings import control_settings
from opentraction.control.types import ControlSettings
from opentraction.twin.exploring.choices import N_CHOICES
from opentraction.twin.exploring.compiled import compiled
from opentraction.twin.exploring.design import WHOLE, Design
from opentraction.twin.exploring.laws import BITS, ONE
from opentraction.twin.exploring.state import TIMER, TOP, begin, packed
from opentraction.twin.exploring.tick import NEWTONS, SECONDS
from opentraction.twin.exploring.walk import EMPTY, SIGHTS, Buffer, Choices, Codes, Places

ROOM: Final = (1 << 15, 3 << 18, 3 << 22, 3 << 25)
"""Moments there is room for, by the number of faults."""
THREADS: Final = 2
CHUNK: Final = 1 << 15
"""Moments a thread goes on from at a time."""
RELEASE_TIMER: Final = TIMER * SECONDS - 0.1


def settings() -> ControlSettings:
    """Control's settings on the clock of this model: as many ticks for every release as the relays have."""
    made = control_settings(NEWTONS * TOP, NEWTONS, 30.0, 50.0)
    timers = dict.fromkeys(("patient_timer", "clinician_timer", "fault_timer", "gentle_timer"), RELEASE_TIMER)
    return made._replace(**timers, pause_most=float("inf"))


@dataclass(frozen=True)
class Explored:
    """What a walk found.

    Attributes
    ----------
    found : int64 [moments]
        Packed moments, in the order in which they were reached.
    parent, choice : int32, int8 [moments]
        From where, and by what.
    transitions, ticks : int
        Ticks taken, and how many the farthest moment is from the beginning.
    broken : dict
        For each broken law the choices that lead there, in order.
    edges : bool [sights, sights]
        Which `walk.sight` followed which.
    finished : bool
        Whether nothing new was left to find; only then P6 was looked at, with one fault at most.
    """

    found: Codes
    parent: np.ndarray
    choice: np.ndarray
    transitions: int
    ticks: int
    broken: dict[str, list[int]]
    edges: np.ndarray
    finished: bool


def explore(
    faults: int, design: Design = WHOLE, step: Callable[[int, int], None] | None = None, go_on: bool = True
) -> Explored:
    """Walk everything that can happen with up to `faults` faults; `step` hears ticks and moments.

    Without `go_on` the walk ends after the first tick in which a law is broken.
    """
    room, s = ROOM[faults], settings()
    found, parent, choice = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int8)
    known = np.full(1 << (room + room // 4).bit_length(), EMPTY, np.int64)
    buffers = [_buffer() for _ in range(THREADS)]
    buffers[0].codes[0], buffers[0].parent[0], buffers[0].choice[0] = packed(begin(faults)), EMPTY, 0
    compiled("walk", "insert")(buffers[0], 1, found, parent, choice, 0, known)
    first, last, ticks = 0, 1, 0
    with ThreadPoolExecutor(THREADS) as pool:
        while last > first:
            end = last
            for begun in range(first, end, THREADS * CHUNK):
                last = _on(pool, buffers, (found, parent, choice, known), (begun, end, last), (faults, design, s))
            first, ticks = end, ticks + (1 if last > end else 0)
            if step is not None:
                step(ticks, last)
            if not go_on and any((one.worst[:, 0] != EMPTY).any() for one in buffers):
                break
    worst = _first([one.worst for one in buffers])
    count, edges = sum(int(one.tally[0]) for one in buffers), np.any([one.edges for one in buffers], axis=0)
    ways = {
        law: [*_way(parent, choice, int(place)), int(what)]
        for law, (place, what) in zip(BITS, worst, strict=True)
        if place != EMPTY
    }
    finished = last == first
    if finished and faults > ONE and (way := explore(ONE, design).broken.get("P6")) is not None:
        ways["P6"] = way
    if finished and faults <= ONE:
        place = int(compiled("rest", "restless")(found[:last], known, design, s))
        if place != EMPTY:
            ways["P6"] = _way(parent, choice, place)
    return Explored(found[:last], parent[:last], choice[:last], count, ticks, ways, edges, finished)


def _on(
    pool: ThreadPoolExecutor,
    buffers: list[Buffer],
    kept: tuple[Codes, Places, Choices, Codes],
    at: tuple[int, int, int],
    how: tuple[int, Design, ControlSettings],
) -> int:
    """Go on from one chunk a thread; the new end. Threads only find, one after the other they are heard: the order is
    the same however many they are.
    """
    (found, parent, choice, known), (begun, end, last), (faults, design, s) = kept, at, how
    edges = [min(begun + n * CHUNK, end) for n in range(len(buffers) + 1)]
    counts = pool.map(
        lambda n: compiled("walk", "expand")(found, edges[n], edges[n + 1], faults, design, s, buffers[n]),
        range(len(buffers)),
    )
    for one, count in zip(buffers, list(counts), strict=True):
        last = int(compiled("walk", "insert")(one, count, found, parent, choice, last, known))
        if last < 0:
            raise MemoryError("more moments than there is room for")
    return last


def _buffer() -> Buffer:
    room = CHUNK * N_CHOICES
    return Buffer(
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int8),
        np.full((len(BITS), 2), EMPTY, np.int64),
        np.zeros(1, np.int64),
        np.zeros((SIGHTS, SIGHTS), np.bool_),
    )


def _first(worst: list[Codes]) -> Codes:
    """For each law the earliest of what the threads noted."""
    places = np.stack(worst)
    early = np.where(places[:, :, 0] == EMPTY, np.iinfo(np.int64).max, places[:, :, 0]).argmin(axis=0)
    return np.asarray(places[early, np.arange(places.shape[1])])


def _way(parent: np.ndarray, choice: np.ndarray, place: int) -> list[int]:
    """What happened from the beginning to a moment."""
    way: list[int] = []
    while place > 0:
        way.append(int(choice[place]))
        place = int(parent[place])
    return way[::-1]
