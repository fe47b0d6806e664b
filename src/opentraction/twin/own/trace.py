"""What of a recording a fit can use: force and travel five times a second, and where they may be compared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.quantities import BadInput, State
from opentraction.quantities import vocabulary as v
from opentraction.session.measures import PULLING
from opentraction.session.reader import Recording
from opentraction.session.rows import RATE_HZ
from opentraction.twin.own.prior import FloatArray, Known

Mask = npt.NDArray[np.bool_]

BLOCK: Final = 40
"""Ticks averaged into one value: a fifth of a second."""
STEP: Final = BLOCK / RATE_HZ
SLACK: Final = 10.0
PULL: Final = 50.0
"""Below the first the cable tells nothing; from the second on it is a pull [N]."""
LEAST: Final = 60.0
"""Seconds of pull without which there is nothing to fit."""
BRIDGED: Final = 60.0
"""A longer gap [s] ends what is used: friction and harness have forgotten too much by then."""
FASTEST: Final = 60.0
"""A steeper force [N/s] is left out: what has inertia is not in the model."""
_APART: Final = 0.05
_CUT: Final = 2.0
"""The last event may lie so long after the last row [s]."""
_LISTENED = (*PULLING, v.PAUSE_RELEASE, v.PAUSED, v.RESUME)


class Step(NamedTuple):
    """A step of travel at `t` [s]: the harness slipped, or else the patient moved."""

    t: float
    slipped: bool


class NoPull(BadInput):
    """A recording whose pull says nothing."""


@dataclass(frozen=True)
class Trace:
    """One session at five values a second, from the recording's start.

    Attributes
    ----------
    t, force, travel : float64 [n]
        Seconds, newtons, mean of both load cells, metres of drum; gaps are bridged by straight lines.
    told : bool [n]
        Where travel may be compared.
    steps : tuple of Step
        Sudden slips and shifts.
    """

    name: str
    known: Known
    t: FloatArray
    force: FloatArray
    prescribed: FloatArray
    travel: FloatArray
    told: Mask
    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    def without(self, mask: Mask) -> Trace:
        """The same, with less to compare."""
        return replace(self, told=self.told & ~mask)

    @property
    def pulled(self) -> float:
        """Seconds of pull that are compared [s]."""
        return float(np.sum(self.told & (self.force > PULL))) * STEP


def trace_of(recording: Recording, mass: float | None = None) -> Trace:
    """What can be used of a recording; `mass` [kg] in place of the plan's.

    Raises NoPull where nothing can, BadInput for a pull at the neck.
    """
    name, plan = str(recording.folder), recording.plan
    if plan.get("region") != "lumbar":
        raise BadInput("region", str(plan.get("region")), "lumbar; the modelled body ends at the lumbar spine", name)
    known = Known(float(mass or plan["mass"]), plan["couch"] == "split", float(plan["angle"]))
    prescribed, travel, phase = (blocks(recording.rows[name]) for name in ("prescribed", "travel", "phase"))
    force = _both_cells(blocks(recording.rows["measured"]), blocks(recording.rows["guard_measured"]))
    listened = np.isin(np.round(phase), _LISTENED)
    end = int(np.flatnonzero(listened)[-1]) + 1 if listened.any() else 0
    seen = np.isfinite(force) & np.isfinite(travel)
    cut, gaps = _first_long_gap(seen[:end])
    remarks = [*cut_short(recording), *gaps]
    force, travel, seen = force[:cut], travel[:cut], seen[:cut]
    if seen.sum() < 2 or np.sum(seen & (force > PULL) & listened[:cut]) * STEP < LEAST:
        raise _too_little(force, name)
    t: FloatArray = (np.arange(cut, dtype=np.float64) + 0.5) * STEP - 0.5 / RATE_HZ
    force, travel = (np.interp(t, t[seen], of[seen]) for of in (force, travel))
    remarks += _disagreement(recording, cut)
    told = listened[:cut] & seen & (force > SLACK) & (np.abs(np.gradient(force, STEP)) < FASTEST)
    trace = Trace(name, known, t, force, prescribed[:cut], travel, told, (), tuple(remarks))
    if trace.pulled < LEAST:
        raise _too_little(force, name)
    return trace


def cut_short(recording: Recording) -> list[str]:
    """What to say of a recording that is not whole."""
    last = max((float(one["t"]) for one in recording.documents if one.get("t") is not None), default=0.0)
    remarks = list(recording.remarks)
    whole = recording.rows["phase"].size / RATE_HZ
    if whole < last - _CUT:
        said = f"The waveforms end at {whole:.0f} s, but the session went on until {last:.0f} s"
        remarks.append(f"{said}: the file is cut off, and what is missing is left out.")
    return remarks


def _too_little(force: FloatArray, name: str) -> NoPull:
    seconds = float(np.sum(force > PULL)) * STEP
    what = State(f"{seconds:.0f} s long")
    return NoPull("pull", what, f"a recording with at least {LEAST:.0f} s above {PULL:.0f} N on the cable", name)


def _both_cells(one: FloatArray, other: FloatArray) -> FloatArray:
    """The mean of control's and the guard's load cell; one alone where the other has no value."""
    both = 0.5 * (one + other)
    return np.where(np.isfinite(both), both, np.where(np.isfinite(one), one, other))


def _disagreement(recording: Recording, cut: int) -> list[str]:
    """What to say where the load cells lie a twentieth apart while they pull."""
    one, other = (blocks(recording.rows[name])[:cut] for name in ("measured", "guard_measured"))
    pulls = (one > PULL) & np.isfinite(other)
    apart = float(np.median((other[pulls] - one[pulls]) / one[pulls])) if pulls.any() else 0.0
    return [f"The load cells lie {100 * abs(apart):.0f} % apart; one of them is wrong."] if abs(apart) > _APART else []


def blocks(ticks: FloatArray) -> FloatArray:
    """Means of whole blocks; a block with fewer than half its ticks has no value."""
    whole = ticks[: ticks.size // BLOCK * BLOCK].reshape(-1, BLOCK)
    known = np.isfinite(whole)
    count = known.sum(axis=1)
    mean = np.where(known, whole, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(2 * count >= BLOCK, mean, np.nan)


def _first_long_gap(seen: Mask) -> tuple[int, list[str]]:
    """Where to stop reading, and what to say of gaps."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], seen, [True])).astype(np.int8)))
    gaps = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    remarks = []
    for begin, end in gaps:
        long = (end - begin) * STEP
        if long > BRIDGED:
            remarks.append(
                f"Nothing is recorded for {long:.0f} s from {begin * STEP:.0f} s on; what follows is left out."
            )
            return begin, remarks
        remarks.append(f"A gap of {long:.1f} s from {begin * STEP:.0f} s on is bridged.")
    return seen.size, remarks
