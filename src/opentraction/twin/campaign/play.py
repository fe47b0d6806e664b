"""Runs played, one after the other or on several cores, each judged and hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.session import rows as r
from opentraction.twin.campaign.compiled import compiled_faulted
from opentraction.twin.campaign.draw import Run, Scene, drawn, scene_of
from opentraction.twin.campaign.judge import Outcome, judge
from opentraction.twin.campaign.loop import Played, fresh_machine

FloatArray = npt.NDArray[np.float64]
STEPS = 5
TOLD = 6
HASHED = (r.TRUE_FORCE, r.MEASURED, r.PHASE, r.CAUSE)
CHUNK = 50


class Trace(NamedTuple):
    """A run as it went."""

    scene: Scene
    rows: FloatArray
    told: FloatArray
    played: Played


class Judged(NamedTuple):
    """A run and what came of it."""

    run: Run
    outcome: Outcome
    seconds: float  # [s] simulated
    digest: bytes


def trace(run: Run, loop: Callable[..., Any] | None = None) -> Trace:
    """Play one run."""
    scene = scene_of(run)
    rows, told = np.zeros((len(scene.world), r.N_COLUMNS)), np.zeros((len(scene.world), TOLD))
    played = (loop or compiled_faulted())(
        scene.world,
        scene.hands,
        run.begins,
        scene.script,
        np.array(scene.plan.segments),
        scene.settings,
        scene.parameters,
        fresh_machine(scene.settings),
        rows,
        told,
        STEPS,
    )
    return Trace(scene, rows[: played.ticks], told[: played.ticks], Played(*played))


def judged(run: Run, loop: Callable[..., Any] | None = None) -> Judged:
    """Play and judge one run."""
    t = trace(run, loop)
    text = np.ascontiguousarray(t.rows[:, HASHED]).tobytes() + t.told.tobytes()
    digest = hashlib.blake2b(text, digest_size=16).digest()
    return Judged(run, judge(t.scene, t.rows, t.told, t.played), t.played.ticks / r.RATE_HZ, digest)


def some(seed: int, first: int, count: int) -> list[Judged]:
    """Runs `first` to `first + count - 1`."""
    return [judged(drawn(seed, number)) for number in range(first, first + count)]


def all_of(seed: int, begin: int, end: int, jobs: int) -> Iterator[list[Judged]]:
    """Runs `begin` to `end - 1` in order, a chunk at a time, on `jobs` cores."""
    parts = [(first, min(CHUNK, end - first)) for first in range(begin, end, CHUNK)]
    if not parts:
        return
    compiled_faulted()
    if jobs <= 1:
        yield from (some(seed, first, count) for first, count in parts)
        return
    some(seed, begin, 1)  # compiled once, before others want it
    with ProcessPoolExecutor(min(jobs, os.cpu_count() or 1)) as pool:
        yield from pool.map(some, [seed] * len(parts), *zip(*parts, strict=True))
