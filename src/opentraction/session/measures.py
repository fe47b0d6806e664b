"""How well a session pulled what was prescribed, as pure functions of its rows. The definitions are the docstrings.

`true force` is the plant's own on a simulated table, load cell A's on a real one. Arrays hold one value a tick.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from opentraction.quantities import vocabulary as v
from opentraction.session.rows import RATE_HZ, Rows

Mask = NDArray[np.bool_]

SETTLE_S = 2.0
REDUCE_N_S = 100.0
"""How fast the asked force follows a lowered limit [N/s]: `reduce_rate` of the control settings."""
PULLING = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST)
RELEASING = (
    v.PATIENT_RELEASE,
    v.CLINICIAN_RELEASE,
    v.CONSOLE_RELEASE,
    v.FAULT_RELEASE,
    v.TORQUE_OFF,
)
_STOP_LOOPS = (
    v.REMOTE_PLUGGED | v.REMOTE_LOOP_A | v.REMOTE_LOOP_B | v.CLINICIAN_LOOP | v.CLINICIAN_LOOP_B | v.POWER_GOOD
)
_EDGE_S = 0.5
_SLOPE_TICKS = 5
_EARLIER = 3  # ticks; a recording may keep a row a tick beside the time its event tells


class Run(NamedTuple):
    """A stretch of one phase: code, first tick, tick after the last."""

    phase: int
    begin: int
    end: int


def runs(phase: Rows) -> list[Run]:
    """The phases of a session in order."""
    if phase.size == 0:
        return []
    edges = [0, *(np.flatnonzero(phase[1:] != phase[:-1]) + 1).tolist(), phase.size]
    return [Run(int(phase[a]) if np.isfinite(phase[a]) else -1, a, b) for a, b in pairwise(edges)]


def quiet(t: Rows, disturbances: Sequence[float]) -> Mask:
    """Ticks outside the 2 s after each disturbance."""
    mask = np.ones(t.size, dtype=bool)
    for at in disturbances:
        mask &= ~((t >= at) & (t < at + SETTLE_S))
    return mask


def reducing(t: Rows, prescribed: Rows, reduces: Sequence[tuple[float, float]]) -> Mask:
    """Ticks while the asked force moves because of a Reduce, and the 2 s after it.

    `reduces` are (when [s], the new limit [N]) in order. The prescription steps down at once, the force asked of the
    table follows at 100 N/s: that fall is wished for and is no error. It lasts for the prescription just before less
    the new limit, at that rate; further Reduces meanwhile add theirs. A limit above the prescription moves nothing.
    """
    mask = np.zeros(t.size, dtype=bool)
    still = -np.inf
    for at, limit in reduces:
        begin = int(np.searchsorted(t, at - _EARLIER / RATE_HZ - 1e-6))
        before = prescribed[begin : begin + _EARLIER]
        drop = float(np.max(before - limit, initial=0.0, where=np.isfinite(before)))
        if drop > 0.0:
            still = max(still, at) + drop / REDUCE_N_S
            mask[begin : int(np.searchsorted(t, still + SETTLE_S))] = True
    return mask


def _calm_holds(phase: Rows, undisturbed: Mask) -> Mask:
    """Ticks of HOLD after its first 2 s, and clear of every disturbance and Reduce.

    A hold gone on with after a pause begins anew: its first 2 s do not count either.
    """
    mask = np.zeros(phase.size, dtype=bool)
    for run in runs(phase):
        if run.phase == v.HOLD:
            mask[run.begin + round(SETTLE_S * RATE_HZ) : run.end] = True
    return mask & undisturbed


def hold_error(force: Rows, prescribed: Rows, phase: Rows, undisturbed: Mask) -> dict[str, Any]:
    """Error of true force against the prescription in calm HOLD [N].

    Calm: after the first 2 s of the hold (again after a pause), outside the 2 s after a disturbance, and not while a
    Reduce moves the asked force or in the 2 s after (`reducing`). `rms` is over all calm ticks, `max`
    the largest magnitude of its moving mean over 1 s (within one calm stretch), `instant` the largest of a single tick,
    `level` the mean prescription. None without a calm tick (for `max`, without a calm second).
    """
    calm = _calm_holds(phase, undisturbed) & np.isfinite(force) & np.isfinite(prescribed)
    if not calm.any():
        return {"rms": None, "max": None, "instant": None, "level": None, "seconds": 0.0}
    error = np.where(calm, force - prescribed, 0.0)
    return {
        "rms": float(np.sqrt(np.mean(error[calm] ** 2))),
        "max": _moving_mean(error, calm),
        "instant": float(np.abs(error[calm]).max()),
        "level": float(prescribed[calm].mean()),
        "seconds": float(calm.sum()) / RATE_HZ,
    }


def _moving_mean(error: Rows, calm: Mask) -> float | None:
    """Largest |mean| over any whole second of calm ticks."""
    if error.size < RATE_HZ:
        return None
    total = np.concatenate(([0.0], np.cumsum(error)))
    count = np.concatenate(([0], np.cumsum(calm)))
    whole = count[RATE_HZ:] - count[:-RATE_HZ] == RATE_HZ
    means = np.abs(total[RATE_HZ:] - total[:-RATE_HZ])[whole] / RATE_HZ
    return float(means.max()) if means.size else None


def overshoot(force: Rows, prescribed: Rows, phase: Rows, undisturbed: Mask) -> dict[str, float | None]:
    """Largest excess of true force over the level a rise leads to [N], and as a fraction of that rise's step.

    Looked for from the start of each rise (or pretension) to 2 s after it ends, outside disturbances and Reduces; the
    level is the highest prescription in that time. None when there was no rise; never below 0.
    """
    worst: float | None = None
    fraction: float | None = None
    for begin, end in _rises(phase):
        seen = undisturbed[begin:end] & np.isfinite(force[begin:end]) & np.isfinite(prescribed[begin:end])
        if not seen.any():
            continue
        asked = prescribed[begin:end][seen]
        excess = max(float(force[begin:end][seen].max() - asked.max()), 0.0)
        step = float(asked.max() - asked[0])
        if worst is None or excess > worst:
            worst, fraction = excess, excess / step if step > 0.0 else None
    return {"n": worst, "of_step": fraction}


def _rises(phase: Rows) -> Iterator[tuple[int, int]]:
    """First tick of each rise and the tick after it ends, or up to 2 s into the hold or rest that follows."""
    order = runs(phase)
    for run, after in zip(order, [*order[1:], None], strict=False):
        if run.phase not in {v.PRETENSION, v.RISE}:
            continue
        settles = after is not None and after.phase in {v.HOLD, v.REST}
        end = min(after.end, run.end + round(SETTLE_S * RATE_HZ)) if after and settles else run.end
        yield run.begin, end


def spine_force(estimate: Rows, low: Rows, high: Rows, phase: Rows) -> dict[str, float | None]:
    """Mean modelled spine force over HOLD and the mean ends of its 90 % band [N]; None without a hold."""
    hold = phase == v.HOLD

    def mean(values: Rows) -> float | None:
        good = values[hold & np.isfinite(values)]
        return float(good.mean()) if good.size else None

    return {"estimate": mean(estimate), "low": mean(low), "high": mean(high)}


def stop_response(
    t: Rows, force: Rows, phase: Rows, switches: Rows | None, cause: Rows | None
) -> dict[str, float | None] | None:
    """How the last stop let go; None when nothing stopped the session.

    Time zero is the edge of the stop: the tick where a stop loop opens, the remote is unplugged or power goes, if that
    is within 0.5 s before release begins; else the tick where release begins. `from_n` is true force then.
    `falling_ms`: until force is below `from_n` by the larger of 2 N and 0.5 % and stays below.
    `to_20n_s`: until force is at most 20 N and stays so. `max_rate_n_s`: the steepest fall over any 25 ms, until then.
    None where it never happened, 0 where it was so at once.
    """
    begin = _release_begins(phase, cause)
    if begin is None:
        return None
    zero = _edge_before(begin, switches)
    end = _next_treatment(phase, begin)
    fall = force[zero:end]
    if not np.isfinite(fall).any():
        return None
    fall = held(fall)
    start = float(fall[0])
    slack = _stays_below(fall, 20.0 + 1e-9)
    return {
        "t": float(t[zero]),
        "from_n": start,
        "falling_ms": _in(_stays_below(fall, start - max(2.0, 0.005 * start)), 1e3) if start > 2.0 else 0.0,
        "to_20n_s": _in(slack, 1.0),
        "max_rate_n_s": _steepest(fall[: (slack if slack is not None else fall.size) + _SLOPE_TICKS]),
    }


def _release_begins(phase: Rows, cause: Rows | None) -> int | None:
    """First tick of the last release that was not the planned end."""
    begins = [run.begin for run in runs(phase) if run.phase in RELEASING]
    if not begins:
        return None
    first = begins[-1]
    for run in reversed(runs(phase)):
        if run.begin <= first and run.phase not in RELEASING:
            break
        if run.phase in RELEASING:
            first = min(first, run.begin)
    if cause is not None:
        ending = ~np.isin(cause, (v.NO_CAUSE, v.FINISHED)) & np.isfinite(cause)
        while first > 0 and ending[first - 1]:
            first -= 1
    return first


def _edge_before(begin: int, switches: Rows | None) -> int:
    """The latest tick at most 0.5 s before release where a whole stop loop opened."""
    if switches is None:
        return begin
    first = max(begin - round(_EDGE_S * RATE_HZ), 0)
    bits = np.nan_to_num(switches[first : begin + 1]).astype(np.int64) & _STOP_LOOPS
    opened = np.flatnonzero((bits[:-1] & ~bits[1:]) != 0) + 1
    return first + int(opened[0]) if opened.size else begin


def _next_treatment(phase: Rows, begin: int) -> int:
    """The tick after the release where treatment went on (after a full re-arm), else the end."""
    again = np.flatnonzero(np.isin(phase[begin:], PULLING))
    return begin + int(again[0]) if again.size else phase.size


def held(values: Rows) -> Rows:
    """Missing values take the one before; the first ones the first that is known."""
    good = np.isfinite(values)
    index = np.maximum.accumulate(np.where(good, np.arange(values.size), int(np.argmax(good))))
    return values[index]


def _stays_below(values: Rows, level: float) -> int | None:
    """First index from which all values are at most `level`; None if the last is above."""
    above = np.flatnonzero(values > level)
    first = int(above[-1]) + 1 if above.size else 0
    return first if first < values.size else None


def _in(ticks: int | None, per_second: float) -> float | None:
    return None if ticks is None else ticks * per_second / RATE_HZ


def _steepest(values: Rows) -> float:
    """Steepest fall over 25 ms [N/s], at least 0."""
    if values.size <= _SLOPE_TICKS:
        return 0.0
    slopes = (values[:-_SLOPE_TICKS] - values[_SLOPE_TICKS:]) * (RATE_HZ / _SLOPE_TICKS)
    return max(float(slopes.max()), 0.0)


def cycles_done(phase: Rows) -> int:
    """Holds that ran to their end: followed, without a pause or stop between, by a fall, a rest or the planned release.

    A hold in several levels (HOLD, FALL, HOLD without REST between) counts once.
    """
    order = [run.phase for run in runs(phase)]
    done, held = 0, False
    for now, after in zip(order, [*order[1:], v.IDLE], strict=False):
        if now == v.HOLD:
            held = after in {v.FALL, v.REST, v.RISE, v.END_RELEASE, v.COMPLETE}
        ends = after in {v.REST, v.RISE, v.END_RELEASE, v.COMPLETE}
        if held and now in {v.HOLD, v.FALL} and ends:
            done, held = done + 1, False
    return done


def phase_timing(t: Rows, phase: Rows, segments: Sequence[Sequence[float]]) -> dict[str, Any]:
    """How far each prescribed phase was from its length [s]: recorded minus prescribed, the worst and its name.

    `segments` are the plan's rows (start, duration, phase, ...). The n-th phase of the plan is compared with the n-th
    treatment phase recorded, up to the first pause, stop or difference; a phase cut short by one does not count.
    """
    errors: list[tuple[float, int]] = []
    for run, after, (code, length) in zip(order := _treated(phase), order[1:], _planned(segments), strict=False):
        if run.phase != code or run.end != after.begin:
            break
        errors.append((float(t[after.begin] - t[run.begin]) - length, code))
    if not errors:
        return {"worst_s": None, "phase": "", "phases": 0}
    worst, code = max(errors, key=lambda one: abs(one[0]))
    return {"worst_s": worst, "phase": v.PHASE_NAMES[code], "phases": len(errors)}


def _treated(phase: Rows) -> list[Run]:
    """The treatment phases from the first on, and the planned release after them."""
    return [run for run in runs(phase) if run.phase in PULLING or run.phase == v.END_RELEASE]


def _planned(segments: Sequence[Sequence[float]]) -> list[tuple[int, float]]:
    """The plan's phases and lengths; neighbouring segments of one phase are one."""
    out: list[tuple[int, float]] = []
    for segment in segments:
        code, length = int(segment[2]), float(segment[1])
        if out and out[-1][0] == code:
            out[-1] = (code, out[-1][1] + length)
        else:
            out.append((code, length))
    return out
