"""A made-up session whose answers are known: no control, no body, only numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from opentraction.quantities import vocabulary as v
from opentraction.session import documents, rows
from opentraction.session.documents import Document, Listener
from opentraction.session.rows import N_COLUMNS, RATE_HZ, Rows

STARTED = "2026-03-04T09:30:15+00:00"
UID = "3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77"


class Leg(NamedTuple):
    """A phase of the made-up session: how long [s] and to what force [N]."""

    phase: int
    seconds: float
    to: float
    cycle: int


def legs(cycles: int = 2, high: float = 300.0, hold: float = 20.0, low: float = 150.0, rest: float = 10.0) -> list[Leg]:
    """Pretension, cycles of rise, hold, fall, rest, and the release at the end."""
    out = [Leg(v.PRETENSION, 5.0, 30.0, 0)]
    for cycle in range(1, cycles + 1):
        out += [Leg(v.RISE, 5.0, high, cycle), Leg(v.HOLD, hold, high, cycle)]
        out += [Leg(v.FALL, 5.0, low, cycle), Leg(v.REST, rest, low, cycle)]
    return [*out, Leg(v.END_RELEASE, 5.0, 0.0, cycles), Leg(v.COMPLETE, 1.0, 0.0, cycles)]


def make_rows(plan: Sequence[Leg], error: float = 1.0, noise: float = 0.0, seed: int = 1) -> Rows:
    """Rows [n, 18]: the true force is the prescribed one plus `error` [N]; the cell adds `noise` [N rms]."""
    edges = np.cumsum([0.0, *(leg.seconds for leg in plan)])
    count = round(edges[-1] * RATE_HZ)
    out = np.full((count, N_COLUMNS), np.nan)
    t = np.arange(count) / RATE_HZ
    where = np.minimum(np.searchsorted(edges, t + 1e-9, side="right") - 1, len(plan) - 1)
    force = np.interp(t, edges, [0.0, *(leg.to for leg in plan)])
    phase = np.array([leg.phase for leg in plan])[where]
    pulling = np.isin(phase, (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST))
    truth = np.where(pulling, force + error, force)
    jitter = np.random.default_rng(seed).normal(0.0, noise, count) if noise else np.zeros(count)
    out[:, rows.T] = t
    out[:, rows.PRESCRIBED] = force
    out[:, rows.MEASURED] = truth + jitter
    out[:, rows.GUARD_MEASURED] = truth - jitter
    out[:, rows.SPINE] = 0.75 * truth
    out[:, rows.SPINE_LOW] = 0.65 * truth
    out[:, rows.SPINE_HIGH] = 0.85 * truth
    out[:, rows.TRAVEL] = 1e-4 * truth
    out[:, rows.SPEED] = np.gradient(out[:, rows.TRAVEL], 1.0 / RATE_HZ) if count > 1 else 0.0
    out[:, rows.COMMAND] = out[:, rows.SPEED]
    out[:, rows.TREATMENT_TIME] = np.cumsum(pulling) / RATE_HZ
    out[:, rows.PHASE] = phase
    out[:, rows.CYCLE] = np.array([leg.cycle for leg in plan])[where]
    out[:, rows.SWITCHES] = v.ALL_WELL
    out[:, rows.ALARMS] = 0
    out[:, rows.CAUSE] = np.where(pulling, v.NO_CAUSE, v.FINISHED)
    out[:, rows.TRUE_FORCE] = truth
    out[:, rows.LIMIT] = 400.0
    return out


def stopped(block: Rows, at: float, delay: float = 0.06, rate: float = 100.0) -> Rows:
    """The same rows with the patient's stop pressed at `at` [s]: after `delay` the force falls at `rate` [N/s]."""
    out = block.copy()
    t = out[:, rows.T]
    after = t >= at - 1e-9
    held = float(out[np.flatnonzero(after)[0], rows.TRUE_FORCE])
    force = np.clip(held - rate * np.maximum(t[after] - at - delay, 0.0), 0.0, None)
    out[after, rows.SWITCHES] = v.ALL_WELL & ~v.REMOTE_LOOP_A & ~v.REMOTE_LOOP_B
    out[after, rows.PHASE] = np.where(force > 0.0, v.PATIENT_RELEASE, v.SAFE)
    out[after, rows.CAUSE] = v.PATIENT_STOP
    out[after, rows.PRESCRIBED] = np.nan
    out[after, rows.TREATMENT_TIME] = out[np.flatnonzero(after)[0], rows.TREATMENT_TIME]
    for column in (rows.MEASURED, rows.GUARD_MEASURED, rows.TRUE_FORCE):
        out[after, column] = force
    return out[: int(np.flatnonzero(after)[0]) + round((held / rate + 3.0) * RATE_HZ)]


def start(simulated: bool = True, **more: Any) -> Document:
    """The start document."""
    given: dict[str, Any] = {
        "uid": UID,
        "started_utc": STARTED,
        "plan": {"name": "Two pulls", "segments": [], "ceiling": 400.0, "mass": 70.0, "total_time": 85.0},
        "plan_sha256": "ab" * 32,
        "patient": {"pseudonym": "P-017", "mass_kg": 70.0, "age": 54, "sex": "f"},
        "table": {"kind": "virtual" if simulated else "canopen", "name": "simulated table"},
        "operator": "demo",
        "seed": 7,
    }
    return documents.start(**{**given, **more})


def phase_events(block: Rows) -> list[Document]:
    """A phase event at every change of phase."""
    phase = block[:, rows.PHASE]
    changes = [0, *(np.flatnonzero(np.diff(phase)) + 1).tolist()] if len(phase) else []
    return [
        documents.event(
            float(block[k, rows.T]),
            "phase",
            v.PHASE_NAMES[int(phase[k])],
            {"phase": int(phase[k]), "cycle": int(block[k, rows.CYCLE])},
        )
        for k in changes
    ]


def story(
    block: Rows,
    events: Sequence[Document] = (),
    ending: str = "completed",
    cause: str = "treatment finished",
    size: int = 200,
) -> Iterator[Document | Rows]:
    """Documents and blocks of rows in the order a session tells them; each event after the rows before it."""
    yield start()
    yield documents.descriptor()
    waiting = sorted([*phase_events(block), *events], key=lambda doc: float(doc["t"]))
    at = 0
    while at < len(block) or waiting:
        next_event = round(float(waiting[0]["t"]) * RATE_HZ) if waiting else len(block)
        end = min(at + size, max(next_event, at), len(block))
        if end > at:
            yield block[at:end]
            at = end
        else:
            yield waiting.pop(0)
    yield documents.stop(len(block) / RATE_HZ, ending, cause)


def tell(listener: Listener, items: Iterator[Document | Rows]) -> None:
    """Tell a listener a story."""
    for item in items:
        if isinstance(item, np.ndarray):
            listener.rows(item)
        else:
            listener.document(item)
    listener.close()
